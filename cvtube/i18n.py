"""Words in the reader's language, inside a request or far from one.

Message ids are the English sentences. Code marks them with `N_` where they are written down
and translates where they are shown; mails are written in workers, so this needs no request.
"""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path

from babel import Locale

LANGUAGES = ("fr", "en")
CATALOGUES = Path(__file__).parent / "translations"
# Both languages are read in one country: its English, too, puts the day before the month.
DAY = "d MMMM y"


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
    """The message in the language, with `%(name)s` places filled in."""
    text = catalogue(language).gettext(message)
    return text % values if values else text


def language_name(code: str, reader: str) -> str:
    """What a language is called in the reader's: ("en", "fr") -> "anglais"."""
    return str(Locale.parse(reader).languages.get(code, code))
