"""How `cvtube doctor` asks a part, and how a part says what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cvtube.runtime import Runtime


class Trouble(Exception):
    """A part does not work: what was seen, and what to do about it."""

    state = "no answer"

    def __init__(self, what: str, advice: str) -> None:
        super().__init__(what)
        self.what = what
        self.advice = advice


class NotConfigured(Trouble):
    """Everything works, but people miss something that only the operator can say."""

    state = "not set"


@dataclass(frozen=True)
class Check:
    """Of one part: `ask` returns what it is, or raises Trouble."""

    name: str
    ask: Callable[[Runtime], str]
    needed: bool = True
