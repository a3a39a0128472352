"""Playlists as the specification wants them (draft-ietf-hls-rfc8216bis)."""

from __future__ import annotations

import m3u8
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtube.errors import Refused
from cvtube.playback import hls, transcript, webvtt_tracks
from cvtube.playback.player import proportions
from cvtube.videos.models import Asset, AssetKind, Chapter, Clip
from cvtube.videos.timeline import TimelinePart

ENCODINGS = {"h264": "avc1.64001f", "av1": "av01.0.05M.08"}


def rendition(side, *, encoding="h264", codecs="", wide=True, **facts):
    long = side * 16 // 9
    width, height = (long, side) if wide else (side, long)
    return Asset(
        key=f"films/{encoding}-{side}.mp4",
        kind=AssetKind.RENDITION,
        name=f"{encoding}-{side}",
        width=width,
        height=height,
        facts={
            "codecs": codecs or ENCODINGS[encoding],
            "bandwidth": side * 1000,
            "average_bandwidth": side * 800,
            "frame_rate": 30.0,
            "init": [0, 700],
            "segments": [[4.0, 700, 5000], [2.5, 5700, 3000]],
            **facts,
        },
    )


def sound(**facts):
    return Asset(
        key="films/audio.mp4",
        kind=AssetKind.AUDIO,
        name="audio",
        facts={
            "codecs": "mp4a.40.2",
            "bandwidth": 130_000,
            "average_bandwidth": 128_000,
            "init": [0, 600],
            "segments": [[4.0, 600, 900], [2.5, 1500, 500]],
            **facts,
        },
    )


def film(*clips, ms=6500, titles=()):
    """Parts whose clips have the given assets."""
    return [
        TimelinePart(
            Chapter(title=titles[number] if titles else ""),
            Clip(id=str(number), assets=list(assets), duration_ms=ms),
            number * ms,
        )
        for number, assets in enumerate(clips)
    ]


def master(parts):
    return m3u8.loads(hls.master_playlist(parts))


def media(parts, track):
    return m3u8.loads(hls.media_playlist(parts, track, lambda key: f"/signed/{key}?x=1"))


def test_the_master_playlist_says_what_players_choose_by():
    parts = film([rendition(720), rendition(240, codecs="avc1.640015"), sound()])
    read = master(parts)

    assert (read.version, read.is_independent_segments) == (7, True)
    (group,) = read.media
    assert (group.type, group.uri, group.default, group.channels) == (
        "AUDIO", "audio.m3u8", "YES", "2",
    )  # fmt: skip
    large, small = read.playlists
    assert (large.uri, small.uri) == ("h264-720.m3u8", "h264-240.m3u8")
    assert large.stream_info.resolution == (1280, 720)
    assert large.stream_info.codecs == "avc1.64001f,mp4a.40.2"
    assert large.stream_info.frame_rate == 30.0
    assert large.stream_info.bandwidth == 720_000 + 130_000
    assert large.stream_info.average_bandwidth == 720 * 800 + 128_000
    assert large.stream_info.audio == group.group_id


def test_the_size_to_begin_with_stands_first():
    parts = film([rendition(side) for side in (240, 480, 720, 1080)])
    assert [p.uri for p in master(parts).playlists] == [
        "h264-720.m3u8", "h264-1080.m3u8", "h264-480.m3u8", "h264-240.m3u8",
    ]  # fmt: skip


def test_clips_follow_one_another_with_a_discontinuity():
    parts = film([rendition(480), sound()], [rendition(480, wide=False), sound()])
    for track, init in (("h264-480", "700@0"), ("audio", "600@0")):
        read = media(parts, track)
        assert (read.playlist_type, read.is_endlist, read.target_duration) == ("vod", True, 4)
        assert [s.discontinuity for s in read.segments] == [False, False, True, False]
        assert [s.init_section.byterange for s in read.segments] == [init] * 4
        assert [s.duration for s in read.segments] == [4.0, 2.5, 4.0, 2.5]
        assert all(s.uri.startswith("/signed/films/") for s in read.segments)
    assert media(parts, "audio").segments[1].byterange == "500@1500"


def test_a_clip_that_lacks_a_size_gives_its_next_smaller_or_its_smallest():
    big = [rendition(side) for side in (240, 720, 1080)]
    small = [rendition(side) for side in (180, 480)]
    parts = film(big, small)
    names = {
        track: [segment.uri.split("/")[-1] for segment in media(parts, track).segments[::2]]
        for track in ("h264-1080", "h264-720", "h264-480", "h264-240", "h264-180")
    }
    assert names == {
        "h264-1080": ["h264-1080.mp4?x=1", "h264-480.mp4?x=1"],
        "h264-720": ["h264-720.mp4?x=1", "h264-480.mp4?x=1"],
        "h264-480": ["h264-240.mp4?x=1", "h264-480.mp4?x=1"],
        "h264-240": ["h264-240.mp4?x=1", "h264-180.mp4?x=1"],
        "h264-180": ["h264-240.mp4?x=1", "h264-180.mp4?x=1"],
    }


def test_a_variant_promises_no_less_than_its_most_demanding_clip():
    parts = film(
        [rendition(720, codecs="avc1.64001f", frame_rate=25.0), sound()],
        [rendition(480, codecs="avc1.64001e", wide=False, bandwidth=2_000_000), sound()],
    )
    best = next(p for p in master(parts).playlists if p.uri == "h264-720.m3u8").stream_info
    assert best.codecs == "avc1.64001f,mp4a.40.2"
    assert best.bandwidth == 2_000_000 + 130_000
    assert best.resolution == (1280, 720)
    assert best.frame_rate == 30.0


def test_an_encoding_that_one_clip_lacks_is_not_offered():
    parts = film([rendition(480), rendition(720, encoding="av1")], [rendition(480)])
    assert [p.uri for p in master(parts).playlists] == ["h264-480.m3u8"]
    with pytest.raises(Refused):
        media(parts, "av1-720")


def test_a_film_whose_clips_do_not_all_have_sound_is_silent():
    parts = film([rendition(480), sound()], [rendition(480)])
    assert master(parts).media == []
    with pytest.raises(Refused):
        media(parts, "audio")


@pytest.mark.parametrize("track", ["h264-481", "h264", "", "h264-0480", "../audio", "poster"])
def test_other_tracks_do_not_exist(track):
    with pytest.raises(Refused):
        media(film([rendition(480), sound()]), track)


def test_the_player_has_the_proportions_of_most_of_the_film_whatever_its_sizes():
    parts = film([rendition(1080)], [rendition(720)], [rendition(1080, wide=False)])
    parts[2].clip.duration_ms = 9000  # longer than either of the others, shorter than both
    assert proportions(parts) == (1920, 1080)
    assert proportions(parts[1:]) == (1080, 1920)


ladders = st.lists(st.sets(st.sampled_from([144, 240, 480, 720, 1080]), min_size=1), min_size=1)


@given(ladders)
def test_every_offered_size_plays_every_clip_and_grows_with_the_size(ladder):
    parts = film(*([rendition(side) for side in sides] for sides in ladder))
    offered = sorted(hls.rungs(parts), key=lambda rung: rung.size)
    assert {rung.size for rung in offered} == set().union(*ladder)
    before = [0] * len(parts)
    for rung in offered:
        read = media(parts, rung.track)
        sizes = [int(s.uri.split("-")[1].split(".")[0]) for s in read.segments[::2]]
        assert len(sizes) == len(parts)
        assert all(now >= then for now, then in zip(sizes, before, strict=True))
        assert all(size <= rung.size or size == min(sides)
                   for size, sides in zip(sizes, ladder, strict=True))  # fmt: skip
        assert read.target_duration >= max(round(s.duration) for s in read.segments)
        before = sizes


@given(st.lists(st.floats(0.01, 20), min_size=1))
def test_no_segment_is_longer_than_promised(durations):
    segments = [[seconds, 0, 1] for seconds in durations]
    read = media(film([rendition(480, segments=segments)]), "h264-480")
    assert all(int(seconds + 0.5) <= read.target_duration for seconds in durations)


# -- tracks ---------------------------------------------------------------------------------


def line(start, end, text, language="fr"):
    return transcript.TranscriptLine(start, end, text, language)


def test_captions_are_cues_in_one_language():
    text = webvtt_tracks.captions(
        [line(0, 1500, "Bonjour"), line(0, 9, "Hi", "en"), line(3_723_004, 3_724_000, "Fin")], "fr"
    )
    assert text == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nBonjour\n\n01:02:03.004 --> 01:02:04.000\nFin\n"
    )


def test_what_is_said_cannot_break_out_of_its_cue():
    said = "a <b>\n\n00:00:09.000 --> 00:00:10.000\nNOTE & x"
    (block,) = webvtt_tracks.captions([line(0, 1, said)], "fr").split("\n\n")[1:]
    assert block.splitlines() == [
        "00:00:00.000 --> 00:00:00.001",
        "a &lt;b&gt; 00:00:09.000 --&gt; 00:00:10.000 NOTE &amp; x",
    ]


def test_chapters_run_through_the_whole_film():
    parts = film([], [], ms=4000, titles=("Bonjour", "Ce que je sais faire"))
    assert webvtt_tracks.chapters(parts).split("\n\n")[1:] == [
        "00:00:00.000 --> 00:00:04.000\nBonjour",
        "00:00:04.000 --> 00:00:08.000\nCe que je sais faire\n",
    ]


def test_each_moment_has_its_tile():
    grid = {"columns": 2, "rows": 2, "tiles": 3, "interval_ms": 2000}
    sheets = [
        Asset(key="films/s.jpg", kind=AssetKind.STORYBOARD, width=320, height=180, facts=grid)
        for _ in range(2)
    ]
    cues = webvtt_tracks.storyboard(film(*([sheet] for sheet in sheets), ms=5000), str).split(
        "\n\n"
    )[1:]
    assert [cue.strip() for cue in cues] == [
        "00:00:00.000 --> 00:00:02.000\nfilms/s.jpg#xywh=0,0,160,90",
        "00:00:02.000 --> 00:00:04.000\nfilms/s.jpg#xywh=160,0,160,90",
        "00:00:04.000 --> 00:00:05.000\nfilms/s.jpg#xywh=0,90,160,90",
        "00:00:05.000 --> 00:00:07.000\nfilms/s.jpg#xywh=0,0,160,90",
        "00:00:07.000 --> 00:00:09.000\nfilms/s.jpg#xywh=160,0,160,90",
        "00:00:09.000 --> 00:00:10.000\nfilms/s.jpg#xywh=0,90,160,90",
    ]
