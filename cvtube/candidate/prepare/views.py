"""One part of a film: what it asks, what I want to say, and the takes of it."""

from __future__ import annotations

from http import HTTPStatus

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from cvtube.accounts import profile
from cvtube.accounts.access import for_roles, me
from cvtube.accounts.models import Role
from cvtube.candidate.blueprint import blueprint
from cvtube.candidate.context import ChapterContext, job, my_chapter, the_program
from cvtube.candidate.prepare import (
    film_job,
    privacy_hints,
    script_text,
    scripts,
    voice_note_storage,
)
from cvtube.candidate.prepare.film_job import Doubt
from cvtube.candidate.prepare.interview import Question
from cvtube.candidate.prepare.models import Script
from cvtube.candidate.record import takes
from cvtube.candidate.record.problems import SPEAKING
from cvtube.candidate.record.take_views import kept
from cvtube.errors import Refused
from cvtube.videos import lifecycle, status
from cvtube.videos.decisions import decisions
from cvtube.videos.status import Situation
from cvtube.videos.timeline import newest
from cvtube.web.forms import one_line, plain_text
from cvtube.web.language import chosen
from cvtube.web.unit_of_work import db, runtime

# The take in the film cannot stay: it could not be prepared, or a moderator has said so.
TO_REDO = status.TO_FILM - {Situation.EMPTY}
MOST_TAPS = 9  # as many as a small phone shows at once; what was tapped stays
MOST_OWN = 5  # of them from the profile, so that new ones are offered, too


@blueprint.get("/studio/chapters/<chapter_id>")
@for_roles(Role.CANDIDATE)
def chapter(chapter_id: str) -> str:
    """Prepare it, film it, choose the best take."""
    asked = my_chapter(chapter_id)
    found = takes.takes_of(db(), asked.chapter, kept())
    redo = status.of_chapter(asked.chapter) in TO_REDO
    clip = newest(asked.chapter)
    decided = not redo and any(take.chosen for take in found)
    return render_template(
        "candidate/prepare/chapter.html",
        asked=asked,
        script=scripts.script_of(db(), asked.chapter),
        takes=found,
        selected=takes.selected_take(found, request.args.get("take", ""), decided=decided),
        redo=redo,
        decision=decisions(db(), [clip.id]).get(clip.id) if redo and clip else None,
        spoken=_spoken(asked),
    )


# -- what to say ----------------------------------------------------------------------------


@blueprint.get("/studio/chapters/<chapter_id>/questions/<name>")
@for_roles(Role.CANDIDATE)
def question(chapter_id: str, name: str) -> str:
    """One question a screen: tap an answer, type it or say it."""
    asked = my_chapter(chapter_id)
    return _question_page(asked, *_find(asked, name))


def _question_page(
    asked: ChapterContext, question: Question, at: int, doubt: Doubt | None = None
) -> str:
    taps = _taps(asked, question)
    answers = [words for words in _answers(asked, question) if words]
    said = [one for words in answers for one in script_text.split_taps(words, chosen(), taps)]
    tapped = [tap for tap in taps if tap in said]
    shown = [tap for place, tap in enumerate(taps) if place < MOST_TAPS or tap in tapped]
    typed = script_text.join_taps([one for one in said if one not in taps], chosen())
    return render_template(
        "candidate/prepare/question.html",
        asked=asked, question=question, at=at, taps=shown, doubt=doubt,
        tapped=[] if doubt else tapped, typed=doubt.typed if doubt else typed,
        nameless=question.known == "job" and not job(asked.video),
        spoken=question in _spoken(asked), problems=SPEAKING,
        longest_s=voice_note_storage.LONGEST_S,
    )  # fmt: skip


@blueprint.post("/studio/chapters/<chapter_id>/questions/<name>")
@for_roles(Role.CANDIDATE)
def answer(chapter_id: str, name: str) -> AnyResponse | str:
    """Keep the answer, and go on to the next question, at last to the script.

    A job that was typed and not picked from the list is asked about first.
    """
    asked = my_chapter(chapter_id)
    question, at = _find(asked, name)
    topic = asked.topic
    assert topic is not None  # noqa: S101 (a question has its topic)
    said = [*request.form.getlist("tap"), one_line(request.form.get("typed")) or ""]
    if not question.several:
        said = [next((words for words in reversed(said) if words), "")]
    if question.known == "job" and (doubt := _name_job(asked)):
        return _question_page(asked, question, at, doubt)
    scripts.save_answer(
        db(),
        asked.chapter,
        _by_frame(asked, question, said),
        runtime().now(),
        topic=topic,
        question=question,
        language=chosen(),
    )
    if at < len(topic.question):
        following = topic.question[at].name
        where = url_for("candidate.question", chapter_id=chapter_id, name=following)
    else:
        where = url_for("candidate.script", chapter_id=chapter_id)
    return redirect(where, HTTPStatus.SEE_OTHER)


def _name_job(asked: ChapterContext) -> Doubt | None:
    """Make the job that was typed the film's; or what is to be asked about it first."""
    meant = film_job.parse(
        one_line(request.form.get("typed")) or "",
        code=request.form.get("typed_code", ""),
        choice=request.form.get("typed_choice"),
        before=job(asked.video),
    )
    if isinstance(meant, Doubt):
        return meant
    if meant:
        now = runtime().now()
        lifecycle.name_job(db(), asked.video, meant, now, actor=me())
        profile.name_job(db(), me(), meant, now)
    return None


def _by_frame(asked: ChapterContext, question: Question, said: list[str]) -> dict[str, str]:
    """Answers only the profile has apart from those that continue the question's own sentence."""
    offered = _offered(asked, question)
    own = set(_known(asked, question)).difference(offered) if question.say_noun else set()
    return {
        question.name: script_text.join_taps([one for one in said if one not in own], chosen()),
        question.name_known: script_text.join_taps([one for one in said if one in own], chosen()),
    }


def _find(asked: ChapterContext, name: str) -> tuple[Question, int]:
    """The question, and which it is, from 1 on."""
    questions = asked.topic.question if asked.topic else ()
    for at, one in enumerate(questions, start=1):
        if one.name == name:
            return one, at
    raise Refused("not_found")


def _answers(asked: ChapterContext, question: Question) -> tuple[str, str]:
    """What was answered in words, and with the profile's."""
    script = scripts.script_of(db(), asked.chapter)
    answers = script.answers if script else {}
    return answers.get(question.name, ""), answers.get(question.name_known, "")


def _taps(asked: ChapterContext, question: Question) -> list[str]:
    """What the profile says already, then what the programme offers."""
    return list(dict.fromkeys([*_known(asked, question), *_offered(asked, question)]))


def _offered(asked: ChapterContext, question: Question) -> tuple[str, ...]:
    """What the programme offers to somebody who seeks this job."""
    return question.taps_for(job(asked.video).code or "", chosen())


def _known(asked: ChapterContext, question: Question) -> list[str]:
    """What the profile says, or said when it was tapped."""
    today = runtime().now().date()
    own = scripts.profile_answers(
        db(), question, asked.video, owner=me(), today=today, language=chosen()
    )
    _, tapped = _answers(asked, question)
    return list(dict.fromkeys([*script_text.split_taps(tapped, chosen(), own), *own]))[:MOST_OWN]


def _spoken(asked: ChapterContext) -> list[Question]:
    return voice_note_storage.spoken(db(), asked.chapter, asked.topic)


@blueprint.get("/studio/chapters/<chapter_id>/script")
@for_roles(Role.CANDIDATE)
def script(chapter_id: str) -> str:
    """My words, to be changed as I like."""
    asked = my_chapter(chapter_id)
    return _script_page(asked, scripts.script_of(db(), asked.chapter))


@blueprint.post("/studio/chapters/<chapter_id>/script")
@for_roles(Role.CANDIDATE)
def write_script(chapter_id: str) -> AnyResponse:
    """Keep the words; if something is better left unsaid, say so once and let me decide."""
    asked, now = my_chapter(chapter_id), runtime().now()
    if "again" in request.form and asked.topic:
        scripts.start_again(db(), asked.chapter, asked.topic, now, language=chosen())
        return redirect(url_for("candidate.script", chapter_id=chapter_id), HTTPStatus.SEE_OTHER)
    text = plain_text(request.form.get("text")) or ""
    scripts.write(db(), asked.chapter, text, now)
    noticed = ",".join(hint.code for hint in privacy_hints.hints(text))
    if noticed and request.form.get("seen") != noticed:
        return redirect(url_for("candidate.script", chapter_id=chapter_id), HTTPStatus.SEE_OTHER)
    return redirect(url_for("candidate.chapter", chapter_id=chapter_id), HTTPStatus.SEE_OTHER)


def _script_page(asked: ChapterContext, script: Script | None) -> str:
    text = script.text if script else ""
    return render_template(
        "candidate/prepare/script.html",
        asked=asked,
        script=script,
        text=text,
        seconds=script_text.reading_s(text, the_program().words_per_minute),
        hints=privacy_hints.hints(text),
        longest=script_text.LONGEST_SCRIPT,
        spoken=_spoken(asked),
    )
