"""A film as HLS: playlists written from what is known of each clip's objects.

Each clip is encoded by itself, so a film is its clips' segments one after the other, with
EXT-X-DISCONTINUITY and an own EXT-X-MAP at each joint. Segments are byte ranges of one object
per clip and rendition. Rules are those of draft-ietf-hls-rfc8216bis; sections are named.

Clips of one film may come from different cameras. The film offers every size that any of its
clips has; a clip that lacks a size gives its next smaller one, or its smallest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cvtube.errors import Refused
from cvtube.videos.models import Asset
from cvtube.videos.timeline import TimelinePart

SOUND = "audio"
PLAIN = "h264"  # the encoding every player knows
START_AT = 720  # the size offered first: some players begin with the first one listed

Address = Callable[[str], str]  # from an object's key to where a browser gets it


@dataclass(frozen=True)
class VariantStream:
    """One size of the picture (its shorter side, in pixels) in one kind of encoding."""

    encoding: str
    size: int

    @property
    def track(self) -> str:
        """Its name in addresses."""
        return f"{self.encoding}-{self.size}"


def rungs(parts: Sequence[TimelinePart]) -> list[VariantStream]:
    """What the film offers, the one to begin with first, then from large to small."""
    offers = [{_rung_of(asset) for asset in part.pictures} for part in parts]
    if not offers:
        return []
    # An encoding that one clip lacks would end in the middle of the film.
    shared = set.intersection(*({rung.encoding for rung in offer} for offer in offers))
    found = {rung for offer in offers for rung in offer if rung.encoding in shared}
    # H.264 before the others: a player that reads no CODECS takes the first.
    return sorted(
        found, key=lambda rung: (rung.encoding != PLAIN, rung.size != START_AT, -rung.size)
    )


def master_playlist(parts: Sequence[TimelinePart]) -> str:
    """Every rendition there is (section 4.4.6)."""
    sounds = _sounds(parts)
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    if sounds:
        lines.append(
            f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="{SOUND}",NAME="{SOUND}",'
            f'DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="{SOUND}.m3u8"'
        )
    for rung in rungs(parts):
        attributes = _attributes([_fitting(part, rung) for part in parts], sounds, parts)
        lines += [f"#EXT-X-STREAM-INF:{attributes}", f"{rung.track}.m3u8"]
    return "\n".join((*lines, ""))


def media_playlist(parts: Sequence[TimelinePart], track: str, address: Address) -> str:
    """The segments of one rendition (section 4.4.3); raises Refused("not_found")."""
    assets = _track(parts, track)
    longest = max(segment[0] for asset in assets for segment in asset.facts["segments"])
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        # No segment may be longer when rounded to the nearest second (4.4.3.1).
        f"#EXT-X-TARGETDURATION:{max(1, int(longest + 0.5))}",
        f"#EXT-X-PLAYLIST-TYPE:{'EVENT' if grows(parts) else 'VOD'}",
        "#EXT-X-INDEPENDENT-SEGMENTS",
    ]
    for number, (part, asset) in enumerate(zip(parts, assets, strict=True)):
        if number:
            lines.append("#EXT-X-DISCONTINUITY")
        lines += _pieces(asset, address) if grows([part]) else _ranges(asset, address(asset.key))
    return "\n".join((*lines, *([] if grows(parts) else ["#EXT-X-ENDLIST"]), ""))


def grows(parts: Sequence[TimelinePart]) -> bool:
    """Whether more comes: its last clip is still being made."""
    return parts[-1].early


def progressive(parts: Sequence[TimelinePart]) -> Asset | None:
    """One file a browser without scripts and without HLS can play: the first clip's picture."""
    offered = [rung for rung in rungs(parts) if rung.encoding == PLAIN and not parts[0].early]
    return _fitting(parts[0], offered[0]) if offered else None


def _track(parts: Sequence[TimelinePart], track: str) -> Sequence[Asset]:
    if track == SOUND:
        assets = _sounds(parts)
    else:
        rung = next((rung for rung in rungs(parts) if rung.track == track), None)
        assets = [_fitting(part, rung) for part in parts] if rung else []
    if not assets:
        raise Refused("not_found")
    return assets


def _ranges(asset: Asset, address: str) -> Iterator[str]:
    start, size = asset.facts["init"]
    yield f'#EXT-X-MAP:URI="{address}",BYTERANGE="{size}@{start}"'
    for seconds, offset, length in asset.facts["segments"]:
        yield f"#EXTINF:{seconds:.6f},"
        yield f"#EXT-X-BYTERANGE:{length}@{offset}"
        yield address


def _pieces(asset: Asset, address: Address) -> Iterator[str]:
    """Of a track that grows: an object for each segment."""
    yield f'#EXT-X-MAP:URI="{address(asset.facts["init"])}"'
    for seconds, key in asset.facts["segments"]:
        yield f"#EXTINF:{seconds:.6f},"
        yield address(key)


def _attributes(
    pictures: Sequence[Asset], sounds: Sequence[Asset], parts: Sequence[TimelinePart]
) -> str:
    """What a player chooses by (section 4.4.6.2)."""
    seconds = [part.duration_ms for part in parts]
    largest = max(pictures, key=lambda asset: (asset.width or 0) * (asset.height or 0))
    codecs = (*_most_demanding(pictures), *_most_demanding(sounds))
    values: dict[str, Any] = {
        # The peak of any combination of renditions; the average over the whole film.
        "BANDWIDTH": _peak(pictures) + _peak(sounds),
        "AVERAGE-BANDWIDTH": _average(pictures, seconds) + _average(sounds, seconds),
        "RESOLUTION": f"{largest.width}x{largest.height}",
        "FRAME-RATE": f"{max(asset.facts['frame_rate'] for asset in pictures):.3f}",
        "CODECS": f'"{",".join(codecs)}"',
    }
    if sounds:
        values["AUDIO"] = f'"{SOUND}"'
    return ",".join(f"{name}={value}" for name, value in values.items())


def _peak(assets: Sequence[Asset]) -> int:
    return max((int(asset.facts["bandwidth"]) for asset in assets), default=0)


def _average(assets: Sequence[Asset], durations: Sequence[int]) -> int:
    if not assets:
        return 0
    bits = sum(
        asset.facts["average_bandwidth"] * duration
        for asset, duration in zip(assets, durations, strict=True)
    )
    return int(bits / max(1, sum(durations)))


def _most_demanding(assets: Sequence[Asset]) -> list[str]:
    """Of each kind of codec, the string that asks most of a decoder.

    The strings of one kind end in profile and level, as hexadecimal or decimal numbers of
    equal length; whoever decodes the highest decodes the others.
    """
    highest: dict[str, str] = {}
    for asset in assets:
        codec = asset.facts["codecs"]
        kind = codec.partition(".")[0]
        highest[kind] = max(codec, highest.get(kind, ""))
    return list(highest.values())


def _sounds(parts: Sequence[TimelinePart]) -> list[Asset]:
    found = [part.sound for part in parts if part.sound]
    return found if len(found) == len(parts) else []


def _rung_of(asset: Asset) -> VariantStream:
    return VariantStream(asset.name.partition("-")[0], min(asset.width or 0, asset.height or 0))


def _fitting(part: TimelinePart, rung: VariantStream) -> Asset:
    """The clip's largest rendition that is no larger than asked, else its smallest."""
    own = {
        offered.size: asset
        for asset in part.pictures
        if (offered := _rung_of(asset)).encoding == rung.encoding
    }
    return own[max((size for size in own if size <= rung.size), default=min(own))]
