"""Both servers in turns, on the same films.

Wall ratios are taken round by round, and the middle one counts: a machine that others use disturbs
a single one. CPU is summed over the rounds, since the kernel tells it in hundredths of a second.
Above one, the product is quicker than the bare program, or needs less.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from benchmarks.ingest.senders import Sender, film
from benchmarks.ingest.servers import Server
from cvtube.settings import MIB


class Case(NamedTuple):
    """How films are sent."""

    name: str
    at_once: int
    body_mib: int | None  # size of one PATCH; None: the whole film


CASES = (
    Case("one whole film", 1, None),
    Case("four whole films at once", 4, None),
    Case("one film in 8 MiB bodies", 1, 8),
    Case("one film in 4 MiB bodies", 1, 4),
    Case("one film in 1 MiB bodies", 1, 1),
)


class Cost(NamedTuple):
    """What taking in some films took."""

    wall_s: float
    cpu_s: float


def run(ours: Server, bare: Server, mib: int, rounds: int) -> dict[str, object]:
    """The figures of every case."""
    data = film(mib * MIB)
    return {case.name: _compare(case, ours, bare, data, rounds) for case in CASES}


def _compare(case: Case, ours: Server, bare: Server, data: bytes, rounds: int) -> dict[str, float]:
    # The first round is for connections, caches, and queries that are not compiled yet.
    everything = [
        (_round(case, ours, data, number), _round(case, bare, data, number))
        for number in range(rounds + 1)
    ]
    pairs = everything[1:]
    sent = case.at_once * len(data) / 1e6
    cpu_s, bare_cpu_s = (
        max(0.01, sum(cost.cpu_s for cost in costs)) for costs in zip(*pairs, strict=True)
    )
    return {
        "ratio_wall": _middle([theirs.wall_s / mine.wall_s for mine, theirs in pairs]),
        "ratio_cpu": round(bare_cpu_s / cpu_s, 3),
        "mb_a_second": _middle([sent / mine.wall_s for mine, _ in pairs]),
        "bare_mb_a_second": _middle([sent / theirs.wall_s for _, theirs in pairs]),
        "mb_a_cpu_second": round(rounds * sent / cpu_s, 1),
        "bare_mb_a_cpu_second": round(rounds * sent / bare_cpu_s, 1),
    }


def people_for(rounds: int) -> int:
    """Senders: others in each round, since nobody may begin a film every second."""
    return (rounds + 1) * max(case.at_once for case in CASES)


def _round(case: Case, server: Server, data: bytes, number: int) -> Cost:
    body = (case.body_mib or 0) * MIB or len(data)
    first = people_for(number - 1)
    people = server.passes[first : first + case.at_once]
    senders = [Sender(server.port, one, data, body) for one in people]
    for sender in senders:
        sender.begin()
    began, used = time.monotonic(), server.cpu_s()
    with ThreadPoolExecutor(len(senders)) as pool:
        list(pool.map(Sender.send, senders))
    cost = Cost(time.monotonic() - began, server.cpu_s() - used)
    for sender in senders:
        sender.end()
    server.forget()
    return cost


def _middle(values: Sequence[float]) -> float:
    return round(statistics.median(values), 3)
