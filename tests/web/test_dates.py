"""Days and hours as both languages write them in one country."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask_babel import format_date, format_datetime

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
