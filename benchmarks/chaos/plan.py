"""Who is killed when. The same seed gives the same plan."""

from __future__ import annotations

import random
from dataclasses import dataclass

# How often each is hit beside the others. What is in brackets in a name is a child of the rest.
WEIGHTS = {
    "web": 6,
    "web (worker)": 3,
    "transcode": 6,
    "transcode (job)": 4,
    "transcode (encoder)": 3,
    "general": 4,
    "general (job)": 1,
    "clock": 5,
    "valkey": 4,
    "postgresql": 2,
    "postgresql (backend)": 2,
}
LAST = "clock"  # its start looks for whatever is due, so that nobody waits ten minutes for that
LONGEST_AWAY_S = 3.0


@dataclass(frozen=True)
class Blow:
    """One SIGKILL."""

    after_s: float  # the one before
    victim: str
    which: float  # of several such processes: 0 the first, 1 beyond the last
    away_s: float  # before it is started again


def blows(seed: int, kills: int, every_s: float) -> list[Blow]:
    """So many, one every so many seconds on average; each kind of victim is among them."""
    chance = random.Random(seed)  # noqa: S311 (the same again is the point)
    victims = _victims(kills)
    victims.remove(LAST)
    chance.shuffle(victims)
    return [
        Blow(
            chance.uniform(0.3, 1.7) * every_s, victim, chance.random(),
            chance.uniform(0, LONGEST_AWAY_S),
        )
        for victim in [*victims, LAST]
    ]  # fmt: skip


def _victims(kills: int) -> list[str]:
    if kills < len(WEIGHTS):
        raise ValueError(f"at least {len(WEIGHTS)} kills, so that everybody has their turn")
    shares = {name: kills * weight / sum(WEIGHTS.values()) for name, weight in WEIGHTS.items()}
    counts = {name: max(1, int(share)) for name, share in shares.items()}
    by_need = sorted(WEIGHTS, key=lambda name: counts[name] - shares[name])
    while sum(counts.values()) != kills:
        more = sum(counts.values()) < kills
        name = next(one for one in (by_need if more else by_need[::-1]) if more or counts[one] > 1)
        counts[name] += 1 if more else -1
        by_need.remove(name)
        by_need.insert(len(by_need) if more else 0, name)
    return [name for name, count in counts.items() for _ in range(count)]
