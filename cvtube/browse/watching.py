"""The page of one film: what it is about, its parts, and what is said in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from cvtube.accounts.models import CandidateProfile
from cvtube.browse.search.similar import similar
from cvtube.playback import transcript
from cvtube.playback.transcript import TranscriptLine
from cvtube.taxonomy.occupations import JobSought
from cvtube.taxonomy.places import Place, place
from cvtube.videos.models import Video
from cvtube.videos.queries import film_job_sought
from cvtube.videos.timeline import TimelinePart, Version, parts

ALIKE = 6  # films shown beside one


@dataclass(frozen=True)
class WatchPage:
    """Everything the page says about the film and its owner."""

    name: str
    job: JobSought
    home: Place | None
    profile: CandidateProfile
    parts: Sequence[TimelinePart]
    lines: Sequence[TranscriptLine]

    @property
    def duration_ms(self) -> int:
        return self.parts[-1].end_ms if self.parts else 0

    def start(self, asked: int) -> int:
        """The second to begin at, if it is one of the film's."""
        return asked if 0 < asked < self.duration_ms // 1000 else 0


def open_page(session: Session, video: Video, cut: Version) -> WatchPage:
    """The page of a film that is loaded whole and may be watched."""
    profile = video.owner.profile or CandidateProfile()
    found = parts(video, cut)
    return WatchPage(
        name=video.owner.full_name,
        job=film_job_sought(video, video.owner.profile),
        home=place(profile.place_code),
        profile=profile,
        parts=found,
        lines=transcript.lines_of(session, found, cut),
    )


def similar_to(session: Session, video_id: str, page: WatchPage, now: datetime) -> Sequence[str]:
    """Ids of films like the page's."""
    return similar(session, video_id, job=page.job.occupation, home=page.home, now=now, limit=ALIKE)
