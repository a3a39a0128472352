"""Films that may be found, made through the kernel's own verbs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from cvtube.accounts.models import Role, User
from cvtube.videos import lifecycle
from cvtube.videos.models import TranscriptCue
from tests import factories


def publish_film(
    session,
    now,
    *,
    name: str = "Ada",
    chapters=("",),
    said=(),
    clip_ms: int = 12_000,
    family_name: str = "Test",
    **profile: Any,
):
    """An approved film of a person of its own, described by the profile's fields."""
    owner = factories.make_user(session, now, name=name)
    owner.family_name = family_name
    for field, value in profile.items():
        setattr(owner.profile, field, value)
    video = factories.make_video(session, owner, now, chapter_titles=chapters)
    clips = [
        factories.make_ready_clip(session, chapter, now, owner=owner, duration_ms=clip_ms)
        for chapter in video.chapters
    ]
    for number, text in enumerate(said):
        start = number * 2000
        session.add(
            TranscriptCue(
                clip_id=clips[0].id,
                language="fr",
                start_ms=start,
                end_ms=start + 1900,
                text=text,
                shown=True,
            )
        )
    lifecycle.publish(session, video, now, actor=owner)
    lifecycle.approve(session, video, now, actor=moderator(session, now))
    session.flush()
    return video


def moderator(session, now):
    known = session.scalars(select(User).where(User.role == Role.MODERATOR)).first()
    return known or factories.make_user(session, now, name="Moe", role=Role.MODERATOR)
