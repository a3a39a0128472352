"""Nightly work is a job like any other, and has no claim of its own."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

# The nightly tasks of the version before: their rows there, and their jobs' targets now.
TASKS = {
    f"cvtube.{name}": name.rpartition(".")[2]
    for name in ("moderation.jobs.forget_old_decisions", "candidate.jobs.announce_ends")
}

RUN = sa.table(
    "periodic_run",
    sa.column("path", sa.String),
    sa.column("done_until", sa.DateTime(timezone=True)),
)
JOB = sa.table(
    "job",
    *(sa.column(name, sa.String) for name in ("kind", "target_id", "state")),
    *(sa.column(name, sa.Integer) for name in ("priority", "attempt", "tries", "progress")),
    *(sa.column(name, sa.DateTime(timezone=True)) for name in ("queued_at", "started_at")),
)


def upgrade() -> None:
    # One that a clock had claimed is not done: its night is due, and it is enqueued.
    for path, name in TASKS.items():
        until = sa.select(
            sa.literal("recurring"), sa.literal(name), sa.literal("done"), sa.literal(15),
            sa.literal(0), sa.literal(0), sa.literal(100), RUN.c.done_until,
        ).where(RUN.c.path == path)  # fmt: skip
        columns = [column.name for column in JOB.c if column.name != "started_at"]
        op.execute(JOB.insert().from_select(columns, until))
    op.execute(RUN.delete().where(RUN.c.path.in_(TASKS)))
    with op.batch_alter_table("periodic_run") as batch_op:
        batch_op.drop_column("claimed_until")


def downgrade() -> None:
    with op.batch_alter_table("periodic_run") as batch_op:
        batch_op.add_column(sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True))
    recurring = JOB.c.kind == "recurring"
    for path, name in TASKS.items():
        of_task = sa.select(JOB).where(recurring, JOB.c.target_id == name)
        job = op.get_bind().execute(of_task).first()
        if job is not None:
            begun = job.started_at or job.queued_at
            # One that was asked for and not done is due at once in the version before, too.
            until = begun if job.state == "done" else job.queued_at - timedelta(days=1)
            op.execute(RUN.insert().values(path=path, done_until=until))
    # The version before calls the other tasks when its clock starts, and knows no such jobs.
    op.execute(JOB.delete().where(recurring))
