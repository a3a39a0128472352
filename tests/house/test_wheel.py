"""What is shipped is complete: the wheel alone boots, migrates and shows a page."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile

from tests.house.source import ROOT
from tools.packages import uv

BOOT = """
import cvtube, sys
assert cvtube.__file__.startswith(sys.argv[1]), cvtube.__file__
from cvtube import runtime
from cvtube.app import create_app
from cvtube.cli.database import upgrade_schema
from cvtube.settings import load
settings = load(home=sys.argv[2])
upgrade_schema(settings.database_url)
client = create_app(runtime.build(settings)).test_client()
page = client.get("/", headers={"Accept-Language": "fr"})
assert page.status_code == 200, page.status
assert 'lang="fr"' in page.text
style = page.text.split('rel="stylesheet" href="')[1].split('"')[0]
assert client.get(style).status_code == 200
assert client.get("/places?q=lyon").json
(said, *_) = client.get("/static/spoken/fr/index.json").json.values()
assert client.get(f"/static/spoken/fr/{said}").mimetype == "audio/mpeg"
for name in ("workers", "config", "tests"):
    try:
        __import__(name)
    except ModuleNotFoundError:
        continue
    raise AssertionError(f"{name} must not be installed")
print("booted")
"""


def test_the_wheel_boots_by_itself(tmp_path):
    shutil.rmtree(ROOT / "build" / "lib", ignore_errors=True)  # of modules that have moved
    build = ["build", "--wheel", "--no-build-isolation", "--python", sys.executable]
    uv(*build, "--out-dir", tmp_path, quiet=True)
    (wheel,) = tmp_path.glob("cvtube-*.whl")
    place = tmp_path / "installed"
    zipfile.ZipFile(wheel).extractall(place)

    environment = {**os.environ, "PYTHONPATH": str(place)}
    environment.pop("CVTUBE_CONFIG", None)
    done = subprocess.run(
        [sys.executable, "-c", BOOT, place, tmp_path / "home"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "booted", done.stderr
