"""What is wrong with a clip as a film, in plain words; never about the person in it.

It is for looking there first. Nothing is decided by it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from cvtube.i18n import N_

NO_SOUND, LOW_SOUND = -50.0, -35.0  # LUFS of what was sent
MOST = 3  # of a kind; after so many one looks anyway

ALONG = {
    "silent": N_("Silent from %(start)s to %(end)s"),
    "black": N_("Black picture from %(start)s to %(end)s"),
    "still": N_("The picture is frozen from %(start)s to %(end)s"),
}


class QualityNote(NamedTuple):
    """A message id, and where in the clip it holds (ms); all along if both are zero."""

    words: str
    start_ms: int = 0
    end_ms: int = 0


def notes_on(checks: Mapping[str, Any]) -> list[QualityNote]:
    """From the facts a transcode leaves."""
    if not checks:
        return []
    lufs = checks.get("lufs")
    lufs = -math.inf if lufs is None else lufs
    unheard = lufs < NO_SOUND
    notes = []
    if unheard:
        notes.append(QualityNote(N_("There is no sound")))
    elif lufs < LOW_SOUND:
        notes.append(QualityNote(N_("The sound is low")))
    return notes + [
        QualityNote(words, round(1000 * start), round(1000 * end))
        for kind, words in ALONG.items()
        if not (unheard and kind == "silent")
        for start, end in checks.get(kind, [])[:MOST]
    ]
