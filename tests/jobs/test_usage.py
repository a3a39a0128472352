"""What attempts cost: each keeps its own ending, in whatever order workers write theirs."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cvtube.jobs import claiming, reconciling, usage
from cvtube.jobs.kinds import TRANSCODE
from cvtube.jobs.models import TranscodeRun
from cvtube.jobs.usage import Cost, Machine
from cvtube.videos import lifecycle
from tests import factories
from tests.factories import LEASE

pytestmark = pytest.mark.both_databases

MACHINE = Machine("9", "full")


@pytest.fixture
def clip_id(runtime, now):
    with runtime.transaction() as session:
        ada = factories.make_user(session, now)
        video = factories.make_video(session, ada, now)
        clip = lifecycle.start_clip(session, video.chapters[0], now, actor=ada)
        lifecycle.complete_upload(session, clip.id, 1, now)
        return clip.id


def claimed(runtime, clip_id, now):
    with runtime.transaction() as session:
        held = claiming.claim(session, TRANSCODE, clip_id, now, lease=LEASE, max_tries=4)
    assert held is not None
    return held


def begins(runtime, held, now):
    with runtime.transaction() as session:
        usage.begin(session, held, MACHINE, 7, now)


def ends(runtime, held, outcome, cost, now):
    with runtime.transaction() as session:
        usage.end(session, held, outcome, cost, now)


def lines(runtime):
    with runtime.reading() as session:
        runs = session.scalars(select(TranscodeRun).order_by(TranscodeRun.attempt))
        return [(run.attempt, run.outcome, run.cpu_s) for run in runs]


def sums(runtime):
    with runtime.reading() as session:
        return {outcome: (runs, cost.cpu_s) for _, outcome, cost, runs in usage.totals(session)}


def test_a_fenced_worker_that_begins_late_leaves_the_winners_line_alone(runtime, clip_id, clock):
    late = claimed(runtime, clip_id, clock())  # it stands still before it has begun
    clock.advance(seconds=60)
    winner = claimed(runtime, clip_id, clock())
    begins(runtime, winner, clock())
    begins(runtime, late, clock())
    ends(runtime, winner, "ready", Cost(cpu_s=5.0), clock())
    ends(runtime, late, "lost", Cost(cpu_s=1.0), clock())
    assert lines(runtime) == [(1, "lost", 1.0), (2, "ready", 5.0)]
    assert sums(runtime) == {"lost": (1, 1.0), "ready": (1, 5.0)}


def test_what_ended_well_stays_so_when_a_fenced_worker_begins_after_it(runtime, clip_id, clock):
    late = claimed(runtime, clip_id, clock())
    clock.advance(seconds=60)
    winner = claimed(runtime, clip_id, clock())
    begins(runtime, winner, clock())
    ends(runtime, winner, "ready", Cost(cpu_s=5.0), clock())
    begins(runtime, late, clock())
    ends(runtime, late, "lost", Cost(), clock())
    assert lines(runtime) == [(1, "lost", 0.0), (2, "ready", 5.0)]


def test_a_new_attempt_closes_the_line_of_one_that_died(runtime, clip_id, clock):
    dead = claimed(runtime, clip_id, clock())
    begins(runtime, dead, clock())
    clock.advance(seconds=60)
    begins(runtime, claimed(runtime, clip_id, clock()), clock())
    assert lines(runtime) == [(1, "lost", None), (2, None, None)]


def test_what_the_clock_takes_back_closes_no_later_line(runtime, clip_id, clock):
    dead = claimed(runtime, clip_id, clock())
    begins(runtime, dead, clock())
    clock.advance(seconds=60)
    winner = claimed(runtime, clip_id, clock())
    begins(runtime, winner, clock())
    with runtime.transaction() as session:
        usage.end_lost(session, dead, clock())
    reconciling.reconcile()
    assert lines(runtime) == [(1, "lost", None), (2, None, None)]
