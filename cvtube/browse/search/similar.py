"""Films beside a film: others for the same work, by rules a page can print.

Same job sought before same field of work; those near to one another first; then as every
list: the newest week, and the shuffle of the day. What somebody watched plays no part.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, literal, or_, select
from sqlalchemy.orm import Session

from cvtube.browse.search import geo, ranking
from cvtube.browse.search.models import SearchEntry
from cvtube.taxonomy.occupations import Occupation
from cvtube.taxonomy.places import Place

NEAR_KM = 50


def similar(
    session: Session,
    video_id: str,
    *,
    job: Occupation | None,
    home: Place | None,
    now: datetime,
    limit: int,
) -> Sequence[str]:
    """Ids of films for the same job or field of work, the most alike first."""
    if job is None:
        return []
    entry = SearchEntry
    a, b = ranking.shuffle_of(now.date())
    same_job = case((entry.occupation == job.code, 0), else_=1)
    nearby = case((geo.is_near(home, NEAR_KM), 0), else_=1) if home else literal(1)
    statement = (
        select(entry.video_id)
        .where(
            entry.family == job.family,
            entry.video_id != video_id,
            or_(entry.expires_at.is_(None), entry.expires_at > now),
        )
        .order_by(same_job, nearby, entry.week.desc(), (entry.shuffle_key * a + b) % ranking.PRIME)
        .order_by(entry.video_id)
        .limit(limit)
    )
    return session.scalars(statement).all()
