"""Days and hours as both languages write them in one country."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask_babel import format_date, format_datetime

from cvtube.i18n import day_in_words

MOMENT = datetime(2026, 3, 2, 20, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "medium", "long"),
    [("fr", "2 mars 2026", "2 mars 2026"), ("en", "2 Mar 2026", "2 March 2026")],
)
def test_the_day_comes_first_and_hours_go_to_24(app, language, medium, long):
    with app.test_request_context(headers={"Accept-Language": language}):
        assert format_date(MOMENT) == medium
        assert format_date(MOMENT, "long") == long
        assert format_date(MOMENT, "short") == "02/03/2026"
        assert format_datetime(MOMENT, "short") == "02/03/2026 21:05"


@pytest.mark.parametrize(
    ("day", "french"),
    [(1, "1er juin 2027"), (11, "11 juin 2027"), (21, "21 juin 2027"), (31, "31 août 2027")],
)
def test_the_first_of_a_month_is_written_as_the_french_do(app, day, french):
    written = datetime(2027, 8 if day == 31 else 6, day, 12, tzinfo=UTC)
    assert day_in_words(written, "fr") == french
    with app.test_request_context(headers={"Accept-Language": "fr"}):
        assert app.jinja_env.filters["day"](written, "long") == french
        assert app.jinja_env.filters["day"](written, "short") == f"{written:%d/%m/%Y}"
    assert day_in_words(written, "en") == f"{day} {written:%B} 2027"
