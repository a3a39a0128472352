"""The same numbers for Prometheus, read from the database at each scrape.

So every web process says the same, none has to remember anything, and a restart loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.orm import Session

from cvtube.jobs import statistics, usage

LABELS = ("kind", "outcome")
# Name (Prometheus adds `_total`), what it is, and the field of the costs.
COSTS = (
    ("cvtube_transcode_cpu_seconds", "CPU time of everything spawned", "cpu_s"),
    ("cvtube_transcode_wall_seconds", "Time workers spent", "wall_s"),
    ("cvtube_transcode_film_seconds", "Length of the films made", "film_s"),
    ("cvtube_transcode_read_bytes", "Bytes of what films were made from", "bytes_in"),
    ("cvtube_transcode_written_bytes", "Bytes made", "bytes_out"),
)


class _Work(Collector):
    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now

    def collect(self) -> Iterator[Metric]:
        yield from self._queue()
        yield from self._costs()

    def _queue(self) -> Iterator[Metric]:
        waiting = GaugeMetricFamily("cvtube_work_waiting", "Orders that wait", labels=["kind"])
        busy = GaugeMetricFamily("cvtube_work_under_way", "Orders worked on", labels=["kind"])
        oldest = GaugeMetricFamily(
            "cvtube_work_oldest_wait_seconds", "How long the oldest waits", labels=["kind"]
        )
        for depth in statistics.depths(self._session, self._now):
            age = (self._now - depth.since).total_seconds() if depth.since else 0
            waiting.add_metric([depth.kind.name], depth.waiting)
            busy.add_metric([depth.kind.name], depth.under_way)
            oldest.add_metric([depth.kind.name], age)
        yield from (waiting, busy, oldest)

    def _costs(self) -> Iterator[Metric]:
        totals = usage.totals(self._session)
        runs = CounterMetricFamily("cvtube_transcode_runs", "Attempts that ended", labels=LABELS)
        for kind, outcome, _cost, count in totals:
            runs.add_metric([kind, outcome], count)
        yield runs
        for name, what, cost_name in COSTS:
            family = CounterMetricFamily(name, what, labels=LABELS)
            for kind, outcome, cost, _count in totals:
                family.add_metric([kind, outcome], getattr(cost, cost_name))
            yield family


def text(session: Session, now: datetime) -> bytes:
    """Everything, in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Work(session, now))
    return generate_latest(registry)
