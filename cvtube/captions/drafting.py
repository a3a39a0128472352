"""One worker's turn at a clip's captions: claim them, listen, and leave a draft.

Our own sound is decoded where films are (in the sandbox), and only then heard by the engine. A
film never waits for this: it has a queue of its own and the lowest priority. Whatever goes
wrong is tried again, a few times; without a draft, people write by themselves.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from cvtube.accounts.models import User
from cvtube.captions import speech
from cvtube.captions.segmentation import sentences
from cvtube.captions.speech import SAMPLE_RATE, Segment, Transcriber
from cvtube.jobs.errors import LeaseLost, RetryableError
from cvtube.jobs.heartbeat import Heartbeat
from cvtube.jobs.leases import Claim
from cvtube.runtime import Runtime
from cvtube.sandbox import workdir
from cvtube.sandbox.process import MIB, Budget
from cvtube.taxonomy.occupations import job_sought
from cvtube.taxonomy.places import place
from cvtube.toolchain import preflight, speech_audio
from cvtube.toolchain.runner import Runner
from cvtube.videos.captions import LONGEST_TEXT, MOST_SENTENCES
from cvtube.videos.models import Asset, AssetKind, Clip, Video
from cvtube.videos.sentences import Sentence

log = logging.getLogger(__name__)

MOST_NAMES = 200  # characters; engines weigh their hints against what they hear

Load = Callable[[], Transcriber]


@dataclass(frozen=True)
class Order:
    """What is needed to draft one clip's captions."""

    sound: str  # the storage's key
    duration_ms: int
    names: str


@dataclass(frozen=True)
class Drafted:
    """What was heard."""

    language: str
    sentences: Sequence[Sentence]


def draft(runtime: Runtime, held: Claim, heartbeat: Heartbeat, load: Load | None = None) -> Drafted:
    """Listen to the clip. Raises LeaseLost once its owner has written, or does not want it."""
    with runtime.reading() as session:
        order = _order(session, held)
    started = time.monotonic()
    load = load or (lambda: speech.load_engine(runtime.settings))
    language, found = _listen(runtime, order, heartbeat, load)
    log.info(
        "captions of clip %s drafted after %.1f s (%d sentences)",
        held.target_id, time.monotonic() - started, len(found),
    )  # fmt: skip
    return Drafted(language, found)


def _order(session: Session, held: Claim) -> Order:
    clip = session.get(Clip, held.target_id)
    sound_key = session.scalar(
        select(Asset.key).where(Asset.clip_id == held.target_id, Asset.kind == AssetKind.AUDIO)
    )
    if clip is None or sound_key is None:
        raise LeaseLost
    return Order(sound_key, clip.duration_ms or 0, expected_names(*_whose(session, clip)))


def language_of(session: Session, held: Claim) -> str:
    """The language its owner reads, until the engine has heard which one they speak."""
    of_film = select(User.language).join(Video, Video.owner_id == User.id)
    return session.scalar(of_film.where(Video.id == held.video_id)) or "fr"


def _whose(session: Session, clip: Clip) -> tuple[Video, User]:
    owner = joinedload(Video.owner)
    video = session.get_one(Video, clip.video_id, options=[owner.joinedload(User.profile)])
    return video, video.owner


def expected_names(video: Video, owner: User) -> str:
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


def _listen(
    runtime: Runtime, order: Order, heartbeat: Heartbeat, load: Load
) -> tuple[str, list[Sentence]]:
    fit = preflight.check_equipment(runtime.settings)

    size = runtime.storage.head(order.sound).size
    plain_size = MIB + order.duration_ms * SAMPLE_RATE * 2 // 1000
    with workdir.folder(runtime.settings.home / "scratch", size + plain_size) as folder:
        runner = Runner(fit.tools, fit.sandbox.shuts_in, folder, is_wanted=heartbeat.keep)
        path = folder / "sound.mp4"
        with runtime.storage.open(order.sound) as stream, path.open("xb") as file:
            file.writelines(stream)
        budget = Budget(cpu_s=120, wall_s=600, file_bytes=plain_size, folder_bytes=plain_size + MIB)
        command = speech_audio.plain(fit.tools.ffmpeg, path, "plain.wav", SAMPLE_RATE)
        if not runner.make(command, path, budget).well:
            raise RetryableError("sound_unreadable")
        heard = load().transcribe(runner.made / "plain.wav", None, names=order.names)
        segments = _while_ours(heard.segments, heartbeat)
        found = list(sentences(segments, order.duration_ms))
    return heard.language, [s for s in found if len(s.text) <= LONGEST_TEXT][:MOST_SENTENCES]


def _while_ours(segments: Iterator[Segment], heartbeat: Heartbeat) -> Iterator[Segment]:
    """The engine's words, for as long as nobody else has written any."""
    for segment in segments:
        heartbeat.hold()
        yield segment
