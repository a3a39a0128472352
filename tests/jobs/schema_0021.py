"""A database as the version before jobs had a table left it: everything half-way, on purpose.

Its rows are written by hand, since the models of that version are gone; its tables are made by
the migrations of that version.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, column, select, table, text

from cvtube.db.base import UTCDateTime

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
NIGHTLY = "cvtube.moderation.jobs.forget_old_decisions"
SWEEP = "cvtube.privacy.jobs.sweep_portion"
STAGES = ("uploading", "kept", "uploaded", "waits", "transcoding", "dead", "ready", "failed")


def _add(connection: Connection, table: str, **values: object) -> None:
    names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
    zone = "+00" if connection.dialect.name == "postgresql" else ""
    stored = {
        name: f"{value:%Y-%m-%d %H:%M:%S.%f}{zone}" if isinstance(value, datetime) else value
        for name, value in values.items()
    }
    statement = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'  # noqa: S608 (our own names)
    connection.execute(text(statement), stored)


def fill(connection: Connection, now: datetime) -> None:
    """One person; a film with a clip in each stage; an order of each kind in each state."""
    _add(
        connection, "user", id="ada", role="candidate", given_name="Ada", family_name="Test",
        language="fr", created_at=now, email="ada@example.org",
    )  # fmt: skip
    for film in ("film", "deleted", *(f"export-{state}" for state in ORDERS)):
        _add(
            connection, "video", id=film, owner_id="ada", visibility="draft", job_words="",
            created_at=now, changed_at=now, deleted_at=now if film == "deleted" else None,
        )  # fmt: skip
    for stage in STAGES:
        _clip(connection, stage, now)
    for state, order in ORDERS.items():
        _clip(connection, "ready", now, name=f"again-{state}", attempt=3)
        _clip(connection, "ready", now, name=f"of-{state}", film=f"export-{state}")
        orders = {"ordered_at": now - HOUR, "state": state, **_times(order, now)}
        _add(connection, "reencode", clip_id=f"again-{state}", video_id="film", **orders)
        size = 4 if state == "done" else None
        _add(
            connection, "film_file", video_id=f"export-{state}", cut="c", size=size, **orders
        )  # fmt: skip
    _drafts(connection, now)
    for path, done, claimed in ((NIGHTLY, 48 * HOUR, now + 300 * SECOND), (SWEEP, HOUR, None)):
        _add(
            connection, "periodic_run", path=path, done_until=now - done, claimed_until=claimed
        )  # fmt: skip
    for name, attempts, sent in (("new", 0, None), ("tried", 2, None), ("given-up", 5, None),
                                 ("sent", 0, now)):  # fmt: skip
        _add(
            connection, "mail", id=f"mail-{name}", to_address="ada@example.org", subject="s",
            body="b", created_at=now, not_before=now + attempts * SECOND, attempts=attempts,
            sent_at=sent,
        )  # fmt: skip


def set_night(connection: Connection, done_until: datetime) -> None:
    """When the nightly task was done last."""
    connection.execute(text("DELETE FROM periodic_run WHERE path = :path"), {"path": NIGHTLY})
    _add(connection, "periodic_run", path=NIGHTLY, done_until=done_until, claimed_until=None)


def night(connection: Connection) -> datetime:
    """The same, asked."""
    of = table("periodic_run", column("path"), column("done_until", UTCDateTime))
    return connection.scalars(select(of.c.done_until).where(of.c.path == NIGHTLY)).one()


ORDERS = {
    "waiting": {"tries": 1, "attempt": 4, "not_before": 10 * SECOND},
    "working": {"tries": 2, "attempt": 5, "lease_until": 7 * SECOND, "progress": 30},
    "done": {"tries": 1, "attempt": 4, "ended_at": -SECOND, "progress": 100},
    "failed": {"tries": 4, "attempt": 7, "ended_at": -SECOND, "error_code": "film_broken"},
}


def _times(values: dict[str, object], now: datetime) -> dict[str, object]:
    found = {
        name: now + value if isinstance(value, timedelta) else value
        for name, value in values.items()
    }
    return {"progress": 0, "tries": 0, "attempt": 0, **found}


_OF_STAGE: dict[str, dict[str, object]] = {
    "uploading": {},
    "kept": {"uploaded_at": -HOUR, "chapter_id": "chapter", "attempt": 2},
    "uploaded": {"uploaded_at": -HOUR, "nudged_at": -HOUR},
    "waits": {"uploaded_at": -HOUR, "attempt": 2, "tries": 2, "not_before": 60 * SECOND},
    "transcoding": {
        "uploaded_at": -HOUR, "attempt": 3, "tries": 1, "lease_until": 7 * SECOND,
        "started_at": -60 * SECOND, "worker": "mill:7", "progress": 42,
    },
    "dead": {"uploaded_at": -HOUR, "attempt": 1, "tries": 1, "lease_until": -SECOND},
    "ready": {
        "uploaded_at": -HOUR, "attempt": 1, "tries": 1, "started_at": -2 * HOUR,
        "ready_at": -HOUR, "duration_ms": 1000, "progress": 100,
    },
    "failed": {"uploaded_at": -HOUR, "attempt": 4, "tries": 4, "error_code": "film_broken"},
}  # fmt: skip
_STORED = {"waits": "uploaded", "dead": "transcoding"}


def _clip(
    connection: Connection, stage: str, now: datetime, *, name: str = "", film: str = "film",
    attempt: int | None = None,
) -> None:  # fmt: skip
    values = _times(_OF_STAGE[stage], now)
    if attempt is not None:
        values["attempt"] = attempt
    if stage == "kept":
        _add(connection, "chapter", id="chapter", video_id="film", position=0, title="", topic="")
    _add(
        connection, "clip", id=name or stage, video_id=film, stage=_STORED.get(stage, stage),
        review="none", created_at=now - 2 * HOUR, **values,
    )  # fmt: skip


def _drafts(connection: Connection, now: datetime) -> None:
    # How often something was tried that is over is not kept.
    for state, until, attempt in (("drafting", now + 60 * SECOND, 2), ("draft", None, 0)):
        _clip(connection, "ready", now, name=f"captions-{state}")
        _add(
            connection, "caption_track", clip_id=f"captions-{state}", state=state, language="fr",
            by_machine=False, version=0, attempt=attempt, lease_until=until,
        )  # fmt: skip
