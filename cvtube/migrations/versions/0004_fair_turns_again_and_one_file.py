"""Fair turns, work done again, and a film as one file."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "transcode_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("runs", sa.BigInteger(), nullable=False),
        sa.Column("cpu_s", sa.Double(), nullable=False),
        sa.Column("wall_s", sa.Double(), nullable=False),
        sa.Column("film_s", sa.Double(), nullable=False),
        sa.Column("bytes_in", sa.BigInteger(), nullable=False),
        sa.Column("bytes_out", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "kind", "outcome", name=op.f("pk_transcode_day")),
    )
    op.create_table(
        "film_file",
        sa.Column("video_id", sa.String(length=26), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "working",
                "done",
                "failed",
                name="doing",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cut", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("error_code", sa.String(length=40), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("nudged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("worker", sa.String(length=100), nullable=True),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'failed') = (error_code IS NOT NULL)",
            name=op.f("ck_film_file_failed_with_code"),
        ),
        sa.CheckConstraint(
            "(state = 'working') = (lease_until IS NOT NULL)",
            name=op.f("ck_film_file_leased_while_working"),
        ),
        sa.CheckConstraint(
            "state != 'done' OR size IS NOT NULL", name=op.f("ck_film_file_done_with_size")
        ),
        sa.ForeignKeyConstraint(
            ["video_id"], ["video.id"], name=op.f("fk_film_file_video_id_video"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("video_id", name=op.f("pk_film_file")),
    )
    with op.batch_alter_table("film_file", schema=None) as batch_op:
        batch_op.create_index(
            "ix_film_file_state_ordered_at", ["state", "ordered_at"], unique=False
        )

    op.create_table(
        "reencode",
        sa.Column("clip_id", sa.String(length=26), nullable=False),
        sa.Column("video_id", sa.String(length=26), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "working",
                "done",
                "failed",
                name="doing",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error_code", sa.String(length=40), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("nudged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("worker", sa.String(length=100), nullable=True),
        sa.Column("progress", sa.Integer(), nullable=False),
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
    with op.batch_alter_table("reencode", schema=None) as batch_op:
        batch_op.create_index("ix_reencode_state_ordered_at", ["state", "ordered_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_reencode_video_id"), ["video_id"], unique=False)

    op.create_table(
        "replaced",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("clip_id", sa.String(length=26), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clip_id"], ["clip.id"], name=op.f("fk_replaced_clip_id_clip"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_replaced")),
    )
    with op.batch_alter_table("replaced", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_replaced_clip_id"), ["clip_id"], unique=False)
        batch_op.create_index("ix_replaced_due_at", ["due_at"], unique=False)

    with op.batch_alter_table("clip", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ladder", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("started_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("worker", sa.String(length=100), nullable=True))
        batch_op.create_index("ix_clip_started_at", ["started_at"], unique=False)
    op.execute("UPDATE clip SET ladder = 1 WHERE stage = 'ready'")

    with op.batch_alter_table("transcode_run", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("kind", sa.String(length=8), server_default="new", nullable=False)
        )
        batch_op.add_column(sa.Column("peak_bytes", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("film_s", sa.Double(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("transcode_run", schema=None) as batch_op:
        batch_op.drop_column("film_s")
        batch_op.drop_column("peak_bytes")
        batch_op.drop_column("kind")

    with op.batch_alter_table("clip", schema=None) as batch_op:
        batch_op.drop_index("ix_clip_started_at")
        batch_op.drop_column("worker")
        batch_op.drop_column("started_at")
        batch_op.drop_column("ladder")

    with op.batch_alter_table("replaced", schema=None) as batch_op:
        batch_op.drop_index("ix_replaced_due_at")
        batch_op.drop_index(batch_op.f("ix_replaced_clip_id"))

    op.drop_table("replaced")
    with op.batch_alter_table("reencode", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reencode_video_id"))
        batch_op.drop_index("ix_reencode_state_ordered_at")

    op.drop_table("reencode")
    with op.batch_alter_table("film_file", schema=None) as batch_op:
        batch_op.drop_index("ix_film_file_state_ordered_at")

    op.drop_table("film_file")
    op.drop_table("transcode_day")
