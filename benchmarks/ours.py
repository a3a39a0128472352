"""The product itself: a clip is sent, and a worker's own job takes it up.

Database, storage, sandbox, loudness, pictures and all: what a worker does for one clip, in a
home of its own (SQLite, a folder for the objects).
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

from benchmarks.pipelines import Made, Rung
from benchmarks.samples import Sample
from cvtube import runtime as runtimes
from cvtube import schema
from cvtube.accounts.models import Role, User
from cvtube.jobs.worker import run_next
from cvtube.queue.names import Queue
from cvtube.queue.notify import Message, bind_notifier
from cvtube.settings import load
from cvtube.toolchain import preflight
from cvtube.transcode import self_test
from cvtube.videos import keys, lifecycle
from cvtube.videos.models import Asset, AssetKind, OriginalChunk


class _NobodyRings:
    def notify(self, job: Message, subject_id: str) -> None:
        """Jobs are called here, and what would follow a clip is not measured."""


class Ours:
    """What the measured checkout makes."""

    name = "cvtube"

    def prepare(self, sample: Sample, folder: Path) -> None:
        home = folder / "home"
        self._made = folder / "made"
        self._settings = load(home=home, secret_key=secrets.token_hex(32))
        home.mkdir(parents=True)
        # A worker looks at its tools before it takes films, not for each of them.
        preflight.check_equipment(self._settings, self_test.run)
        with runtimes.opened(self._settings) as runtime:
            schema.create_all(runtime.engine)
            self._clip_id = _send(runtime, sample.path)

    def work(self) -> None:
        with runtimes.opened(self._settings) as runtime:
            runtimes.install(replace(runtime, notifier=_NobodyRings()))
            run_next(Queue.TRANSCODE)

    def playable(self) -> bool:
        return bool(self._assets())

    def made(self) -> Made:
        # Not what was shown early: it goes once all is there.
        assets = [asset for asset in self._assets() if asset.kind.value != "early"]
        self._made.mkdir()
        paths = {asset.name: self._made / Path(asset.key).name for asset in assets}
        with runtimes.opened(self._settings) as runtime:
            for asset in assets:
                with (
                    runtime.storage.open(asset.key) as pieces,
                    paths[asset.name].open("wb") as file,
                ):
                    for piece in pieces:
                        file.write(piece)
        sound = next(paths[a.name] for a in assets if a.kind is AssetKind.AUDIO)
        films = sorted(
            (a for a in assets if a.kind is AssetKind.RENDITION),
            key=lambda a: min(a.width or 0, a.height or 0),
        )
        rungs = [Rung(a.name, a.name.partition("-")[0], paths[a.name], sound) for a in films]
        return Made(rungs, list(paths.values()))

    def _assets(self) -> list[Asset]:
        with runtimes.opened(self._settings) as runtime, runtime.reading() as session:
            return list(session.scalars(select(Asset).where(Asset.clip_id == self._clip_id)))


def _send(runtime: runtimes.Runtime, path: Path) -> str:
    """The film's last byte has come."""
    now = runtime.now()
    with runtime.transaction() as session:
        bind_notifier(session, _NobodyRings())
        owner = User(
            role=Role.CANDIDATE, given_name="Ada", family_name="Benchmark",
            email="ada@example.org", email_confirmed_at=now, created_at=now,
        )  # fmt: skip
        session.add(owner)
        session.flush()
        video = lifecycle.start_video(session, owner, now)
        clip = lifecycle.start_clip(session, video.chapters[0], now, actor=owner)
        key, size = keys.chunk(video.id, clip.id, 0), path.stat().st_size
        runtime.storage.put_file(key, path)
        session.add(OriginalChunk(key=key, clip_id=clip.id, start=0, size=size))
        lifecycle.complete_upload(session, clip.id, size, now)
        return clip.id
