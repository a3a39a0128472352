"""Two versions behind one address: each knows its own scripts and styles, and answers for both."""

from __future__ import annotations

import json
import re
import shutil

import pytest

from cvtube.web import assets

PACKS = {"Accept-Encoding": "gzip, deflate, br"}


def address(app, name):
    with app.test_request_context():
        return app.jinja_env.globals["asset"](name)


def of_another_version(path):
    other = re.sub(r"-[0-9A-Z]{8}(?=\.\w+$)", "-0THERHSH", path)
    assert other != path
    return other


@pytest.mark.parametrize("headers", [{}, PACKS], ids=["plain", "packed"])
def test_every_entry_of_another_version_is_answered_with_todays_but_not_for_good(
    app, client, headers
):
    names = json.loads((assets.BUILT / "manifest.json").read_text())
    assert {"base.css", "base.js", "letters.woff2"} <= set(names)
    for name in names:
        ours = client.get(address(app, name), headers=headers)
        theirs = client.get(of_another_version(address(app, name)), headers=headers)
        assert (theirs.status_code, theirs.data) == (200, ours.data), name
        for said in ("Content-Type", "Content-Encoding"):
            assert theirs.headers.get(said) == ours.headers.get(said), name
        assert "immutable" in ours.headers["Cache-Control"]
        assert theirs.headers["Cache-Control"] == "no-cache"


def test_what_no_version_has_is_not_there(client):
    for name in (
        "chunk-0THERHSH.js",  # a part of an entry, which is another one by every digest
        "nothing-0THERHSH.css",
        "base-0THERHSH.txt",
        "base-otherhsh.css",
        "base.css",
        "../build/base-0THERHSH.css",
    ):
        missing = client.get(f"/static/build/{name}")
        assert missing.status_code == 404, name
        assert "immutable" not in missing.headers.get("Cache-Control", "")


def test_a_running_server_survives_a_build_anew(app, client, tmp_path, monkeypatch):
    before = address(app, "base.css")
    anew = tmp_path / "static" / "build"
    shutil.copytree(assets.BUILT, anew)
    names = json.loads((anew / "manifest.json").read_text())
    for name in ("base.css", "studio-worker.js"):
        old = names[name]
        names[name] = of_another_version(old)
        (anew / old).rename(anew / names[name])
        (anew / names[name]).write_text(f"anew {name}")
        for ending in assets.PACKED.values():
            (anew / f"{old}{ending}").unlink()
    (anew / "manifest.json").write_text(json.dumps(names))
    monkeypatch.setattr(assets, "BUILT", anew)
    assert address(app, "base.css") == before  # of a page that somebody has open
    style = client.get(before)
    assert (style.text, style.headers["Cache-Control"]) == ("anew base.css", "no-cache")
    assert client.get("/studio-worker.js").text == "anew studio-worker.js"


def test_the_index_of_recordings_of_another_version_is_not_kept_for_good(app, client):
    with app.test_request_context():
        ours = app.jinja_env.globals["recordings"]("fr")
    theirs = re.sub(r"of=\w+", "of=0123456789abcdef", ours)
    assert client.get(theirs).data == client.get(ours).data
    assert "immutable" in client.get(ours).headers["Cache-Control"]
    assert client.get(theirs).headers["Cache-Control"] == "no-cache"
