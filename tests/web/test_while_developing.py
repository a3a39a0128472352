"""What `make dev` relies on: the browser's files are found anew for each page."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from cvtube.web import assets


@pytest.mark.parametrize(("debug", "second"), [(True, "base-NEW.js"), (False, "base-OLD.js")])
def test_only_while_developing_pages_follow_the_manifest(tmp_path, monkeypatch, debug, second):
    monkeypatch.setattr(assets, "BUILT", tmp_path)
    assets._manifest.cache_clear()
    site = Flask("site", static_folder=None)
    site.debug = debug
    assets.init_app(site)
    site.add_url_rule("/", "page", lambda: site.jinja_env.globals["asset"]("base.js"))
    manifest, seen = tmp_path / "manifest.json", []
    for name in ("base-OLD.js", "base-NEW.js"):
        manifest.write_text(json.dumps({"base.js": name}))
        seen.append(site.test_client().get("/").text)
    assets._manifest.cache_clear()
    assert seen == ["/static/build/base-OLD.js", f"/static/build/{second}"]
