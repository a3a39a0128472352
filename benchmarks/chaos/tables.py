"""Everything the storm knows of the product's tables: no other module here names one.

What is not over is found by the names of columns, wherever there is such a table: leases are
`lease_until`, and whoever has one has a `state`. So the same questions can be asked of a schema
in which each kind of work has a table of its own, and of one that has a single table for all.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import psycopg
from psycopg import sql

UNDER_WAY = ["uploaded", "transcoding", "waiting", "queued", "working", "running", "leased"]
READY, FAILED, UPLOADED = "ready", "failed", "uploaded"  # stages, and the verbs of their events
GAVE_UP = "transcode_gave_up"  # tried too often: its worker was killed each time
HELD = "SELECT count(*) FROM {table} WHERE {column} IS NOT NULL"
LISTED = "SELECT count(*) FROM {table} WHERE {column} = ANY(%s)"

Rows = list[tuple[object, ...]]


@dataclass(frozen=True)
class Clip:
    """One recording as the database has it."""

    id: str
    stage: str
    error_code: str | None
    chunks: list[tuple[int, int, str]]  # start, size, key
    objects: list[tuple[str, int]]  # key, size: what was made of it
    events: Counter[str]


class Tables:
    """One look at them; its transaction is the caller's."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def _rows(self, query: str, *values: object) -> Rows:
        return self._connection.execute(query.encode(), values).fetchall()

    def clips(self, upload_id: str) -> list[Clip]:
        """What became of an upload: its clip, unless that is gone."""
        found = self._rows(
            "SELECT c.id, c.stage, c.error_code FROM clip c"
            " JOIN upload_session u ON u.clip_id = c.id WHERE u.id = %s",
            upload_id,
        )
        return [self._clip(str(i), str(stage), code) for i, stage, code in found]

    def _clip(self, clip_id: str, stage: str, code: object) -> Clip:
        chunks = self._rows(
            "SELECT start, size, key FROM original_chunk WHERE clip_id = %s ORDER BY start", clip_id
        )
        made = self._rows("SELECT key, size FROM asset WHERE clip_id = %s", clip_id)
        events = self._rows(
            "SELECT verb, count(*) FROM video_event WHERE clip_id = %s GROUP BY verb", clip_id
        )
        return Clip(
            clip_id, stage, None if code is None else str(code),
            [(_whole(start), _whole(size), str(key)) for start, size, key in chunks],
            [(str(key), _whole(size)) for key, size in made],
            Counter({str(verb): _whole(count) for verb, count in events}),
        )  # fmt: skip

    def uploads_called(self, name: str) -> int:
        """How often a film was taken in."""
        wanted = (
            "SELECT count(*) FROM upload_session WHERE fingerprint = %s AND finished_at IS NOT NULL"
        )
        return _whole(self._rows(wanted, name)[0][0])

    def film_exists(self, video_id: str) -> bool:
        return bool(self._rows("SELECT 1 FROM video WHERE id = %s", video_id))

    def deletions(self, video_id: str) -> int:
        """Events that say so."""
        wanted = "SELECT count(*) FROM video_event WHERE video_id = %s AND verb = 'deleted'"
        return _whole(self._rows(wanted, video_id)[0][0])

    def letters(self, address: str) -> set[str]:
        """Ids of mails to somebody."""
        found = self._rows("SELECT id FROM mail WHERE to_address = %s", address)
        return {str(one) for (one,) in found}

    def sizes(self) -> dict[str, int]:
        """Every object that a row names, with its size."""
        found = self._rows("SELECT key, size FROM original_chunk UNION SELECT key, size FROM asset")
        return {str(key): _whole(size) for key, size in found}

    def not_over(self) -> dict[str, int]:
        """What is still held, waits or is on its way out, by kind; nothing where all is settled."""
        found = {
            "mails that wait": "SELECT count(*) FROM mail WHERE sent_at IS NULL",
            "films to purge": "SELECT count(*) FROM video WHERE deleted_at IS NOT NULL",
            "clips to purge": "SELECT count(*) FROM clip WHERE stage = 'abandoned'",
        }
        counts = {kind: _whole(self._rows(query)[0][0]) for kind, query in found.items()}
        for table, column in self._columns("lease_until"):
            counts[f"{table} under lease"] = self._count(HELD, table, column)
        for table, column in self._columns("state", "stage"):
            counts[f"{table} under way"] = self._count(LISTED, table, column, UNDER_WAY)
        return {kind: count for kind, count in counts.items() if count}

    def _columns(self, *names: str) -> list[tuple[str, str]]:
        found = self._rows(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name = ANY(%s) ORDER BY 1, 2",
            list(names),
        )
        return [(str(table), str(column)) for table, column in found]

    def _count(self, condition: str, table: str, column: str, *values: object) -> int:
        names = {"table": sql.Identifier(table), "column": sql.Identifier(column)}
        row = self._connection.execute(sql.SQL(condition).format(**names), values).fetchone()
        return _whole(row[0]) if row else 0


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(value)
    return value
