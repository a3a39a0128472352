"""Words in the reader's language, inside a request or far from one.

Message ids are the English sentences. Code marks them with `N_` where they are written down
and translates where they are shown; mails are written in workers, so this needs no request.
"""

from __future__ import annotations

import gettext
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

LANGUAGES = ("fr", "en")
CATALOGUES = Path(__file__).parent / "translations"
# Both languages are read in one country: its English, too, puts the day before the month.
DAY = "d MMMM y"
# Whose hours pages show, and whose night is meant where work waits for it.
TIME_ZONE = "Europe/Paris"


def N_(message: str) -> str:  # noqa: N802 (gettext's own name for a marked, not yet translated string)
    """Mark a message for the catalogue; `translate` it where it is shown."""
    return message


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The catalogue of a language; English is the message ids themselves."""
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation("messages", CATALOGUES, [language])


def translate(message: str, language: str, **values: object) -> str:
    """The message in the language, with `%(name)s` places filled in, sizes in its words."""
    text = catalogue(language).gettext(message)
    written = {
        name: file_size(value.size, language) if isinstance(value, FileSize) else value
        for name, value in values.items()
    }
    return text % written if written else text


@dataclass(frozen=True)
class FileSize:
    """Bytes that become words together with the sentence they stand in."""

    size: int


KIB = 1024


def file_size(size: int, language: str) -> str:
    """Bytes in the unit people know from their phones."""
    if size < KIB * KIB:
        return translate(N_("%(n)d kB"), language, n=max(1, round(size / KIB)))
    if size < KIB**3:
        return translate(N_("%(n)d MB"), language, n=round(size / KIB**2))
    number = format_decimal(round(size / KIB**3, 1), locale=language)
    return translate(N_("%(n)s GB"), language, n=number)


def day_in_words(moment: date, language: str, pattern: str = DAY) -> str:
    """A day in words, in the reader's language."""
    return with_first(format_date(moment, pattern, locale=language), language)


def with_first(written: str, language: str) -> str:
    """In French the first of a month is "1er", which the patterns of Unicode (CLDR) leave out."""
    return re.sub(r"\b1 (?=[a-zéû])", "1er ", written) if language == "fr" else written


def language_name(code: str, reader: str) -> str:
    """What a language is called in the reader's: ("en", "fr") -> "anglais"."""
    return str(Locale.parse(reader).languages.get(code, code))
