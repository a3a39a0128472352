"""French establishments' numbers: nine digits of SIREN, five of the site, the last a check."""

from __future__ import annotations

import re

from cvtube.errors import Refused

LENGTH = 14
LA_POSTE = "356000000"


def normalize(typed: str) -> str | None:
    """The digits alone; None where nothing was typed.

    Raises:
        Refused: "siret_not_valid".
    """
    digits = re.sub(r"[\s.\-]", "", typed)
    if not digits:
        return None
    if (
        len(digits) != LENGTH
        or not digits.isascii()
        or not digits.isdigit()
        or not _adds_up(digits)
    ):
        raise Refused("siret_not_valid")
    return digits


def _adds_up(digits: str) -> bool:
    """The Luhn check; La Poste's thousands of sites outgrew it and use a plain sum (INSEE)."""
    if digits.startswith(LA_POSTE) and sum(map(int, digits)) % 5 == 0:
        return True
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(digits))
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0  # noqa: PLR2004 (a digit sum)
