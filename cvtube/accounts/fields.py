"""Two kinds of field that are more than one input: a completed text, and a list of languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import get_locale
from wtforms import Field, StringField
from wtforms.validators import StopValidation

from cvtube.accounts.labels import LanguageLevel, language_names
from cvtube.accounts.profile import MOST_LANGUAGES
from cvtube.errors import Refused
from cvtube.taxonomy.matching import Match, Named
from cvtube.taxonomy.occupations import JobSought
from cvtube.web.forms import Mistake, plain_text

OWN_WORDS = "own"  # the choice of one's own words


class CompletedField(StringField):
    """A text that names one thing of a vocabulary; `code` is the thing's, once it is found.

    Three inputs: the text; `…_code`, which completion fills in; `…_choice`, the radio buttons
    with which the page comes back when the text alone may mean several things, or nothing we
    know. Where `own_words` is a length, the text may then stay as it is, in `words`.
    `unknown`, `unclear` and `missing` are the codes of refusals.
    """

    def __init__(
        self,
        label: Any,
        validators: Sequence[Any] = (),
        *,
        match: Callable[[str, str], Match[Any]],
        find: Callable[[str | None], Named | None],
        unknown: str,
        unclear: str,
        missing: str | None = None,
        own_words: int = 0,
        **options: Any,
    ) -> None:
        super().__init__(label, list(validators), **options)
        self._match, self._find = match, find
        self._unknown, self._unclear, self._missing = unknown, unclear, missing
        self.flags.required = missing is not None
        self.code: str | None = None
        self.words = ""
        self.may_keep = ""  # what was typed, where it may be kept in these words
        self._own_words = own_words
        self._chosen: str | None = None
        self.offered: Sequence[Named] = ()

    def process_data(self, value: str | JobSought | None) -> None:
        """The code of a thing, or what the words of a job were when no code fitted."""
        self.words = value.words if isinstance(value, JobSought) else ""
        known = self._find(value.code if isinstance(value, JobSought) else value)
        self.code = known.code if known else None
        self.data = known.named(_language()) if known else self.words

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        super().process(formdata, data, extra_filters)
        if formdata is not None:
            self.code = plain_text(formdata.get(f"{self.name}_code"))
            self._chosen = plain_text(formdata.get(f"{self.name}_choice"))

    def pre_validate(self, form: object) -> None:  # noqa: ARG002 (WTForms' protocol)
        typed = " ".join((self.data or "").split())
        if self._keeps(typed):
            self.code, self.words = None, typed
            return
        chosen = self._find(self._chosen)
        found = Match(chosen) if chosen else self._match(typed, self.code or "")
        self.code, self.words = (found.one.code if found.one else None), ""
        self.offered = found.several
        self.may_keep = "" if found.one or len(typed) > self._own_words else typed
        if found.one:
            self.data = found.one.named(_language())
        elif self.offered:
            raise _stop(Refused(self._unclear))
        elif typed:
            raise _stop(Refused(self._unknown))
        elif self._missing:
            raise _stop(Refused(self._missing))

    def _keeps(self, typed: str) -> bool:
        """Whether these words stay: chosen just now, or kept before and sent again unchanged."""
        kept_before = bool(self.words) and typed == self.words
        return 0 < len(typed) <= self._own_words and (self._chosen == OWN_WORDS or kept_before)


class LanguagesField(Field):
    """Languages and how well one speaks each: rows of two lists, `language` and `level`."""

    rows: list[tuple[str, str]]

    def process_data(self, value: dict[str, str] | None) -> None:
        self.data = value or {}
        self.rows = list(self.data.items())

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        super().process(formdata, data, extra_filters)
        if formdata is not None:
            pairs = zip(formdata.getlist("language"), formdata.getlist("level"), strict=False)
            self.rows = [pair for pair in pairs if any(pair)][:MOST_LANGUAGES]

    def process_formdata(self, valuelist: list[Any]) -> None:
        """The rows are read by `process`: no input bears this field's own name."""

    def pre_validate(self, form: object) -> None:  # noqa: ARG002 (WTForms' protocol)
        names = language_names(_language())
        spoken: dict[str, str] = {}
        for code, level in self.rows:
            if not code:
                raise _stop(Refused("language_missing"))
            if code not in names or (level and level not in set(LanguageLevel)):
                raise _stop(Refused("choice_unknown"))
            if not level:
                raise _stop(Refused("level_missing", spoken=names[code]))
            if code in spoken:
                raise _stop(Refused("language_twice", spoken=names[code]))
            spoken[code] = level
        self.data = spoken

    def shown_rows(self) -> list[tuple[str, str]]:
        """What was said, and empty rows up to the most there can be."""
        return self.rows + [("", "")] * (MOST_LANGUAGES - len(self.rows))


def _language() -> str:
    return str(get_locale() or "fr")


def _stop(refused: Refused) -> StopValidation:
    return StopValidation(Mistake.of(refused))
