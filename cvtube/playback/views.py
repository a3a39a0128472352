"""What a player asks for. Who may watch is asked of the database every single time.

The same addresses stand below a film's own and below its link: a person may watch because of who
they are, or because they have the link, which needs neither an account nor a cookie.

Playlists lead to signed addresses that live for an hour or so; a film that is taken down is
gone with the next playlist, and its objects with it when they are purged.
"""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, current_app, redirect
from werkzeug.wrappers import Response as AnyResponse

from cvtube.accounts.access import public, viewer
from cvtube.errors import Refused
from cvtube.playback import hls, transcript, webvtt_tracks
from cvtube.videos import policy, queries, viewings
from cvtube.videos.models import Asset, Video
from cvtube.videos.timeline import TimelinePart, Version, parts, poster_part
from cvtube.web import rate_limits
from cvtube.web.objects import object_address
from cvtube.web.security import limiter
from cvtube.web.unit_of_work import db, runtime

PLAYLIST = "application/vnd.apple.mpegurl"
WEBVTT = "text/vtt"

blueprint = Blueprint(
    "playback", __name__, url_prefix="/films/<video_id>/<any(published,working,made):cut>"
)

BY_LINK = "playback_by_link"  # the same views, below a link


@blueprint.get("/master.m3u8")
@public
def master(**film: str) -> Response:
    """What renditions there are."""
    return _answer(hls.master_playlist(watched(**film)), PLAYLIST)


@blueprint.get("/<track>.m3u8")
@public
def media(track: str, **film: str) -> Response:
    """The segments of one rendition."""
    return _answer(hls.media_playlist(watched(**film), track, object_address), PLAYLIST)


@blueprint.get("/captions.<string(length=2):language>.vtt")
@public
def captions(language: str, **film: str) -> Response:
    """What is said, in one of the languages it is said in."""
    cut = Version(film.get("cut", Version.PUBLISHED))
    lines = transcript.lines_of(db(), watched(**film), cut)
    if language not in transcript.languages_of(lines):
        raise Refused("not_found")
    return _answer(webvtt_tracks.captions(lines, language), WEBVTT)


@blueprint.get("/chapters.vtt")
@public
def chapters(**film: str) -> Response:
    """What each part is about."""
    return _answer(webvtt_tracks.chapters(watched(**film)), WEBVTT)


@blueprint.get("/storyboard.vtt")
@public
def storyboard(**film: str) -> Response:
    """A small picture for every moment."""
    return _answer(webvtt_tracks.storyboard(watched(**film), object_address), WEBVTT)


@blueprint.get("/poster.jpg")
@public
def poster(**film: str) -> AnyResponse:
    """The still that stands for the film."""
    return _picture(webvtt_tracks.poster_of(_shown(**film)))


@blueprint.get("/storyboard.jpg")
@public
def sheet(**film: str) -> AnyResponse:
    """The small pictures of the same part, for a look before watching."""
    return _picture(webvtt_tracks.storyboard_of(_shown(**film)))


def watched(**film: str) -> list[TimelinePart]:
    """The parts of a film the visitor may watch; to everybody else there is no such film."""
    video, found = _film(**film)
    if not film.get("key"):
        write_down(video)
    return found


def write_down(video: Video) -> None:
    """Staff watch a film that others do not see: the log tells of it."""
    user, now = viewer(), runtime().now()
    if user is not None and viewings.is_recorded(user, video, now):
        with runtime().transaction() as session:
            viewings.record_viewing(session, user, video.id, now)


def _shown(**film: str) -> TimelinePart:
    """The part whose pictures stand for the film."""
    return poster_part(*_film(**film))


@rate_limits.limit(rate_limits.PLAYERS)
def _film(
    *, video_id: str = "", cut: str = Version.PUBLISHED, key: str = ""
) -> tuple[Video, list[TimelinePart]]:
    if key:
        video = film_of_link(key)
    else:
        video = queries.load_video(db(), video_id)
        if not may_watch(video, Version(cut)):
            raise Refused("not_found")
    # What is still being made is its owner's alone: moderators judge whole clips.
    found = parts(video, Version(cut), early=policy.owns(viewer(), video))
    if not found:
        raise Refused("not_found")
    return video, found


def _leads_nowhere(answer: Response) -> bool:
    return answer.status_code == HTTPStatus.NOT_FOUND


@limiter.shared_limit("60/minute", scope="links", deduct_when=_leads_nowhere)
def film_of_link(key: str) -> Video:
    """The film a link leads to, for whoever has the link; what one network guesses is counted."""
    return queries.film_of_link(db(), key, runtime().now())


def may_watch(video: Video, cut: Version) -> bool:
    """Whether this cut of the film is for the visitor."""
    if cut is not Version.PUBLISHED:
        return policy.may_watch_draft(viewer(), video)
    settings = runtime().settings
    return policy.may_watch(viewer(), video, runtime().now(), audience=settings.audience)


def _answer(text: str, kind: str) -> Response:
    return current_app.response_class(text, mimetype=kind)


def _picture(asset: Asset | None) -> AnyResponse:
    if asset is None:
        raise Refused("not_found")
    return redirect(object_address(asset.key), 302)
