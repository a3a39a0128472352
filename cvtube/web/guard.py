"""For whom a view is: written on it, so that a test can refuse views that say nothing.

Views of pages that know no people can only be public; `cvtube.accounts.access` has the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

GUARD = "_cvtube_guard"


def public(view: Callable[P, R]) -> Callable[P, R]:
    """For everybody."""
    setattr(view, GUARD, "public")
    return view
