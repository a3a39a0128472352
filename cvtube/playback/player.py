"""What the player component needs of a film; see templates/components/player.html."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for

from cvtube.accounts.access import viewer
from cvtube.i18n import language_name
from cvtube.playback import hls, transcript, webvtt_tracks
from cvtube.playback.views import BY_LINK
from cvtube.videos import policy
from cvtube.videos.models import Video
from cvtube.videos.timeline import TimelinePart, Version, parts, poster_part
from cvtube.web.objects import object_address
from cvtube.web.unit_of_work import db


@dataclass(frozen=True)
class PlayerTrack:
    """One language in which the film can be read along."""

    language: str
    name: str
    address: str


@dataclass(frozen=True)
class Player:
    """Addresses and proportions, for the template."""

    master: str
    poster: str | None
    one_file: str | None
    captions: tuple[PlayerTrack, ...]
    chapters: str | None
    storyboard: str | None
    width: int
    height: int
    grows: bool  # more of it is being made


def player_of(video: Video, cut: str, key: str = "") -> Player | None:
    """What plays this cut of the film; None if nothing can be played yet.

    It is the page that asks who may watch, and each playlist asks again: who the visitor is, or
    for the `key` of the film's link.
    """
    found = parts(video, Version(cut), early=policy.owns(viewer(), video))
    if not found:
        return None

    def at(endpoint: str, **values: Any) -> str:
        if key:
            return url_for(f"{BY_LINK}.{endpoint}", key=key, **values)
        return url_for(f"playback.{endpoint}", video_id=video.id, cut=cut, **values)

    poster, sheet, one_file = (
        webvtt_tracks.poster_of(poster_part(video, found)),
        webvtt_tracks.storyboard_of(found[0]),
        hls.progressive(found),
    )
    width, height = proportions(found)
    spoken = transcript.languages_of(transcript.lines_of(db(), found, Version(cut)))
    return Player(
        master=at("master"),
        poster=object_address(poster.key) if poster else None,
        one_file=object_address(one_file.key) if one_file else None,
        captions=tuple(
            PlayerTrack(code, language_name(code, code), at("captions", language=code))
            for code in spoken
        ),
        chapters=at("chapters") if any(part.chapter.title for part in found) else None,
        storyboard=at("storyboard") if sheet else None,
        width=width,
        height=height,
        grows=hls.grows(found),
    )


def proportions(found: list[TimelinePart]) -> tuple[int, int]:
    """Those of most of the film. The parts of other proportions are shown whole within."""
    lengths: dict[float, int] = {}
    sizes: dict[float, tuple[int, int]] = {}
    for part in found:
        offered = [(picture.width or 16, picture.height or 9) for picture in part.pictures]
        width, height = max(offered, default=(16, 9))
        shape = round(width / height, 1)  # sizes are even, so the same shape is not always equal
        lengths[shape] = lengths.get(shape, 0) + part.duration_ms
        sizes.setdefault(shape, (width, height))
    return sizes[max(lengths, key=lengths.__getitem__)]
