"""One worker's turn at a clip's captions: claim them, listen, and leave a draft.

Our own sound is decoded where films are (in the sandbox), and only then heard by the engine. A
film never waits for this: it has a queue of its own and the lowest priority. Whatever goes
wrong is tried again by the clock, a few times; without a draft, people write by themselves.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from cvtube.accounts.models import User
from cvtube.captions import speech
from cvtube.captions.segmentation import sentences
from cvtube.captions.speech import SAMPLE_RATE, Segment, Transcriber
from cvtube.errors import Refused
from cvtube.jobs.errors import JobError, LeaseLost
from cvtube.runtime import Runtime
from cvtube.sandbox import workdir
from cvtube.sandbox.process import MIB, Budget
from cvtube.settings import SettingsError
from cvtube.storage.contract import StorageError
from cvtube.taxonomy.occupations import job_sought
from cvtube.taxonomy.places import place
from cvtube.toolchain import preflight, speech_audio
from cvtube.toolchain.runner import Runner
from cvtube.videos.captions import LONGEST_TEXT, MOST_SENTENCES
from cvtube.videos.lifecycle import drafts
from cvtube.videos.lifecycle.drafts import DraftClaim
from cvtube.videos.models import Asset, AssetKind, Clip, Video
from cvtube.videos.sentences import Sentence

log = logging.getLogger(__name__)

AGAIN_IN = timedelta(minutes=2)
MOST_NAMES = 200  # characters; engines weigh their hints against what they hear

Load = Callable[[], Transcriber]


@dataclass(frozen=True)
class Order:
    """Claimed captions, and what is needed to draft them."""

    held: DraftClaim
    sound: str  # the storage's key
    duration_ms: int
    names: str


def work_on(runtime: Runtime, clip_id: str, load: Load | None = None) -> None:
    """Take the clip's captions if they are free and wanted, and draft them."""
    if load is None and not runtime.settings.drafts_captions:
        return
    order = _claim(runtime, clip_id)
    if order is None:
        return
    started = time.monotonic()
    try:
        language, found = _listen(runtime, order, load or (lambda: speech.load(runtime.settings)))
    except LeaseLost:
        return
    except (JobError, Refused, StorageError, SettingsError, OSError) as error:
        log.warning("captions of clip %s: %s, again later", clip_id, type(error).__name__)
        with runtime.transaction() as session:
            drafts.hold(session, order.held, runtime.now() + AGAIN_IN)
        return
    with runtime.transaction() as session:
        done = drafts.finish(session, order.held, found, runtime.now(), language=language)
    log.info(
        "captions of clip %s: %s after %.1f s (%d sentences)",
        clip_id, "drafted" if done else "no longer wanted", time.monotonic() - started, len(found),
    )  # fmt: skip


def _claim(runtime: Runtime, clip_id: str) -> Order | None:
    with runtime.transaction() as session:
        clip = session.get(Clip, clip_id)
        sound_key = session.scalar(
            select(Asset.key).where(Asset.clip_id == clip_id, Asset.kind == AssetKind.AUDIO)
        )
        if clip is None or sound_key is None:
            return None
        video, owner = _whose(session, clip)
        held = drafts.claim(
            session, clip_id, runtime.now(), language=owner.language, lease=drafts.LEASE
        )
        if held is None:
            return None
        return Order(held, sound_key, clip.duration_ms or 0, names_of(video, owner))


def _whose(session: Session, clip: Clip) -> tuple[Video, User]:
    owner = joinedload(Video.owner)
    video = session.get_one(Video, clip.video_id, options=[owner.joinedload(User.profile)])
    return video, video.owner


def names_of(video: Video, owner: User) -> str:
    """What the person will probably say and no machine can know how to write."""
    profile = owner.profile
    job = job_sought(video.occupation_code, video.job_words).named("fr")
    home = place(profile.place_code) if profile else None
    names = [
        owner.full_name,
        *([job] if job else []),
        *([home.name] if home else []),
        *(profile.skills if profile else []),
    ]
    return ", ".join(names)[:MOST_NAMES]


def _listen(runtime: Runtime, order: Order, load: Load) -> tuple[str, list[Sentence]]:
    fit = preflight.ready(runtime.settings)

    def ours() -> bool:
        with runtime.transaction() as session:
            return drafts.hold(session, order.held, runtime.now() + drafts.LEASE)

    size = runtime.storage.head(order.sound).size
    plain_size = MIB + order.duration_ms * SAMPLE_RATE * 2 // 1000
    with workdir.folder(runtime.settings.home / "scratch", size + plain_size) as folder:
        runner = Runner(fit.tools, fit.sandbox.shuts_in, folder, pulse=lambda: True)
        path = folder / "sound.mp4"
        with runtime.storage.open(order.sound) as stream, path.open("xb") as file:
            file.writelines(stream)
        budget = Budget(cpu_s=120, wall_s=600, file_bytes=plain_size, folder_bytes=plain_size + MIB)
        command = speech_audio.plain(fit.tools.ffmpeg, path, "plain.wav", SAMPLE_RATE)
        if not runner.make(command, path, budget).well:
            raise JobError("sound_unreadable")
        heard = load().transcribe(runner.made / "plain.wav", None, names=order.names)
        segments = _while_ours(heard.segments, ours)
        found = list(sentences(segments, order.duration_ms))
    return heard.language, [s for s in found if len(s.text) <= LONGEST_TEXT][:MOST_SENTENCES]


def _while_ours(segments: Iterator[Segment], ours: Callable[[], bool]) -> Iterator[Segment]:
    """The engine's words, for as long as nobody else has written any."""
    for segment in segments:
        if not ours():
            raise LeaseLost
        yield segment
