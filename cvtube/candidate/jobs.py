"""What comes again for candidates’ films."""

from __future__ import annotations

from cvtube.candidate.films import end_notice
from cvtube.jobs.clock import each_safely
from cvtube.runtime import current


def announce_ends() -> None:
    """Write to everybody whose film is hidden soon, so that they can renew it before."""
    runtime = current()
    with runtime.reading() as session:
        due = end_notice.due(session, runtime.now())
    each_safely(_announce, due)


def _announce(video_id: str) -> None:
    runtime = current()
    with runtime.transaction() as session:
        end_notice.announce(session, video_id, runtime.now(), runtime.settings.public_url)
