"""Everything a moderator looks at before deciding about a film."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session

from cvtube.accounts.models import User
from cvtube.errors import Refused
from cvtube.moderation.contact_sheet import Sheet, sheet_of
from cvtube.moderation.models import DeferredDecision
from cvtube.moderation.quality_warnings import QualityNote, notes_on
from cvtube.videos import captions, timeline
from cvtube.videos.caption_track import CaptionTrack, Wording
from cvtube.videos.decisions import StatementOfReasons
from cvtube.videos.models import Asset, AssetKind, Clip, Review, TranscriptCue, Video, VideoEvent
from cvtube.videos.timeline import TimelinePart, Version
from cvtube.videos.verbs import DECISIONS


@dataclass(frozen=True)
class PartReview:
    """One part of the film: its clip, what it looks like, and what is known of its files."""

    part: TimelinePart
    sheet: Sheet | None
    sheet_address: str
    renditions: Sequence[Asset]
    bytes: int  # of everything made from it
    sound: Asset | None
    notes: Sequence[QualityNote]  # what is wrong with it as a film
    cues: Sequence[TranscriptCue]  # what is said, where somebody has written it down
    track: CaptionTrack | None  # and who stands for these words
    words_are_out: bool  # recruiters read some already, these or older ones

    @property
    def new_words(self) -> bool:
        """Whether the words wait for a decision of their own: the film has had its own."""
        confirmed = self.track is not None and self.track.state is Wording.CONFIRMED
        return confirmed and self.part.clip.review is Review.APPROVED


def part_reviews(session: Session, video: Video, sign: Callable[[str], str]) -> list[PartReview]:
    """The working cut, part by part (the film must be loaded whole)."""
    parts = timeline.parts(video, Version.WORKING)
    clips = [part.clip.id for part in parts]
    cues = captions.cues_of(session, clips, Version.WORKING)
    out = {cue.clip_id for cue in captions.cues_of(session, clips, Version.PUBLISHED)}
    tracks = captions.tracks_of(session, clips)
    return [
        _review(
            part,
            sign,
            cues=[cue for cue in cues if cue.clip_id == part.clip.id],
            track=tracks.get(part.clip.id),
            words_are_out=part.clip.id in out,
        )
        for part in parts
    ]


def _review(
    part: TimelinePart,
    sign: Callable[[str], str],
    *,
    cues: Sequence[TranscriptCue],
    track: CaptionTrack | None,
    words_are_out: bool,
) -> PartReview:
    assets = part.clip.assets
    sheet = sheet_of(part)
    renditions = [asset for asset in assets if asset.kind is AssetKind.RENDITION]
    sound = part.sound
    return PartReview(
        part=part,
        sheet=sheet,
        sheet_address=sign(sheet.key) if sheet else "",
        renditions=sorted(renditions, key=lambda asset: -(asset.height or 0)),
        bytes=sum(asset.size for asset in assets),
        sound=sound,
        notes=notes_on(sound.facts.get("checks", {}) if sound else {}),
        cues=cues,
        track=track,
        words_are_out=words_are_out,
    )


def earlier(session: Session, video_id: str) -> Sequence[VideoEvent]:
    """What moderators have decided about this film before, newest first."""
    return session.scalars(
        select(VideoEvent)
        .where(VideoEvent.video_id == video_id, VideoEvent.verb.in_(DECISIONS))
        .order_by(VideoEvent.at.desc(), VideoEvent.id.desc())
        .limit(50)
    ).all()


def decided_lately(session: Session, moderator: User, now: datetime) -> int:
    """How many videos this moderator has decided about in the last hour; for them alone."""
    done = select(VideoEvent.video_id).where(
        VideoEvent.at > now - timedelta(hours=1),
        VideoEvent.actor_id == moderator.id,
        VideoEvent.verb.in_(DECISIONS),
    )
    on_its_way = select(DeferredDecision.video_id).where(
        DeferredDecision.moderator_id == moderator.id
    )
    both = union(done, on_its_way).subquery()  # a video counts once, however many its parts
    return session.scalar(select(func.count()).select_from(both)) or 0


def stated(session: Session, video_id: str) -> set[str]:
    """The clips of the film whose statement of reasons is still kept."""
    of_film = StatementOfReasons.video_id == video_id
    return set(session.scalars(select(StatementOfReasons.clip_id).where(of_film)))


def clip_of(video: Video, clip_id: str) -> Clip:
    """A clip that stands in the film now; raises Refused("already_decided") for another one.

    A clip that is gone was replaced by its owner while the page was open.
    """
    for chapter in video.chapters:
        for clip in (chapter.live_clip, chapter.next_clip):
            if clip is not None and clip.id == clip_id:
                return clip
    raise Refused("already_decided")


def statement_about(session: Session, clip_id: str) -> StatementOfReasons:
    """The statement of reasons about one clip; raises Refused("not_found")."""
    of_clip = StatementOfReasons.clip_id == clip_id
    found = session.scalar(select(StatementOfReasons).where(of_clip))
    if found is None:
        raise Refused("not_found")
    return found
