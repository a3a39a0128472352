"""Forms whose mistakes are refusals: every one has its code and its sentence in the one table.

A form that cannot be accepted comes back with everything that was typed (passwords aside),
a list of what is wrong on top, and the status 422; programs get the same as problem JSON.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from http import HTTPStatus
from typing import Any, NamedTuple

from flask import Response, jsonify, make_response, render_template, request
from flask_babel import get_locale
from flask_wtf import FlaskForm
from wtforms import Field, PasswordField, StringField, TextAreaField
from wtforms.validators import StopValidation

from cvtube.errors import Refused
from cvtube.web.errors import wants_json
from cvtube.web.unit_of_work import READING


class Mistake(str):
    """A sentence that knows the code of its refusal."""

    __slots__ = ("code",)
    code: str

    @classmethod
    def of(cls, refused: Refused) -> Mistake:
        mistake = cls(refused.sentence(str(get_locale() or "fr")))
        mistake.code = refused.code
        return mistake


class Wrong(NamedTuple):
    """One mistake, and the field it is in (None: the form as a whole)."""

    field: Field | None
    mistake: Mistake


class Form(FlaskForm):
    """A form of this site."""

    class Meta(FlaskForm.Meta):
        csrf = False  # CSRFProtect checks every unsafe request, forms or not

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            kind = unbound_field.field_class
            if issubclass(kind, StringField) and not issubclass(kind, PasswordField):
                clean = plain_text if issubclass(kind, TextAreaField) else one_line
                options["filters"] = [clean, *options.get("filters", ())]
            return super().bind_field(form, unbound_field, options)

    refusal: Refused | None = None  # one that came from the work itself
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY
    headers: dict[str, str] = {}  # noqa: RUF012 (replaced, never changed)

    def __init__(self, **options: Any) -> None:
        if "formdata" not in options and request.method not in READING:
            if request.is_json:  # Flask-WTF would take it for a form, whatever is in it
                raise Refused("bad_request")
            # What browsers leave out was emptied: it must not come back from what was there.
            options = {k: v for k, v in options.items() if k not in {"obj", "data"}}
        super().__init__(**options)

    def accepted(self) -> bool:
        """Whether it was sent and every field is right."""
        return bool(self.is_submitted() and self.validate())

    def text(self, name: str) -> str:
        """What was typed into a field, empty where nothing was."""
        return str(self[name].data or "")

    def refuse(self, refused: Refused, field: Field | None = None) -> None:
        """Put a refusal that came later, from the work itself, where it belongs."""
        if field is not None:
            field.errors = [*field.errors, Mistake.of(refused)]
        else:
            self.form_errors.append(Mistake.of(refused))
        self.refusal = refused
        self.status, self.headers = refused.status, refused.headers

    def mistakes(self) -> Iterator[Wrong]:
        """Everything that is wrong, in the order of the page."""
        yield from (Wrong(None, mistake) for mistake in self.form_errors)
        for field in self:
            yield from (Wrong(field, mistake) for mistake in field.errors)


def plain_text(typed: str | None) -> str | None:
    """What was typed without characters nobody sees (PostgreSQL refuses one of them) or needs."""
    if typed is None:
        return None
    lines = typed.replace("\r\n", "\n")
    return "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) != "Cc").strip()


def one_line(typed: str | None) -> str | None:
    """The same for fields of a single line: browsers send no line breaks there, others may."""
    return None if typed is None else plain_text(" ".join(typed.split()))


class Rule:
    """A validator from a function that raises Refused."""

    def __init__(self, rule: Callable[[Any], object], *, needed: bool = False) -> None:
        self._rule = rule
        self.field_flags: dict[str, Any] = {"required": True} if needed else {}

    def __call__(self, _form: object, field: Field) -> None:
        try:
            self._rule(field.data or "")  # None where the browser sent nothing
        except Refused as refused:
            raise StopValidation(Mistake.of(refused)) from refused


class Needed(Rule):
    """A validator for what must not stay empty."""

    def __init__(self, code: str) -> None:
        def rule(data: object) -> None:
            if not data or (isinstance(data, str) and not data.strip()):
                raise Refused(code)

        super().__init__(rule, needed=True)


class AtMost(Rule):
    """A validator for the length of a text; browsers stop there as well."""

    def __init__(self, longest: int) -> None:
        def rule(data: str | None) -> None:
            if data and len(data) > longest:
                raise Refused("text_too_long", longest=longest)

        super().__init__(rule)
        self.field_flags = {"maxlength": longest}


class OneOf(Rule):
    """A validator for choices: browsers send what we offered, others may send anything.

    Nothing chosen is allowed; say `Needed` where it is not.
    """

    def __init__(self, choices: Iterable[str]) -> None:
        known = frozenset(choices)

        def rule(data: str | Sequence[str] | None) -> None:
            chosen = [data] if isinstance(data, str) else data or []
            if not known.issuperset(filter(None, chosen)):
                raise Refused("choice_unknown")

        super().__init__(rule)


def form_page(template: str, form: Form, **values: object) -> Response:
    """The form to fill in, or the form with what is wrong with it."""
    wrong = list(form.mistakes())
    if wrong and wants_json():
        answer = _problem(form, wrong)
    else:
        answer = make_response(render_template(template, form=form, **values))
    if wrong:
        answer.status_code = form.status
        answer.headers.update(form.headers)
    return answer


def _problem(form: Form, wrong: list[Wrong]) -> Response:
    first = wrong[0].mistake
    response = jsonify(
        type="about:blank",
        title=first,
        status=form.status,
        code=first.code,
        fields=[
            {"name": field.name, "code": mistake.code, "title": mistake}
            for field, mistake in wrong
            if field is not None
        ],
    )
    response.content_type = "application/problem+json"
    return response
