"""What a person wants to say in each part: answers, and the script that is made of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cvtube.accounts.models import CandidateProfile, User
from cvtube.candidate.prepare import script_text
from cvtube.candidate.prepare.interview import Question, Topic
from cvtube.candidate.prepare.models import Script
from cvtube.errors import Refused
from cvtube.i18n import day_in_words
from cvtube.taxonomy.places import place
from cvtube.videos.models import Chapter, Video
from cvtube.videos.queries import film_job_sought


def script_of(session: Session, chapter: Chapter) -> Script | None:
    """The words for this part, if there are any yet."""
    return session.scalar(
        select(Script).where(Script.video_id == chapter.video_id, Script.topic == chapter.topic)
    )


def save_answer(
    session: Session,
    chapter: Chapter,
    said: Mapping[str, str],
    now: datetime,
    *,
    topic: Topic,
    question: Question,
    language: str,
) -> Script:
    """Keep what was said for each of the question's frames; nothing at all takes it back.

    A text changed by hand stays as it is.
    """
    if any(len(words) > script_text.LONGEST_ANSWER for words in said.values()):
        raise Refused("text_too_long", longest=script_text.LONGEST_ANSWER)
    script = _begun(session, chapter, now)
    before = {question.name, question.name_known}
    answers = {name: words for name, words in script.answers.items() if name not in before}
    script.answers = answers | {name: words for name, words in said.items() if words}
    if not script.edited:
        script.text = script_text.compose(topic, script.answers, language)
    return script


def write(session: Session, chapter: Chapter, text: str, now: datetime) -> Script:
    """The text as its writer wants it."""
    if len(text) > script_text.LONGEST_SCRIPT:
        raise Refused("text_too_long", longest=script_text.LONGEST_SCRIPT)
    script = _begun(session, chapter, now)
    script.edited = script.edited or text != script.text
    script.text = text
    return script


def start_again(
    session: Session, chapter: Chapter, topic: Topic, now: datetime, *, language: str
) -> Script:
    """Throw the changes away and put the answers together anew."""
    script = _begun(session, chapter, now)
    script.text, script.edited = script_text.compose(topic, script.answers, language), False
    return script


def _begun(session: Session, chapter: Chapter, now: datetime) -> Script:
    # Of two taps on "next", the second finds what the first has begun.
    film = select(Video.id).where(Video.id == chapter.video_id)
    session.execute(film.with_for_update(key_share=True))
    script = script_of(session, chapter)
    if script is None:
        script = Script(video_id=chapter.video_id, topic=chapter.topic, answers={}, edited=False)
        script.text = ""
        session.add(script)
    script.changed_at = now
    return script


def profile_answers(
    session: Session,
    question: Question,
    video: Video,
    *,
    owner: User,
    today: date,
    language: str,
) -> list[str]:
    """Answers that the person's own profile has already."""
    profile = session.get(CandidateProfile, owner.id)
    match question.known:
        case "name":
            return [owner.given_name] if owner.given_name else []
        case "job":
            sought = film_job_sought(video, profile)
            own = [sought.words] if sought.words else []
            return list(sought.occupation.said(language)) if sought.occupation else own
        case "skills":
            return list(profile.skills) if profile else []
        case "place":
            home = place(profile.place_code) if profile else None
            return [script_text.at(home.name, language)] if home else []
        case "day":
            day = profile.available_from if profile else None
            return [_day(day, language)] if day and day > today else []
    return []


def _day(day: date, language: str) -> str:
    written = day_in_words(day, language, "d MMMM")
    return f"on {written}" if language == "en" else f"le {written}"
