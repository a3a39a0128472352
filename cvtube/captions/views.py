"""The captions of a candidate's own film, one part a page: beside the film, sentence by sentence.

Everything works as a plain form. frontend/src/captions sends the same form and exchanges the
list, so that the film goes on playing.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import get_locale, gettext
from werkzeug.wrappers import Response as AnyResponse

from cvtube.accounts.access import for_roles, me
from cvtube.accounts.models import Role
from cvtube.captions import editing, files, form
from cvtube.errors import Refused
from cvtube.playback.player import player_of
from cvtube.videos import captions, consents, lifecycle, policy, queries
from cvtube.videos.caption_track import CaptionTrack, Wording
from cvtube.videos.lifecycle import drafts
from cvtube.videos.models import Video
from cvtube.videos.sentences import Sentence
from cvtube.videos.timeline import TimelinePart, Version, parts
from cvtube.web.unit_of_work import db, runtime

blueprint = Blueprint("captions", __name__, url_prefix="/my-films/<video_id>/captions")
blueprint.add_app_template_filter(form.format_seconds, "tenths")


@dataclass(frozen=True)
class Desk:
    """One part of the film, and how far its captions are."""

    video: Video
    parts: list[TimelinePart]
    part: TimelinePart
    track: CaptionTrack | None

    @property
    def version(self) -> int:
        return self.track.version if self.track else 0

    @property
    def language(self) -> str:
        return self.track.language if self.track else me().language


@blueprint.get("")
@for_roles(Role.CANDIDATE)
def film(video_id: str) -> AnyResponse:
    """The first part of the film."""
    found = parts(_my_film(video_id), Version.WORKING)
    if not found:
        raise Refused("film_not_ready")
    return redirect(
        url_for("captions.edit", video_id=video_id, clip_id=found[0].clip.id), HTTPStatus.SEE_OTHER
    )


@blueprint.get("/<clip_id>")
@for_roles(Role.CANDIDATE)
def edit(video_id: str, clip_id: str) -> str:
    """The sentences, to be read, heard and corrected."""
    desk = _desk(video_id, clip_id)
    return _page(desk, captions.sentences_of(db(), clip_id))


@blueprint.post("/<clip_id>")
@for_roles(Role.CANDIDATE)
def keep(video_id: str, clip_id: str) -> AnyResponse:
    """Keep what was typed, do what the button says, and come back."""
    desk = _desk(video_id, clip_id)
    sent = form.parse(request.form)
    clip_ms = desk.part.duration_ms
    typed: list[Sentence] = []
    try:
        typed = sent.sentences(captions.sentences_of(db(), clip_id))
        found, focus = form.changed(sent, typed, clip_ms)
        found = editing.settled(found, clip_ms)
        version = lifecycle.save_captions(
            db(), desk.part.clip, found, language=sent.language, version=sent.version
        )
        if sent.verb == "confirm":
            now = runtime().now()
            lifecycle.confirm_captions(db(), desk.part.clip, now, actor=me(), version=version)
    except Refused as refused:
        if refused.status == HTTPStatus.NOT_FOUND:
            raise
        return _refusal(desk, refused, sent)
    return _back(desk, focus=focus) if focus >= 0 else _back(desk, saved=sent.verb)


@blueprint.post("/<clip_id>/file")
@for_roles(Role.CANDIDATE)
def bring(video_id: str, clip_id: str) -> AnyResponse:
    """Take the sentences of a file in the place of those that are there."""
    desk = _desk(video_id, clip_id)
    try:
        found = files.parse(_sent_file(), desk.part.duration_ms)
        lifecycle.save_captions(
            db(),
            desk.part.clip,
            found,
            language=form.language(request.form),
            version=desk.version,
            fresh=True,
        )
    except Refused as refused:
        return _refusal(desk, refused)
    return _back(desk, saved="file")


@blueprint.get("/<clip_id>/file")
@for_roles(Role.CANDIDATE)
def take(video_id: str, clip_id: str) -> Response:
    """The sentences as a file, with the time of each word."""
    _desk(video_id, clip_id)
    text = files.to_webvtt(captions.sentences_of(db(), clip_id))
    response = current_app.response_class(text, mimetype="text/vtt")
    response.headers.set("Content-Disposition", "attachment", filename="captions.vtt")
    return response


@blueprint.post("/<clip_id>/machine")
@for_roles(Role.CANDIDATE)
def allow_machine(video_id: str, clip_id: str) -> AnyResponse:
    """A machine may listen to this film, and draft its captions."""
    desk = _desk(video_id, clip_id)
    if not runtime().settings.drafts_captions:
        raise Refused("not_found")
    point = consents.CAPTIONS
    consents.give_consents(db(), desk.video, [point], {point.code}, runtime().now())
    return _back(desk)


@blueprint.post("/<clip_id>/machine/withdrawal")
@for_roles(Role.CANDIDATE)
def forbid_machine(video_id: str, clip_id: str) -> AnyResponse:
    """It may no longer."""
    desk = _desk(video_id, clip_id)
    drafts.forbid(db(), desk.video, runtime().now())
    flash(gettext("Automatic captions are now off."), "good")
    return _back(desk)


# -- what they share ------------------------------------------------------------------------


def _my_film(video_id: str) -> Video:
    video = queries.load_video(db(), video_id)
    if not policy.owns(me(), video):
        raise Refused("not_found")
    return video


def _sent_file() -> bytes:
    file = request.files.get("captions")
    if file is None or not file.filename:
        raise Refused("captions_missing")
    return file.stream.read(files.MOST_BYTES + 1)


def _desk(video_id: str, clip_id: str) -> Desk:
    video = _my_film(video_id)
    found = parts(video, Version.WORKING)
    part = next((part for part in found if part.clip.id == clip_id), None)
    if part is None:
        raise Refused("not_found")
    return Desk(video, found, part, captions.track_of(db(), clip_id))


def _back(desk: Desk, *, focus: int | None = None, saved: str | None = None) -> AnyResponse:
    where = {"video_id": desk.video.id, "clip_id": desk.part.clip.id}
    to = url_for("captions.edit", **where, focus=focus, saved=saved)  # type: ignore[arg-type]
    return redirect(to, HTTPStatus.SEE_OTHER)


def _refusal(desk: Desk, refused: Refused, sent: form.Sent | None = None) -> AnyResponse:
    """The page with everything that was typed, and what is wrong with it."""
    kept = captions.sentences_of(db(), desk.part.clip.id)
    sentence = refused.sentence(str(get_locale()))
    page = _page(desk, kept, refusal=sentence, sent=sent)
    return make_response(page, refused.status)


def _page(
    desk: Desk,
    sentences: list[Sentence],
    *,
    refusal: str = "",
    sent: form.Sent | None = None,
) -> str:
    shown = [
        form.Row(
            form.was(s), form.format_seconds(s.start_ms), form.format_seconds(s.end_ms), s.text
        )
        for s in sentences
    ]
    track = desk.track
    engine = runtime().settings.drafts_captions
    given = {consent.purpose for consent in consents.given(db(), desk.video.id)}
    agreed = consents.CAPTIONS.code in given
    return render_template(
        "captions/edit.html",
        desk=desk,
        film_player=player_of(desk.video, Version.WORKING),
        rows=sent.rows if sent else shown,
        moments=[_moment(row, desk.part) for row in (sent.rows if sent else shown)],
        language_of_words=sent.language if sent else desk.language,
        refusal=refusal,
        state=track.state.value if track else "none",
        engine=engine,
        agreed=agreed,
        drafting=engine and agreed and (track is None or track.state is Wording.DRAFTING),
        words_sent_back=captions.why_sent_back(db(), desk.part.clip.id),
        read_by_others=bool(captions.cues_of(db(), [desk.part.clip.id], Version.PUBLISHED)),
        focus=request.args.get("focus", default=-1, type=int),
        saved=request.args.get("saved", ""),
        start=request.args.get("t", default=desk.part.start_ms // 1000, type=int),
    )


def _moment(row: form.Row, part: TimelinePart) -> tuple[int, int]:
    """When the sentence is heard in the whole film (ms); zeros for what is no time."""
    try:
        start, end = (round(1000 * float(typed)) for typed in (row.start, row.end))
    except (ValueError, OverflowError):
        return 0, 0
    return part.start_ms + start, part.start_ms + end
