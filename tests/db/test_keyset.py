"""Lists that grow while they are read lose nothing and show nothing twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtube.db import keyset
from cvtube.db.base import ALPHABET, ID_LENGTH
from cvtube.errors import Refused

IDS = st.text(ALPHABET, min_size=ID_LENGTH, max_size=ID_LENGTH)
TIMES = st.datetimes(
    min_value=datetime(1990, 1, 1),  # noqa: DTZ001 (hypothesis adds the zone)
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=-11))]),
)


@given(TIMES, IDS)
def test_what_is_written_into_an_address_is_read_again(at, row_id):
    assert keyset.decode_position(keyset.encode_position(keyset.KeysetPosition(at, row_id))) == (
        at,
        row_id,
    )


@given(st.text())
def test_whatever_else_stands_there_is_refused_or_is_a_place(text):
    try:
        place = keyset.decode_position(text)
    except Refused:
        return
    assert (place is None) == (not text)


@pytest.mark.parametrize(
    "text",
    [
        "~",
        "2026-03-02~",
        "2026-03-02T09:00:00~" + "0" * 26,
        "now~" + "0" * 26,
        "2026-03-02T09:00:00+00:00~' OR 1=1",
        "2026-03-02T09:00:00+00:00~" + "\0" * 26,
        "0001-01-01T00:00:00+14:00~" + "0" * 26,
    ],
)
def test_a_place_we_never_wrote_is_refused(text):
    with pytest.raises(Refused):
        keyset.decode_position(text)


@given(st.integers(0, 9), st.integers(1, 4))
def test_pages_put_together_are_the_list(length, size):
    start = datetime(2026, 3, 2, tzinfo=UTC)
    rows = [keyset.KeysetPosition(start + timedelta(days=i), "0" * 26) for i in range(length)]
    shown: list[keyset.KeysetPosition] = []
    last = None
    while True:
        rest = [row for row in rows if last is None or row > last]
        page = keyset.page_of(rest[: size + 1], size, lambda row: row)
        shown += page.rows
        if page.next is None:
            break
        last = keyset.decode_position(page.next)
    assert shown == rows
