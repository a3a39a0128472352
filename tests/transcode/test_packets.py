"""Where a film's clock jumps, told by its packets' times alone."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from cvtube.transcode.analyze.packets import MOST_JUMPS, Times, TimestampOffset, timestamp_offsets

FRAME, PACKET = 1 / 25, 1 / 50


def stream(gap, *pieces):
    """Packets one behind the other, from an instant on for so many seconds, and again."""
    times = [
        begins + number * gap for begins, lasts in pieces for number in range(round(lasts / gap))
    ]
    return Times(times, times, range(len(times)), gap)


def film(*pieces):
    return {0: stream(FRAME, *pieces), 1: stream(PACKET, *pieces)}


def mended(streams):
    """The times of all packets as they are then."""
    found = timestamp_offsets(streams)
    return {
        index: [
            now + sum(s.seconds for s in found.get(index, []) if number >= s.number)
            for number, now in zip(times.numbers, times.shown, strict=True)
        ]
        for index, times in streams.items()
    }


def runs_on(streams):
    return all(
        abs(later - earlier - times.gap) < 0.001
        for index, times in streams.items()
        for line in [mended(streams)[index]]
        for earlier, later in itertools.pairwise(line)
    )


def test_a_clock_that_runs_on_is_left_alone():
    assert timestamp_offsets(film((1.4, 10))) == {}


def test_every_kind_of_jump_is_taken_back():
    for pieces in (
        [(1.4, 2), (3600, 2)],
        [(3600, 2), (1.4, 2)],
        [(1.4, 2)] * 3,
        [(95441, 2), (0, 2)],
        [(1.4, 2), (6, 2), (1.4, 2)],
    ):
        assert runs_on(film(*pieces)), pieces


def test_a_sound_that_begins_late_or_a_rare_picture_is_no_jump():
    assert timestamp_offsets({0: stream(FRAME, (0, 20)), 1: stream(PACKET, (12, 8))}) == {}
    assert timestamp_offsets({0: stream(10.0, (0, 100))}) == {}


def test_a_packet_knows_its_number_among_those_that_are_never_shown():
    hidden = stream(FRAME, (1.4, 2), (0, 2))._replace(numbers=range(2, 102))
    assert timestamp_offsets({0: hidden})[0] == [TimestampOffset(52, 3.4)]


def test_streams_that_do_not_jump_together_are_left_alone():
    streams = {0: stream(FRAME, (0, 4)), 1: stream(PACKET, (0, 2), (0, 2))}
    assert timestamp_offsets(streams) is None


def test_a_clock_that_jumps_all_the_time_is_left_alone():
    assert timestamp_offsets(film(*[(0, 2)] * (MOST_JUMPS + 1))) is None


@given(st.lists(st.integers(0, 90_000), min_size=1, max_size=6))
def test_however_it_jumps_nothing_is_lost(begins):
    streams = film(*((begin, 2) for begin in begins))
    found = mended(streams)
    for index, times in streams.items():
        assert len(found[index]) == len(times.shown)
        assert found[index] == sorted(found[index])
        last = found[index][-1] - found[index][0] + times.gap
        assert last <= (2 + 1.01) * len(begins)  # what is no hole yet stays
