"""What moderators decide: state, statement of reasons and mail, all in one transaction.

The kernel's lifecycle changes the state and settles races; this module keeps the reasons and
tells the person whose film it is. What recording again can mend is never rejected, and what
it cannot mend is never asked for again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cvtube.accounts.models import User
from cvtube.db.base import new_id
from cvtube.errors import Refused
from cvtube.i18n import N_, translate
from cvtube.mail import outbox
from cvtube.moderation import clip_labels, statement
from cvtube.settings import Settings
from cvtube.videos import lifecycle, queries
from cvtube.videos.decisions import Occasion, StatementOfReasons
from cvtube.videos.models import Clip, Video
from cvtube.videos.reasons import FINAL, REASONS, REPAIRABLE, Reason
from cvtube.videos.verbs import Refusal

WORDS_LENGTH = 500

# Which reasons fit which measure. What is already online may be taken down for any of them.
REASONS_FOR: dict[Refusal, tuple[str, ...]] = {
    Refusal.ASKED_FOR_CHANGES: REPAIRABLE,
    Refusal.REJECTED: FINAL,
    Refusal.TAKEN_DOWN: (*REPAIRABLE, *FINAL),
}
_VERBS: dict[Refusal, Callable[..., None]] = {
    Refusal.ASKED_FOR_CHANGES: lifecycle.ask_for_changes,
    Refusal.REJECTED: lifecycle.reject,
    Refusal.TAKEN_DOWN: lifecycle.take_down,
}
_SUBJECTS = {
    Refusal.ASKED_FOR_CHANGES: N_("Please film one part of your video again"),
    Refusal.REJECTED: N_("One part of your video was not accepted"),
    Refusal.TAKEN_DOWN: N_("One part of your video is no longer shown"),
}


@dataclass(frozen=True)
class SiteDetails:
    """What mails and statements say of the site itself."""

    film_link: str  # the candidate's page of the film
    contact: str


@dataclass(frozen=True)
class DecisionInput:
    """What is to happen to a clip and why, as the moderator has filled it in."""

    measure: Refusal
    reason: str
    words: str


def approve(
    session: Session,
    video: Video,
    now: datetime,
    *,
    moderator: User,
    clips: Collection[str],
    site: SiteDetails,
) -> None:
    """Let these clips of the film, by their ids, be seen.

    Raises:
        Refused: "already_decided" if none of them waits any more, "owner_suspended".
    """
    refuse_if_suspended(video)
    lifecycle.approve(session, video, now, actor=moderator, clips=clips)
    listed, by_link = _shown(session, video, now)
    _notify(session, video, now, "film_approved", site, listed=listed, by_link=by_link)


def restrict(
    session: Session,
    video: Video,
    clip: Clip,
    now: datetime,
    ruling: DecisionInput,
    *,
    moderator: User,
    site: SiteDetails,
) -> StatementOfReasons:
    """Ask for changes, reject or take down, with the statement of reasons that belongs to it.

    Raises:
        Refused: "unknown_reason" or "words_missing" for a ruling that does not hold,
            "already_decided" if the clip is not what it was any more, "owner_suspended" for a
            clip that only waits.
    """
    reason = validate_ruling(ruling)
    if ruling.measure is not Refusal.TAKEN_DOWN:
        refuse_if_suspended(video)
    decide = _VERBS[ruling.measure]
    decide(session, clip, now, actor=moderator, reason=reason.code, words=ruling.words)
    decision = _decision(video, clip, now, ruling)
    decision.moderator_id = moderator.id
    decision.statement = statement.compose(
        statement.Case(
            measure=ruling.measure,
            occasion=decision.occasion,
            part=clip_labels.name(video, clip.id, decision.language),
            reason=reason,
            facts=ruling.words,
            still_shown=any(_shown(session, video, now)),
            contest_until=decision.contest_until,
            contact=site.contact,
            without_email=not video.owner.email,
            number=decision.id,
        ),
        decision.language,
    )
    session.add(decision)
    _notify(
        session, video, now, "film_decision", site,
        subject=translate(_SUBJECTS[ruling.measure], decision.language),
        sentence=translate(reason.sentence, decision.language),
        advice=translate(reason.advice, decision.language),
        words=ruling.words,
        statement=decision.statement,
    )  # fmt: skip
    return decision


def refuse_if_suspended(video: Video) -> None:
    """What a suspended person has sent waits until they are back; nobody writes to them before."""
    if not video.owner.in_good_standing:
        raise Refused("owner_suspended")


def validate_ruling(ruling: DecisionInput) -> Reason:
    """The reason it names; raises Refused as `restrict` for a ruling that does not hold."""
    if ruling.reason not in REASONS_FOR[ruling.measure]:
        raise Refused("unknown_reason")
    if not ruling.words and ruling.measure is not Refusal.ASKED_FOR_CHANGES:
        raise Refused("words_missing")
    return REASONS[ruling.reason]


def _decision(video: Video, clip: Clip, now: datetime, ruling: DecisionInput) -> StatementOfReasons:
    first = ruling.measure is not Refusal.TAKEN_DOWN
    return StatementOfReasons(
        id=new_id(),
        clip_id=clip.id,
        video_id=video.id,
        owner_id=video.owner_id,
        decided_at=now,
        measure=ruling.measure,
        ends="redone" if ruling.measure is Refusal.ASKED_FOR_CHANGES else "never",
        occasion=Occasion.FIRST_REVIEW if first else Occasion.SECOND_LOOK,
        law=REASONS[ruling.reason].law,
        contest_until=now + statement.CONTEST,
        language=video.owner.language,
    )


def forget_old(session: Session, now: datetime, settings: Settings) -> None:
    """Drop the statements that nobody can contest any more, and that prove nothing any more."""
    oldest = now - timedelta(days=settings.decisions_kept_days)
    session.execute(delete(StatementOfReasons).where(StatementOfReasons.decided_at < oldest))


def _shown(session: Session, video: Video, now: datetime) -> tuple[bool, bool]:
    """Whether recruiters find the film now, and whether its link opens it."""
    rules = select(queries.listed(now), queries.open_by_link(now)).where(Video.id == video.id)
    listed, by_link = session.execute(rules).one()
    return bool(listed), bool(by_link)


def _notify(
    session: Session, video: Video, now: datetime, template: str, site: SiteDetails, **words: object
) -> None:
    """Write to the film's owner, if there is an address to write to.

    Nobody has proved yet that an unconfirmed address is theirs, so what goes there only says
    that there is news.
    """
    owner = video.owner
    if not owner.email:
        return
    template = template if owner.email_confirmed_at else "film_news"
    outbox.post(
        session, now, owner.email, template, owner.language,
        name=owner.given_name, link=site.film_link, **words,
    )  # fmt: skip
