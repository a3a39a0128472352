"""One table of jobs, in place of leases in five tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

STATES = ("waiting", "running", "done", "failed", "cancelled")
# What the version before has a place for, or finds again by itself.
KNOWN_BEFORE = (
    "transcode", "reencode", "export", "draft_captions", "send_mail", "purge_video",
)  # fmt: skip
COLUMNS = (
    "kind, target_id, video_id, owner_id, priority, state, attempt, tries, queued_at, not_before,"
    " notified_at, lease_until, started_at, ended_at, worker, progress, error_code"
)
LEASED = ("tries", "lease_until", "not_before", "nudged_at", "started_at", "worker", "progress")
RUN_KINDS = {"new": "transcode", "again": "reencode", "file": "export"}


def upgrade() -> None:
    _create_job()
    _fill_job()
    _shrink_clip()
    op.drop_table("reencode")
    _shrink_film_file()
    with op.batch_alter_table("caption_track") as batch_op:
        batch_op.drop_constraint(op.f("ck_caption_track_leased_while_drafting"), type_="check")
        batch_op.drop_index("ix_caption_track_state_lease_until")
        batch_op.drop_column("attempt")
        batch_op.drop_column("lease_until")
    with op.batch_alter_table("mail") as batch_op:
        batch_op.drop_index("ix_mail_sent_at_not_before")
        batch_op.drop_column("attempts")
        batch_op.drop_column("not_before")
        batch_op.create_index("ix_mail_sent_at", ["sent_at"])
    _rename_run_kinds(RUN_KINDS, 24, None)


def downgrade() -> None:
    _refuse_to_lose()
    back = {after: before for before, after in RUN_KINDS.items()}
    _rename_run_kinds(back, 8, "new")
    _grow_mail()
    _grow_caption_track()
    _grow_film_file()
    _create_reencode()
    _grow_clip()
    op.drop_table("job")


# -- up -------------------------------------------------------------------------------------


def _create_job() -> None:
    op.create_table(
        "job",
        sa.Column("target_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("video_id", sa.String(length=26), nullable=True),
        sa.Column("owner_id", sa.String(length=26), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                *STATES, name="job_state", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("worker", sa.String(length=100), nullable=True),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("error_code", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "(state = 'running') = (lease_until IS NOT NULL)",
            name=op.f("ck_job_leased_while_running"),
        ),
        sa.CheckConstraint(
            "(state = 'failed') = (error_code IS NOT NULL)", name=op.f("ck_job_failed_with_code")
        ),
        sa.CheckConstraint("progress BETWEEN 0 AND 100", name=op.f("ck_job_progress_percent")),
        sa.ForeignKeyConstraint(
            ["video_id"], ["video.id"], name=op.f("fk_job_video_id_video"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("target_id", "kind", name=op.f("pk_job")),
    )
    for columns in (
        ["state", "kind", "priority", "queued_at"], ["state", "lease_until"], ["started_at"],
        ["video_id"],
    ):  # fmt: skip
        op.create_index(op.f(f"ix_job_{'_'.join(columns)}"), "job", columns)


def _fill_job() -> None:
    """What waits goes on waiting; what is worked on keeps its lease, and its number grows on."""
    state = "CASE o.state WHEN 'working' THEN 'running' ELSE o.state END"
    rest = (
        "o.attempt, o.tries, o.ordered_at, o.not_before, o.nudged_at, o.lease_until, o.started_at,"
        " o.ended_at, o.worker, o.progress, o.error_code"
    )
    for select in (
        # Also what is done: whose turn it is follows from what somebody had within the hour.
        "SELECT 'transcode', c.id, c.video_id, v.owner_id, 20,"
        " CASE c.stage WHEN 'uploaded' THEN 'waiting' WHEN 'transcoding' THEN 'running'"
        "  WHEN 'ready' THEN 'done' ELSE 'failed' END,"
        " c.attempt, c.tries, COALESCE(c.uploaded_at, c.created_at), c.not_before, c.nudged_at,"
        " c.lease_until, c.started_at,"
        " CASE c.stage WHEN 'ready' THEN c.ready_at WHEN 'failed' THEN c.started_at END,"
        " c.worker, c.progress, c.error_code"
        " FROM clip c JOIN video v ON v.id = c.video_id"
        " WHERE c.stage IN ('uploaded', 'transcoding', 'ready', 'failed')",
        f"SELECT 'reencode', o.clip_id, o.video_id, v.owner_id, 30, {state}, {rest}"
        " FROM reencode o JOIN video v ON v.id = o.video_id",
        f"SELECT 'export', o.video_id, o.video_id, v.owner_id, 10, {state}, {rest}"
        " FROM film_file o JOIN video v ON v.id = o.video_id",
        "SELECT 'draft_captions', t.clip_id, c.video_id, v.owner_id, 10, 'running',"
        " t.attempt, t.attempt, COALESCE(c.ready_at, c.created_at), NULL, NULL, t.lease_until,"
        " NULL, NULL, NULL, 0, NULL FROM caption_track t JOIN clip c ON c.id = t.clip_id"
        " JOIN video v ON v.id = c.video_id WHERE t.state = 'drafting'",
        "SELECT 'send_mail', m.id, NULL, NULL, 10,"
        " CASE WHEN m.attempts <= 4 THEN 'waiting' ELSE 'failed' END, m.attempts, m.attempts,"
        " m.created_at, m.not_before, NULL, NULL, NULL, NULL, NULL, 0,"
        " CASE WHEN m.attempts <= 4 THEN NULL ELSE 'gave_up' END"
        " FROM mail m WHERE m.sent_at IS NULL",
    ):
        op.execute(f"INSERT INTO job ({COLUMNS}) {select}")


def _shrink_clip() -> None:
    with op.batch_alter_table("clip") as batch_op:
        for name in ("leased_while_transcoding", "progress_percent"):
            batch_op.drop_constraint(op.f(f"ck_clip_{name}"), type_="check")
        batch_op.drop_index("ix_clip_stage_lease_until")
        batch_op.drop_index("ix_clip_started_at")
        for name in LEASED:
            batch_op.drop_column(name)
        batch_op.create_index("ix_clip_stage", ["stage"])


def _shrink_film_file() -> None:
    with op.batch_alter_table("film_file") as batch_op:
        for name in ("doing", "failed_with_code", "leased_while_working", "done_with_size"):
            batch_op.drop_constraint(op.f(f"ck_film_file_{name}"), type_="check")
        batch_op.drop_index("ix_film_file_state_ordered_at")
        for name in ("state", "ended_at", "error_code", *LEASED):
            batch_op.drop_column(name)
        batch_op.create_index("ix_film_file_ordered_at", ["ordered_at"])


def _rename_run_kinds(names: dict[str, str], length: int, default: str | None) -> None:
    cases = " ".join(f"WHEN '{old}' THEN '{new}'" for old, new in names.items())
    rename = f"SET kind = CASE kind {cases} ELSE kind END"
    wide = length > 8
    for table in ("transcode_run", "transcode_day"):
        if not wide:
            op.execute(f"UPDATE {table} {rename}")
        with op.batch_alter_table(table) as batch_op:
            if table == "transcode_run":
                batch_op.alter_column(
                    "kind", type_=sa.String(length=length), existing_nullable=False,
                    server_default=default,
                )  # fmt: skip
            else:
                batch_op.alter_column(
                    "kind", type_=sa.String(length=length), existing_nullable=False
                )
        if wide:
            op.execute(f"UPDATE {table} {rename}")


# -- down -----------------------------------------------------------------------------------


def _refuse_to_lose() -> None:
    known = ", ".join(f"'{kind}'" for kind in KNOWN_BEFORE)
    lost = op.get_bind().execute(
        sa.text(
            "SELECT kind, count(*) FROM job WHERE state IN ('waiting', 'running')"
            f" AND kind NOT IN ({known}) GROUP BY kind ORDER BY kind"
        )
    )
    sentences = [f"{count} jobs of the kind {kind} would be lost" for kind, count in lost]
    if sentences:
        raise CommandError(f"{'; '.join(sentences)}. Let workers finish them first.")


def _leased() -> list[sa.Column[object]]:
    """What every order had; defaults for the rows that are there, which are taken away again."""
    return [
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("nudged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("worker", sa.String(length=100), nullable=True),
        sa.Column("progress", sa.Integer(), server_default="0", nullable=False),
    ]


def _doing(default: str | None = None) -> sa.Column[object]:
    states = sa.Enum(
        "waiting", "working", "done", "failed",
        name="doing", native_enum=False, create_constraint=True, length=24,
    )  # fmt: skip
    return sa.Column("state", states, server_default=default, nullable=False)


def _copy(table: str, key: str, kind: str, columns: dict[str, str]) -> None:
    """Columns of a job, back into the table that had them."""
    of_row = f"FROM job j WHERE j.kind = '{kind}' AND j.target_id = {table}.{key}"
    sets = ", ".join(f"{name} = (SELECT {value} {of_row})" for name, value in columns.items())
    op.execute(f"UPDATE {table} SET {sets} WHERE EXISTS (SELECT 1 {of_row})")


_LEASE = {
    "tries": "j.tries", "lease_until": "j.lease_until", "not_before": "j.not_before",
    "nudged_at": "j.notified_at", "started_at": "j.started_at", "worker": "j.worker",
    "progress": "j.progress",
}  # fmt: skip
_STATE = "CASE j.state WHEN 'running' THEN 'working' WHEN 'cancelled' THEN 'done' ELSE j.state END"


def _grow_mail() -> None:
    with op.batch_alter_table("mail") as batch_op:
        batch_op.drop_index("ix_mail_sent_at")
        batch_op.add_column(sa.Column("not_before", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("attempts", sa.Integer(), server_default="0", nullable=False))
    op.execute("UPDATE mail SET not_before = created_at")
    _copy(
        "mail", "id", "send_mail",
        {"attempts": "j.tries", "not_before": "COALESCE(j.not_before, j.lease_until, j.queued_at)"},
    )  # fmt: skip
    with op.batch_alter_table("mail") as batch_op:
        batch_op.alter_column(
            "not_before", existing_type=sa.DateTime(timezone=True), nullable=False
        )
        batch_op.alter_column("attempts", existing_type=sa.Integer(), server_default=None)
        batch_op.create_index("ix_mail_sent_at_not_before", ["sent_at", "not_before"])


def _grow_caption_track() -> None:
    with op.batch_alter_table("caption_track") as batch_op:
        batch_op.add_column(sa.Column("attempt", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True))
    _copy("caption_track", "clip_id", "draft_captions", {"attempt": "j.tries"})
    # The lease of one that waits is over: whoever comes may have it.
    lease = "COALESCE(j.lease_until, j.not_before, j.queued_at)"
    _copy("caption_track", "clip_id", "draft_captions", {"lease_until": lease})
    op.execute("UPDATE caption_track SET lease_until = NULL WHERE state != 'drafting'")
    op.execute("DELETE FROM caption_track WHERE state = 'drafting' AND lease_until IS NULL")
    with op.batch_alter_table("caption_track") as batch_op:
        batch_op.alter_column("attempt", existing_type=sa.Integer(), server_default=None)
        batch_op.create_check_constraint(
            op.f("ck_caption_track_leased_while_drafting"),
            "(state = 'drafting') = (lease_until IS NOT NULL)",
        )
        batch_op.create_index("ix_caption_track_state_lease_until", ["state", "lease_until"])


def _grow_film_file() -> None:
    op.execute(
        "DELETE FROM film_file WHERE NOT EXISTS (SELECT 1 FROM job j"
        " WHERE j.kind = 'export' AND j.target_id = film_file.video_id)"
    )
    with op.batch_alter_table("film_file") as batch_op:
        batch_op.drop_index("ix_film_file_ordered_at")
        batch_op.add_column(_doing("waiting"))
        batch_op.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("error_code", sa.String(length=40), nullable=True))
        for column in _leased():
            batch_op.add_column(column)
    columns = {"state": _STATE, "ended_at": "j.ended_at", "error_code": "j.error_code"}
    _copy("film_file", "video_id", "export", columns | _LEASE)
    op.execute("DELETE FROM film_file WHERE state = 'done' AND size IS NULL")
    with op.batch_alter_table("film_file") as batch_op:
        for name in ("state", "tries", "progress"):
            batch_op.alter_column(name, server_default=None)
        checks = {
            "failed_with_code": "(state = 'failed') = (error_code IS NOT NULL)",
            "leased_while_working": "(state = 'working') = (lease_until IS NOT NULL)",
            "done_with_size": "state != 'done' OR size IS NOT NULL",
        }
        for name, check in checks.items():
            batch_op.create_check_constraint(op.f(f"ck_film_file_{name}"), check)
        batch_op.create_index("ix_film_file_state_ordered_at", ["state", "ordered_at"])


def _create_reencode() -> None:
    leased = _leased()
    for column in leased:
        column.server_default = None
    op.create_table(
        "reencode",
        sa.Column("clip_id", sa.String(length=26), nullable=False),
        sa.Column("video_id", sa.String(length=26), nullable=False),
        _doing(),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error_code", sa.String(length=40), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        *leased,
        sa.CheckConstraint(
            "(state = 'failed') = (error_code IS NOT NULL)",
            name=op.f("ck_reencode_failed_with_code"),
        ),
        sa.CheckConstraint(
            "(state = 'working') = (lease_until IS NOT NULL)",
            name=op.f("ck_reencode_leased_while_working"),
        ),
        sa.ForeignKeyConstraint(
            ["clip_id"], ["clip.id"], name=op.f("fk_reencode_clip_id_clip"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["video_id"], ["video.id"], name=op.f("fk_reencode_video_id_video"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clip_id", name=op.f("pk_reencode")),
    )
    op.create_index("ix_reencode_state_ordered_at", "reencode", ["state", "ordered_at"])
    op.create_index(op.f("ix_reencode_video_id"), "reencode", ["video_id"])
    op.execute(
        "INSERT INTO reencode (clip_id, video_id, state, ordered_at, ended_at, error_code, attempt,"
        f" {', '.join(_LEASE)}) SELECT j.target_id, j.video_id, {_STATE}, j.queued_at, j.ended_at,"
        f" j.error_code, j.attempt, {', '.join(_LEASE.values())} FROM job j"
        " JOIN clip c ON c.id = j.target_id"
        " WHERE j.kind = 'reencode' AND j.state != 'cancelled'"
    )


def _grow_clip() -> None:
    with op.batch_alter_table("clip") as batch_op:
        batch_op.drop_index("ix_clip_stage")
        for column in _leased():
            batch_op.add_column(column)
    _copy("clip", "id", "transcode", _LEASE)
    _copy("clip", "id", "transcode", {"uploaded_at": "j.queued_at"})
    op.execute("UPDATE clip SET progress = 0, lease_until = NULL WHERE stage = 'kept'")
    with op.batch_alter_table("clip") as batch_op:
        for name in ("tries", "progress"):
            batch_op.alter_column(name, existing_type=sa.Integer(), server_default=None)
        batch_op.create_check_constraint(
            op.f("ck_clip_leased_while_transcoding"),
            "(stage = 'transcoding') = (lease_until IS NOT NULL)",
        )
        batch_op.create_check_constraint(
            op.f("ck_clip_progress_percent"), "progress BETWEEN 0 AND 100"
        )
        batch_op.create_index("ix_clip_stage_lease_until", ["stage", "lease_until"])
        batch_op.create_index("ix_clip_started_at", ["started_at"])
