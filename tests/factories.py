"""One thing each, with nothing in it that the caller did not ask for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cvtube.accounts.models import CandidateProfile, Organisation, Role, User
from cvtube.jobs import claiming
from cvtube.jobs.kinds import THERE_IS_WORK, TRANSCODE, Kind
from cvtube.jobs.leases import Claim
from cvtube.jobs.models import Job, JobState
from cvtube.queue.notify import Message
from cvtube.taxonomy.occupations import job_sought
from cvtube.videos import consents, keys, lifecycle
from cvtube.videos.models import Asset, AssetKind, Chapter, Clip, Video

LEASE = timedelta(seconds=15)


class SilentNotifier:
    """Remembers what it was rung for."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def notify(self, job: Message, subject_id: str) -> None:
        self.sent.append((job.path, subject_id))


def job_of(session: Session, kind: Kind, target_id: str) -> Job | None:
    """The job of this kind for the target, as it is stored now."""
    which = select(Job).where(Job.kind == kind.name, Job.target_id == target_id)
    return session.scalar(which.execution_options(populate_existing=True))


def is_queued(session: Session, kind: Kind, target_id: str) -> bool:
    """Whether the job waits."""
    job = job_of(session, kind, target_id)
    return job is not None and job.state is JobState.WAITING


def told(kind: Kind) -> tuple[str, str]:
    """What a notifier is rung with for a job of this kind."""
    return THERE_IS_WORK[kind.queue].path, kind.queue.value


def make_user(
    session: Session,
    now: datetime,
    *,
    name: str = "Ada",
    role: Role = Role.CANDIDATE,
    **fields: Any,
) -> User:
    user = User(
        role=role,
        given_name=name,
        family_name="Test",
        email=f"{name.lower()}@example.org",
        email_confirmed_at=now,
        created_at=now,
        **fields,
    )
    if role is Role.CANDIDATE:
        user.profile = CandidateProfile(updated_at=now)
    if role is Role.RECRUITER:
        user.organisation = Organisation(name=f"{name} & Co", created_at=now)
    session.add(user)
    session.flush()
    return user


def make_video(
    session: Session, owner: User, now: datetime, occupation_code: str | None = None, **fields: Any
) -> Video:
    """A draft with one empty chapter."""
    return lifecycle.start_video(session, owner, now, sought=job_sought(occupation_code), **fields)


def agree_to_drafts(session: Session, video: Video, now: datetime) -> None:
    """The owner lets a machine draft the captions."""
    point = consents.CAPTIONS
    consents.give_consents(session, video, [point], {point.code}, now)


def make_ready_clip(
    session: Session,
    chapter: Chapter,
    now: datetime,
    *,
    owner: User,
    duration_ms: int = 12_000,
    stills: int = 0,
) -> Clip:
    """A clip that is ready: the rows of its assets exist, the objects do not."""
    clip = lifecycle.start_clip(session, chapter, now, actor=owner)
    lifecycle.complete_upload(session, clip.id, 1000, now)
    held = claiming.claim(session, TRANSCODE, clip.id, now, lease=LEASE, max_tries=4)
    assert held is not None
    made = lifecycle.Made(duration_ms, 1280, 720, make_assets(held, duration_ms, stills=stills))
    assert lifecycle.finish_transcode(session, held, made, now)
    session.refresh(clip)
    session.refresh(chapter)
    return clip


def make_assets(held: Claim, duration_ms: int, *, stills: int = 0) -> list[Asset]:
    """What a transcode leaves, in rows; without `stills`, as one did that took a single one."""
    seconds = duration_ms / 1000
    track = {
        "bandwidth": 900_000,
        "average_bandwidth": 700_000,
        "init": [0, 800],
        "segments": [
            [min(4.0, seconds - start), 800 + start, 1] for start in range(0, int(seconds), 4)
        ],
    }
    film = {**track, "frame_rate": 30.0}
    sheet = {"columns": 6, "rows": 1, "tiles": 6, "interval_ms": 2000}
    rows: list[tuple[AssetKind, str, tuple[int, int] | None, dict[str, Any]]] = [
        (AssetKind.RENDITION, "h264-720.mp4", (1280, 720), {**film, "codecs": "avc1.64001f"}),
        (AssetKind.RENDITION, "h264-240.mp4", (426, 240), {**film, "codecs": "avc1.640015"}),
        (AssetKind.AUDIO, "audio.mp4", None, {**track, "codecs": "mp4a.40.2"}),
        (AssetKind.POSTER, "poster.jpg", (640, 360), {"still": 0} if stills else {}),
        (AssetKind.STORYBOARD, "storyboard.jpg", (960, 90), sheet),
    ]
    rows += [
        (AssetKind.POSTER, f"poster-{number + 1}.jpg", (640, 360), {"still": number})
        for number in range(1, stills)
    ]
    return [
        Asset(
            key=keys.output(held.video_id, held.target_id, held.attempt, file),
            clip_id=held.target_id,
            kind=kind,
            name=file.partition(".")[0],
            size=1000,
            width=size[0] if size else None,
            height=size[1] if size else None,
            facts=facts,
        )
        for kind, file, size, facts in rows
    ]
