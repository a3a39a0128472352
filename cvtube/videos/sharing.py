"""To whom an owner shows a film: the wish, what it needs agreed to, and the link, kept together.

A film is for recruiters, who find it, or for those alone who have its link; a film for recruiters
may have a link as well. Nothing here asks moderators again: what is approved stays approved.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from cvtube.accounts.models import User
from cvtube.errors import Refused
from cvtube.videos import consents, lifecycle
from cvtube.videos.consents import AUDIENCES, LINK, SHOW, Purpose
from cvtube.videos.models import Video, Visibility


def share(
    session: Session,
    video: Video,
    audience: Visibility,
    said: Collection[str],
    now: datetime,
    *,
    actor: User,
) -> None:
    """Publish the film for these people, renew it, or change for whom it is.

    Raises:
        Refused: "consent_missing" until each point they need is agreed to.
    """
    _hold(session, video)
    _agree(session, video, AUDIENCES[audience].needs, said, now)
    lifecycle.publish(session, video, now, actor=actor, audience=audience)
    if audience is Visibility.PRIVATE_LINK:
        consents.end_consents(session, video, now, SHOW)
        if video.link_key is None:
            lifecycle.make_link(session, video, now, actor=actor)


def make_link(
    session: Session, video: Video, said: Collection[str], now: datetime, *, actor: User
) -> None:
    """A link to the film, or a new one in the place of the old.

    Raises:
        Refused: "film_not_sent", or "consent_missing" until its point is agreed to.
    """
    _hold(session, video)
    _agree(session, video, [LINK], said, now)
    lifecycle.make_link(session, video, now, actor=actor)


def withdraw_consent(
    session: Session, video: Video, now: datetime, *, actor: User, purpose: Purpose | None = None
) -> Visibility:
    """The owner no longer agrees to this point, or to any; returns who the film is for then."""
    _hold(session, video)
    left = _left_without(video, purpose)
    if left is Visibility.DRAFT:
        lifecycle.withdraw(session, video, now, actor=actor)
    else:
        lifecycle.change_audience(session, video, now, actor=actor, audience=left)
    if purpose is LINK:
        lifecycle.switch_off_link(session, video, now, actor=actor)
    consents.end_consents(session, video, now, purpose)
    return left


def _left_without(video: Video, purpose: Purpose | None) -> Visibility:
    """Recruiters and link need a point each; a film goes on for the other of the two."""
    if purpose is LINK and video.visibility is Visibility.RECRUITERS:
        return Visibility.RECRUITERS
    if purpose is SHOW and video.link_key is not None:
        return Visibility.PRIVATE_LINK
    return Visibility.DRAFT


def _agree(
    session: Session,
    video: Video,
    needs: Sequence[Purpose],
    said: Collection[str],
    now: datetime,
) -> None:
    # What a machine may do is asked on the same page, and nothing depends on it.
    consents.give_consents(session, video, [*needs, consents.CAPTIONS], said, now)
    if consents.missing(session, video.id, needs):
        raise Refused("consent_missing")


def _hold(session: Session, video: Video) -> None:
    """The film as it is now, with nobody else changing it until the transaction ends."""
    session.refresh(video, ["visibility", "link_key"], with_for_update=True)
