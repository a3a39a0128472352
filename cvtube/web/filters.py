"""How templates write numbers and times, in the reader's language, and addresses for cameras."""

from __future__ import annotations

import io
from datetime import date

import segno
from flask import Flask
from flask_babel import (
    format_date,
    format_datetime,
    format_percent,
    format_timedelta,
    get_locale,
)
from markupsafe import Markup

from cvtube import i18n


def init_app(app: Flask) -> None:
    """Register the filters and the Jinja extensions templates use."""
    app.jinja_env.filters.update(
        clock=minutes_and_seconds,
        qr=qr,
        file_size=file_size,
        day=day,
        moment=format_datetime,
        span=format_timedelta,
        percent=percent,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def day(moment: date, pattern: str | None = None) -> str:
    """A day in the reader's language and time zone."""
    written = format_date(moment, format=pattern)
    return i18n.with_first(written, str(get_locale()))


def percent(hundredths: int) -> str:
    """45 -> 45 %, as scripts write it, too."""
    return str(format_percent(hundredths / 100))


def minutes_and_seconds(milliseconds: int) -> str:
    """A film's length or a moment in it, in whole seconds that have passed, as players count.

    75900 -> 1:15
    """
    minutes, seconds = divmod(int(milliseconds) // 1000, 60)
    return f"{minutes}:{seconds:02d}"


def qr(address: str) -> Markup:
    """A QR code as a drawing: black on white in any theme, with the margin cameras need."""
    code = segno.make(address, error="m", micro=False)
    return Markup(  # noqa: S704 (shapes and numbers alone, whatever the address says)
        code.svg_inline(omitsize=True, border=4, dark="#000", light="#fff", svgclass="qr")
    )


def qr_picture(address: str) -> bytes:
    """The same as a PNG file, sharp enough to be printed as large as a hand."""
    picture = io.BytesIO()
    segno.make(address, error="m", micro=False).save(picture, kind="png", scale=16, border=4)
    return picture.getvalue()


def file_size(size: int) -> str:
    """Bytes in the unit people know from their phones."""
    return i18n.file_size(size, str(get_locale() or "en"))
