"""How a part of a film stands, in a word or two for the list of its parts."""

from __future__ import annotations

from cvtube.candidate.films.status_text import StatusText
from cvtube.i18n import N_
from cvtube.videos.status import Situation

TO_FILM = StatusText("camera", "", N_("Not filmed yet"))
TO_CHOOSE = StatusText("help", "warn", N_("Choose a recording"))
SENDING = StatusText("send", "", N_("Being sent"))
PREPARING = StatusText("film", "", N_("Being prepared"))
READY = StatusText("check", "good", N_("Ready"))
APPROVED = StatusText("check", "good", N_("Approved"))
REDO = StatusText("redo", "warn", N_("To film again"))
IN_REVIEW = StatusText("shield", "", N_("Being reviewed"))
ONLINE = StatusText("eye", "good", N_("Online"))

_TEXTS = {
    Situation.EMPTY: TO_FILM,
    Situation.SENDING: SENDING,
    Situation.PREPARING: PREPARING,
    Situation.READY: READY,
    Situation.APPROVED: APPROVED,
    Situation.PAUSED: READY,
    Situation.EXPIRED: READY,
    Situation.FAILED: REDO,
    Situation.NEEDS_CHANGES: REDO,
    Situation.REFUSED: REDO,
    Situation.IN_REVIEW: IN_REVIEW,
    Situation.ONLINE: ONLINE,
}


def part_status_text(state: Situation, *, takes: bool) -> StatusText:
    """The text for a part in this situation; `takes`: recordings of it wait to be chosen."""
    text = _TEXTS[state]
    return TO_CHOOSE if text is TO_FILM and takes else text
