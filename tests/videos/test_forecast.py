"""How long a film's parts will still take, by what the last clips have taken; on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cvtube.jobs import claiming, leases
from cvtube.queue.names import Queue
from cvtube.videos import forecast, lifecycle, queries
from tests import factories
from tests.factories import LEASE

pytestmark = pytest.mark.both_databases

SECOND = timedelta(seconds=1)
TOOK = 60


class Line:
    """Clips that wait for one worker."""

    def __init__(self, runtime, now):
        self.runtime, self.at = runtime, now

    def person(self, name):
        with self.runtime.transaction() as session:
            return factories.make_user(session, self.at, name=name)

    def send(self, owner, parts=1):
        with self.runtime.transaction() as session:
            owner = session.merge(owner)
            titles = [""] * parts
            video = factories.make_video(session, owner, self.at, chapter_titles=titles)
            for chapter in video.chapters:
                clip = lifecycle.start_clip(session, chapter, self.at, actor=owner)
                lifecycle.complete_upload(session, clip.id, 1, self.at)
                self.at += SECOND
            return video.id

    def take(self):
        with self.runtime.transaction() as session:
            patient = self.runtime.settings.model_copy(update={"lease_s": 1500})
            self.held = claiming.claim_next(session, Queue.TRANSCODE, self.at, patient)

    def go_on(self, percent):
        with self.runtime.transaction() as session:
            assert leases.extend(session, self.held, self.at, lease=100 * LEASE, progress=percent)

    def finish(self):
        with self.runtime.transaction() as session:
            made = lifecycle.Made(1000, 640, 360, factories.make_assets(self.held, 1000))
            assert lifecycle.finish_transcode(session, self.held, made, self.at)

    def told(self, film):
        with self.runtime.reading() as session:
            video = queries.load_video(session, film)
            return forecast.forecast_film(session, video, self.at)


@pytest.fixture
def line(runtime, now):
    return Line(runtime, now)


@pytest.fixture
def measured(line):
    """The last clip took a minute."""
    line.send(line.person("Before"))
    line.take()
    line.at += TOOK * SECOND
    line.finish()
    return line


def test_before_anything_was_measured_nothing_is_promised(line):
    film = line.send(line.person("Ada"))
    assert [part.seconds for part in line.told(film).parts.values()] == [None]
    assert line.told(film).minutes is None


def test_parts_that_wait_are_told_one_after_the_other_and_the_film_by_the_last(measured):
    film = measured.send(measured.person("Ada"), parts=3)
    measured.take()
    told = measured.told(film)
    assert not told.others_first  # they are all her own
    first, *others = [part.seconds for part in told.parts.values()]
    assert 0 < first <= TOOK
    assert others == [1.5 * TOOK, 2.5 * TOOK]  # half of what is under way, then their own minute
    assert told.minutes == 3


def test_only_somebody_elses_film_comes_first(measured):
    ada, cy = (measured.person(name) for name in ("Ada", "Cy"))
    other = measured.send(cy, parts=2)
    measured.take()
    film = measured.send(ada)
    later = measured.send(ada)
    assert not measured.told(film).others_first  # her first part goes before his second
    assert measured.told(later).others_first
    assert measured.told(other).others_first


def test_what_a_part_has_taken_so_far_tells_how_long_it_goes_on(measured):
    film = measured.send(measured.person("Ada"))
    measured.take()
    measured.at += 300 * SECOND  # five times as long as the last one
    measured.go_on(25)
    (part,) = measured.told(film).parts.values()
    assert (part.percent, part.minutes) == (25, 15)


def test_what_takes_longer_than_expected_is_never_told_to_be_over(measured):
    film = measured.send(measured.person("Ada"))
    measured.take()
    measured.at += 3 * TOOK * SECOND
    (part,) = measured.told(film).parts.values()
    assert part.seconds > 0


def test_a_film_that_no_machine_can_prepare_now_is_told_no_time(measured):
    film = measured.send(measured.person("Ada"))
    measured.take()
    with measured.runtime.transaction() as session:
        assert claiming.give_back(session, measured.held, measured.at, wait=60 * SECOND)
    assert measured.told(film).minutes is None


def test_a_film_of_which_nothing_is_prepared_has_no_forecast(measured):
    film = measured.send(measured.person("Ada"))
    measured.take()
    measured.finish()
    assert measured.told(film).parts == {}
