"""From what was measured to what is claimed. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

OURS, FLOOR = "cvtube", "floor"
RIVALS = ("peertube-like", "mediacms-like")
BUDGETS = (200, 400, 800, 1600)  # kb/s that reach a player
LEAD = 3.0  # VMAF points that people notice
MOST_CPU = {"peertube-like": 0.50, "mediacms-like": 0.27, FLOOR: 1.05}
MOST_BYTES = 0.60  # of PeerTube's
MODERN = ("av1", "h264")  # what a player of today takes, if it is there


@dataclass(frozen=True)
class Step:
    """One rung, measured."""

    name: str
    family: str
    kbps: float  # all of it, sound included
    picture_kbps: float
    vmaf: float


@dataclass(frozen=True)
class Round:
    """One pipeline's costs in one round."""

    cpu_s: float
    wall_s: float
    first_playable_s: float | None


def best(steps: Iterable[Step], budget: float, *, sound: bool = True) -> float:
    """The best picture that fits; 0 where nothing does, since then nothing plays."""
    fitting = (s.vmaf for s in steps if (s.kbps if sound else s.picture_kbps) <= budget)
    return max(fitting, default=0.0)


def family(steps: Sequence[Step], wanted: Sequence[str] = MODERN) -> list[Step]:
    """The rungs one player moves among: it keeps to one codec."""
    for name in wanted:
        if chosen := [step for step in steps if step.family == name]:
            return chosen
    return []


def halfway(one: Round, other: Round) -> Round:
    """What two runs cost on average; never watchable unless both were."""
    first, second = one.first_playable_s, other.first_playable_s
    return Round(
        (one.cpu_s + other.cpu_s) / 2,
        (one.wall_s + other.wall_s) / 2,
        None if first is None or second is None else (first + second) / 2,
    )


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The middle one of the rounds' ratios: what disturbs a round disturbs both in it."""
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))


def leads(
    steps: Mapping[str, Sequence[Step]], *, sound: bool = True, wanted: Sequence[str] = MODERN
) -> dict[str, dict[str, float]]:
    """For each rival and budget: how many points we are above it."""
    ours = family(steps[OURS], wanted)
    return {
        rival: {
            str(budget): round(
                best(ours, budget, sound=sound) - best(steps[rival], budget, sound=sound), 1
            )
            for budget in BUDGETS
        }
        for rival in RIVALS
    }


def missed(ratios: Mapping[str, float], leads: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Each goal that is not met, in words."""
    said = [
        f"CPU against {name} is {ratios[f'cpu/{name}']:.2f}, not {most:.2f}"
        for name, most in MOST_CPU.items()
        if ratios[f"cpu/{name}"] > most
    ]
    weight = ratios["bytes/peertube-like"]
    if weight > MOST_BYTES:
        said.append(f"bytes against peertube-like are {weight:.2f}, not {MOST_BYTES:.2f}")
    said += [
        f"at {budget} kb/s VMAF is {points:+.1f} against {rival}, not {LEAD:+.1f}"
        for rival, by_budget in leads.items()
        for budget, points in by_budget.items()
        if points < LEAD
    ]
    return said
