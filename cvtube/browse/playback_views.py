"""What a player asks for. Who may watch is asked of the database every single time.

Playlists lead to signed addresses that live for an hour or so; a film that is taken down is
gone with the next playlist, and its objects with it when they are purged.
"""

from __future__ import annotations

from flask import Blueprint, Response, current_app, redirect
from werkzeug.wrappers import Response as AnyResponse

from cvtube.accounts.access import public, viewer
from cvtube.browse import playback, tracks, transcript
from cvtube.errors import Refused
from cvtube.videos import policy, queries
from cvtube.videos.cuts import Cut, Part, parts, poster_part
from cvtube.videos.models import Asset, Video
from cvtube.web.objects import address
from cvtube.web.unit_of_work import db, runtime

PLAYLIST = "application/vnd.apple.mpegurl"
WEBVTT = "text/vtt"

blueprint = Blueprint(
    "playback", __name__, url_prefix="/films/<video_id>/<any(published,working):cut>"
)


@blueprint.get("/master.m3u8")
@public
def master(video_id: str, cut: str) -> Response:
    """What renditions there are."""
    return _answer(playback.master_playlist(watched(video_id, cut)), PLAYLIST)


@blueprint.get("/<track>.m3u8")
@public
def media(video_id: str, cut: str, track: str) -> Response:
    """The segments of one rendition."""
    return _answer(playback.media_playlist(watched(video_id, cut), track, address), PLAYLIST)


@blueprint.get("/captions.<string(length=2):language>.vtt")
@public
def captions(video_id: str, cut: str, language: str) -> Response:
    """What is said, in one of the languages it is said in."""
    lines = transcript.lines_of(db(), watched(video_id, cut))
    if language not in transcript.languages_of(lines):
        raise Refused("not_found")
    return _answer(tracks.captions(lines, language), WEBVTT)


@blueprint.get("/chapters.vtt")
@public
def chapters(video_id: str, cut: str) -> Response:
    """What each part is about."""
    return _answer(tracks.chapters(watched(video_id, cut)), WEBVTT)


@blueprint.get("/storyboard.vtt")
@public
def storyboard(video_id: str, cut: str) -> Response:
    """A small picture for every moment."""
    return _answer(tracks.storyboard(watched(video_id, cut), address), WEBVTT)


@blueprint.get("/poster.jpg")
@public
def poster(video_id: str, cut: str) -> AnyResponse:
    """The still that stands for the film."""
    return _picture(tracks.poster_of(_shown(video_id, cut)))


@blueprint.get("/storyboard.jpg")
@public
def sheet(video_id: str, cut: str) -> AnyResponse:
    """The small pictures of the same part, for a look before watching."""
    return _picture(tracks.storyboard_of(_shown(video_id, cut)))


def watched(video_id: str, cut: str) -> list[Part]:
    """The parts of a film the visitor may watch; to everybody else there is no such film."""
    return _film(video_id, cut)[1]


def _shown(video_id: str, cut: str) -> Part:
    """The part whose pictures stand for the film."""
    return poster_part(*_film(video_id, cut))


def _film(video_id: str, cut: str) -> tuple[Video, list[Part]]:
    video = queries.load_video(db(), video_id)
    if not may_watch(video, Cut(cut)):
        raise Refused("not_found")
    found = parts(video, Cut(cut))
    if not found:
        raise Refused("not_found")
    return video, found


def may_watch(video: Video, cut: Cut) -> bool:
    """Whether this cut of the film is for the visitor."""
    if cut is Cut.WORKING:
        return policy.may_watch_draft(viewer(), video)
    settings = runtime().settings
    return policy.may_watch(viewer(), video, runtime().now(), audience=settings.audience)


def _answer(text: str, kind: str) -> Response:
    return current_app.response_class(text, mimetype=kind)


def _picture(asset: Asset | None) -> AnyResponse:
    if asset is None:
        raise Refused("not_found")
    return redirect(address(asset.key), 302)
