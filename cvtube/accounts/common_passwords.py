"""Whether a password is one of those that everybody tries first.

Programs that guess take words, names and leaked passwords, and write them as people do: with a
year or a sign at the end, with 0 for o, twice, or along the keyboard. So what is looked up is
what is left of a password without all that (NIST SP 800-63B, section 3.1.1.2; OWASP ASVS 5.0,
6.2.4). Passwords of several words are nobody's first guess.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

SHORTEST_WALK = 3  # keys
SHORT_NUMBER = 12  # digits; fewer are soon tried, and most are dates and telephone numbers
_AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_BEHIND = re.compile(r"[\W\d_]+$")
# What people write for letters; 1 is an i or an l.
_SIGNS = str.maketrans("0345789@$!€", "oeasgbgasie")
_ONES = (str.maketrans("1", "i"), str.maketrans("1", "l"))
# Keys in a row, and pairs of rows typed in turn, on French and English keyboards.
_ROWS = ("azertyuiop", "qsdfghjklm", "wxcvbn", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890",
         "abcdefghijklmnopqrstuvwxyz")  # fmt: skip
_TURNS = ("1a2z3e4r5t6y7u8i9o0p", "1q2w3e4r5t6y7u8i9o0p", "a1z2e3r4t5y6", "q1w2e3r4t5y6",
          "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "1aqw2zsx3edc4rfv5tgb", "a1b2c3d4e5f6", "1a2b3c4d5e6f",
          "aqzsedrftgyhujik", "qawsedrftgyhujik")  # fmt: skip


def is_common(password: str) -> bool:
    """Whether a guesser would have it among the first."""
    typed = _folded(password)
    if typed.isdigit() and len(typed) < SHORT_NUMBER:
        return True
    return _walks(typed) or any(form in _known() for form in _forms(typed))


def is_like(password: str, address: str) -> bool:
    """Whether it is the person's own address, or the name in it, with something around."""
    if not address:
        return False
    own = {_folded(part) for part in (address, address.partition("@")[0])}
    own |= {re.sub(r"[\W\d_]+", "", part) for part in own}
    own = {part for part in own if len(part) >= SHORTEST_WALK}
    forms = set(_forms(_folded(password)))
    return not own.isdisjoint(forms | {re.sub(r"[\W\d_]+", "", form) for form in forms})


def _folded(typed: str) -> str:
    """Lower case without accents."""
    apart = unicodedata.normalize("NFKD", typed.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _forms(typed: str) -> Iterator[str]:
    """The password, and what it is made from."""
    for form in (typed, _AROUND.sub("", typed), _BEHIND.sub("", typed)):
        for ones in _ONES:
            for read in (form, form.translate(ones).translate(_SIGNS)):
                yield read
                yield _AROUND.sub("", read)
                yield _once(read)


def _once(text: str) -> str:
    """What it repeats, if it is nothing but one text again and again."""
    size = (text + text).find(text, 1)
    return text[:size] if size > 0 else text


def _walks(typed: str) -> bool:
    """Whether nothing but runs along the keyboard, and keys held down, make it up."""
    position = 0
    while position < len(typed):
        longest = _longest_walk(typed, position)
        if longest < SHORTEST_WALK:
            return False
        position += longest
    return True


def _longest_walk(typed: str, start: int) -> int:
    end = start
    while end < len(typed) and _is_walk(typed[start : end + 1]):
        end += 1
    return end - start


def _is_walk(keys: str) -> bool:
    held = len(set(keys)) == 1
    return held or any(keys in way or keys[::-1] in way for way in (*_ROWS, *_TURNS))


@cache
def _known() -> frozenset[str]:
    return lines("common_passwords.txt") | lines("password_words.txt")


def lines(name: str) -> frozenset[str]:
    """The entries of a list below `data/`."""
    text = files("cvtube").joinpath("data", name).read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))
