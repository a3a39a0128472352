"""The studio: takes, scripts, consents and a chosen poster."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0001"
branch_labels = None
depends_on = None

_STAGES = ("uploading", "uploaded", "transcoding", "ready", "failed", "abandoned")


def _stage(*stages: str) -> str:
    return f"stage IN ({', '.join(repr(stage) for stage in stages)})"


def upgrade() -> None:
    with op.batch_alter_table("chapter") as batch_op:
        batch_op.add_column(
            sa.Column("topic", sa.String(length=40), server_default="", nullable=False)
        )
    with op.batch_alter_table("video") as batch_op:
        batch_op.add_column(sa.Column("poster_chapter_id", sa.String(length=26), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_video_poster_chapter_id_chapter"),
            "chapter",
            ["poster_chapter_id"],
            ["id"],
            ondelete="SET NULL",
        )
    with op.batch_alter_table("clip") as batch_op:
        batch_op.add_column(sa.Column("chapter_id", sa.String(length=26), nullable=True))
        batch_op.add_column(
            sa.Column("trim_start_ms", sa.Integer(), server_default="0", nullable=False)
        )
        batch_op.add_column(sa.Column("trim_end_ms", sa.Integer(), nullable=True))
        batch_op.drop_constraint(op.f("ck_clip_stage"), type_="check")
        batch_op.create_check_constraint(op.f("ck_clip_stage"), _stage(*_STAGES, "kept"))
        batch_op.create_check_constraint(
            op.f("ck_clip_kept_for_a_chapter"), "stage != 'kept' OR chapter_id IS NOT NULL"
        )
        batch_op.create_check_constraint(
            op.f("ck_clip_trimmed_to_something"),
            "trim_start_ms >= 0 AND (trim_end_ms IS NULL OR trim_end_ms > trim_start_ms)",
        )
        batch_op.create_index(op.f("ix_clip_chapter_id"), ["chapter_id"])
        batch_op.create_foreign_key(
            op.f("fk_clip_chapter_id_chapter"),
            "chapter",
            ["chapter_id"],
            ["id"],
            ondelete="CASCADE",
        )
    op.create_table(
        "script",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("video_id", sa.String(length=26), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["video_id"], ["video.id"], name=op.f("fk_script_video_id_video"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_script")),
        sa.UniqueConstraint("video_id", "topic", name=op.f("uq_script_video_id_topic")),
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("video_id", sa.String(length=26), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["video_id"], ["video.id"], name=op.f("fk_consent_video_id_video"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent") as batch_op:
        batch_op.create_index("ix_consent_video_id_given_at", ["video_id", "given_at"])


def downgrade() -> None:
    op.drop_table("consent")
    op.drop_table("script")
    # A take has no place in the older schema.
    op.execute("UPDATE clip SET stage = 'abandoned', chapter_id = NULL WHERE stage = 'kept'")
    with op.batch_alter_table("clip") as batch_op:
        batch_op.drop_constraint(op.f("fk_clip_chapter_id_chapter"), type_="foreignkey")
        batch_op.drop_index(op.f("ix_clip_chapter_id"))
        batch_op.drop_constraint(op.f("ck_clip_trimmed_to_something"), type_="check")
        batch_op.drop_constraint(op.f("ck_clip_kept_for_a_chapter"), type_="check")
        batch_op.drop_constraint(op.f("ck_clip_stage"), type_="check")
        batch_op.create_check_constraint(op.f("ck_clip_stage"), _stage(*_STAGES))
        batch_op.drop_column("trim_end_ms")
        batch_op.drop_column("trim_start_ms")
        batch_op.drop_column("chapter_id")
    with op.batch_alter_table("video") as batch_op:
        batch_op.drop_constraint(op.f("fk_video_poster_chapter_id_chapter"), type_="foreignkey")
        batch_op.drop_column("poster_chapter_id")
    with op.batch_alter_table("chapter") as batch_op:
        batch_op.drop_column("topic")
