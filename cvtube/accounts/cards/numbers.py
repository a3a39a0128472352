"""What people read off a card: its number and its PIN.

The last two of a number's twelve digits are ISO 7064 MOD 97-10, as in bank accounts: every
single wrong digit and every two that changed places are told as a slip of the finger, without
a look into the database and without counting as a guess.
"""

from __future__ import annotations

import secrets
import unicodedata
from itertools import pairwise

from cvtube.errors import Refused

NUMBER_LENGTH = 12
PIN_LENGTH = 6
_MODULUS = 97


def new_number() -> str:
    """A number nobody can guess from another one."""
    body = str(secrets.randbelow(9 * 10**9) + 10**9)  # ten digits, none of them lost as a zero
    return f"{body}{98 - int(body) * 100 % _MODULUS:02d}"


def number(typed: str) -> str:
    """The number without the spaces it is printed with.

    Raises:
        Refused: "card_number_length" or "card_number_typo".
    """
    digits = _digits(typed)
    if len(digits) != NUMBER_LENGTH or not digits.isdecimal():
        raise Refused("card_number_length", length=NUMBER_LENGTH)
    if int(digits) % _MODULUS != 1:
        raise Refused("card_number_typo")
    return digits


def in_groups(kept: str, size: int = 4) -> str:
    """As it is printed: 1234 5678 9012."""
    return " ".join(kept[i : i + size] for i in range(0, len(kept), size))


def new_pin() -> str:
    """Six digits by chance."""
    while is_easy(drawn := f"{secrets.randbelow(10**PIN_LENGTH):0{PIN_LENGTH}}"):
        pass
    return drawn


def pin(typed: str) -> str:
    """The PIN without spaces.

    Raises:
        Refused: "pin_length".
    """
    digits = _digits(typed)
    if len(digits) != PIN_LENGTH or not digits.isdecimal():
        raise Refused("pin_length", length=PIN_LENGTH)
    return digits


def own_pin(typed: str) -> str:
    """The same for a PIN that somebody chooses.

    Raises:
        Refused: also "pin_too_easy".
    """
    chosen = pin(typed)
    if is_easy(chosen):
        raise Refused("pin_too_easy")
    return chosen


def is_easy(chosen: str) -> bool:
    """Whether it is among what people try first: rows, repetitions, two digits at most."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(chosen)}
    halves = chosen[:3] == chosen[3:]
    return len(set(chosen)) <= 2 or halves or steps in ({1}, {9})  # noqa: PLR2004 (two digits)


def _digits(typed: str) -> str:
    """Digits of any script as ours, without what stands between groups."""
    kept = (c for c in typed if not c.isspace() and c not in ".-–")
    return "".join(str(unicodedata.decimal(c, c)) for c in kept)
