"""Decisions that can still be undone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deferred_decision",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("video_id", sa.String(length=26), nullable=False),
        sa.Column("moderator_id", sa.String(length=26), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("measure", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("captions", sa.JSON(), nullable=False),
        sa.Column("film_link", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["video_id"],
            ["video.id"],
            name=op.f("fk_deferred_decision_video_id_video"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["moderator_id"],
            ["user.id"],
            name=op.f("fk_deferred_decision_moderator_id_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deferred_decision")),
    )
    for column in ("video_id", "moderator_id", "due_at"):
        op.create_index(op.f(f"ix_deferred_decision_{column}"), "deferred_decision", [column])
    op.create_table(
        "deferred_clip",
        sa.Column("clip_id", sa.String(length=26), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["clip_id"],
            ["clip.id"],
            name=op.f("fk_deferred_clip_clip_id_clip"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["deferred_decision.id"],
            name=op.f("fk_deferred_clip_decision_id_deferred_decision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("clip_id", "submitted_at", name=op.f("pk_deferred_clip")),
    )
    op.create_index(op.f("ix_deferred_clip_decision_id"), "deferred_clip", ["decision_id"])


def downgrade() -> None:
    op.drop_table("deferred_clip")
    op.drop_table("deferred_decision")
