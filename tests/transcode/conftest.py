"""Real ffmpeg, real films, a real database and storage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload, selectinload

from cvtube.jobs.kinds import TRANSCODE
from cvtube.jobs.models import Job, TranscodeRun
from cvtube.jobs.worker import run_next
from cvtube.queue.names import Queue
from cvtube.runtime import Runtime
from cvtube.settings import load
from cvtube.toolchain import preflight
from cvtube.toolchain.preflight import Equipment
from cvtube.toolchain.runner import Runner
from cvtube.toolchain.selection import Tools
from cvtube.transcode import self_test
from cvtube.videos import keys, lifecycle
from cvtube.videos.models import Asset, AssetKind, Clip, OriginalChunk
from tests import factories
from tests.transcode import hostile_files, oddities  # noqa: F401 (their recipes)
from tests.transcode.media_factory import MediaFactory

PIECES = 3


def spawned() -> list[psutil.Process]:
    """Whatever this process has started for films and not ended."""
    return [child for child in psutil.Process().children(recursive=True) if _is_for_films(child)]


def _is_for_films(child: psutil.Process) -> bool:
    try:
        return any(Path(word).name.startswith(("ffmpeg", "ffprobe")) for word in child.cmdline())
    except psutil.Error:
        return False  # ended by now, like a server of another test that nobody has waited for


@pytest.fixture(scope="session")
def fit(tmp_path_factory: pytest.TempPathFactory) -> Equipment:
    return preflight.check_equipment(load(home=tmp_path_factory.mktemp("home")), self_test.run)


@pytest.fixture(scope="session")
def tools(fit: Equipment) -> Tools:
    return fit.tools


@pytest.fixture(scope="session")
def films(
    tools: Tools, tmp_path_factory: pytest.TempPathFactory, worker_number: int
) -> MediaFactory:
    """Every film there is a recipe for; shared by all processes of one test run."""
    base = tmp_path_factory.getbasetemp()
    larder = (base.parent if base.name.startswith("popen-") else base) / "larder"
    larder.mkdir(exist_ok=True)
    return MediaFactory(larder, tools.ffmpeg.path)


@pytest.fixture
def runner(fit: Equipment, tmp_path: Path) -> Runner:
    """A place to run commands without a database."""
    folder = tmp_path / "runner"
    (folder / "made").mkdir(parents=True)
    return Runner(fit.tools, fit.sandbox.shuts_in, folder, is_wanted=lambda: True)


@dataclass(frozen=True)
class Sent:
    """A clip whose last byte has come."""

    clip_id: str
    video_id: str
    runtime: Runtime

    def row(self) -> Clip:
        with self.runtime.reading() as session:
            whole = [selectinload(Clip.assets), joinedload(Clip.job)]
            return session.get_one(Clip, self.clip_id, options=whole)

    def job(self) -> Job:
        with self.runtime.reading() as session:
            found = factories.job_of(session, TRANSCODE, self.clip_id)
            assert found is not None
            return found

    def asset(self, name: str) -> Asset:
        return next(asset for asset in self.row().assets if asset.name == name)

    def renditions(self) -> list[Asset]:
        """Largest first."""
        found = [a for a in self.row().assets if a.kind is AssetKind.RENDITION]
        return sorted(found, key=lambda asset: -(asset.width or 0))

    def read(self, name: str) -> bytes:
        with self.runtime.storage.open(self.asset(name).key) as pieces:
            return b"".join(pieces)

    def save(self, name: str, folder: Path) -> Path:
        path = folder / self.asset(name).key.rpartition("/")[2]
        path.write_bytes(self.read(name))
        return path

    def runs(self) -> list[TranscodeRun]:
        with self.runtime.reading() as session:
            of_clip = TranscodeRun.clip_id == self.clip_id
            found = session.scalars(select(TranscodeRun).where(of_clip))
            return sorted(found, key=lambda run: run.attempt)

    def made_keys(self) -> set[str]:
        """Objects any attempt has stored."""
        prefix = keys.of_clip(self.video_id, self.clip_id)
        stored = {found.key for found in self.runtime.storage.list(prefix)}
        return {key for key in stored if keys.attempt_of(key) is not None}

    def left_in_scratch(self) -> list[str]:
        scratch = self.runtime.settings.home / "scratch"
        return [path.name for path in scratch.iterdir()] if scratch.exists() else []


Send = Callable[[Path], Sent]


@pytest.fixture
def send(runtime: Runtime) -> Send:
    """Somebody sends a file: its bytes are in the storage, in pieces."""

    def send_file(path: Path) -> Sent:
        now = runtime.now()
        content = path.read_bytes()
        with runtime.transaction() as session:
            session.info["cvtube_notifier"] = factories.SilentNotifier()
            ada = factories.make_user(session, now, name=f"Ada{len(content)}")
            video = factories.make_video(session, ada, now)
            clip = lifecycle.start_clip(session, video.chapters[0], now, actor=ada)
            size = len(content) // PIECES + 1
            for start in range(0, len(content), size):
                piece = path.with_name(f"{path.name}.{clip.id}.piece")
                piece.write_bytes(content[start : start + size])
                key = keys.chunk(video.id, clip.id, start)
                runtime.storage.put_file(key, piece)
                piece.unlink()
                part = content[start : start + size]
                session.add(OriginalChunk(key=key, clip_id=clip.id, start=start, size=len(part)))
            lifecycle.complete_upload(session, clip.id, len(content), now)
            return Sent(clip.id, video.id, runtime)

    return send_file


@pytest.fixture
def transcode(send: Send) -> Send:
    """Somebody sends a file, and a worker takes it up."""

    def send_and_work(path: Path) -> Sent:
        sent = send(path)
        run_next(Queue.TRANSCODE)
        return sent

    return send_and_work


@pytest.fixture
def cut(send, runtime):
    """Somebody sends a film, of which they want a part."""

    def send_and_cut(path, start_ms, end_ms=None):
        sent = send(path)
        with runtime.transaction() as session:
            session.execute(update(Clip).values(trim_start_ms=start_ms, trim_end_ms=end_ms))
        run_next(Queue.TRANSCODE)
        return sent

    return send_and_cut


@pytest.fixture
def ready(runtime, clock):
    """Makes a clip that is ready, with this sound; its owner lets a machine listen to it."""

    def make(path, *, agreed=True, **fields) -> str:
        now = clock()
        with runtime.transaction() as session:
            owner = factories.make_user(session, now, name="Zélie")
            owner.profile.skills, owner.profile.place_code = ["TIG", "Cegid"], "29019"
            video = factories.make_video(session, owner, now)
            if agreed:
                factories.agree_to_drafts(session, video, now)
            clip = factories.make_ready_clip(session, video.chapters[0], now, owner=owner, **fields)
            of_clip = (Asset.clip_id == clip.id, Asset.kind == AssetKind.AUDIO)
            key = session.scalars(select(Asset.key).where(*of_clip)).one()
        runtime.storage.put_file(key, path)
        return clip.id

    return make
