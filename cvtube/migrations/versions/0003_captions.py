"""Captions that are drafted, confirmed and approved."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "caption_track",
        sa.Column("clip_id", sa.String(length=26), nullable=False),
        sa.Column("state", sa.Enum("drafting", "draft", "confirmed", "approved", name="wording", native_enum=False, create_constraint=True, length=24), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("by_machine", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'drafting') = (lease_until IS NOT NULL)", name=op.f("ck_caption_track_leased_while_drafting")),
        sa.CheckConstraint("state != 'confirmed' OR confirmed_at IS NOT NULL", name=op.f("ck_caption_track_confirmed_with_time")),
        sa.ForeignKeyConstraint(["clip_id"], ["clip.id"], name=op.f("fk_caption_track_clip_id_clip"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("clip_id", name=op.f("pk_caption_track")),
    )
    with op.batch_alter_table("caption_track", schema=None) as batch_op:
        batch_op.create_index("ix_caption_track_state_confirmed_at", ["state", "confirmed_at"], unique=False)
        batch_op.create_index("ix_caption_track_state_lease_until", ["state", "lease_until"], unique=False)
    with op.batch_alter_table("transcript_cue", schema=None) as batch_op:
        batch_op.add_column(sa.Column("word_starts", sa.JSON(), nullable=False, server_default="[]"))
        # What is there already came with its film, and was approved with it.
        batch_op.add_column(sa.Column("shown", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.drop_constraint(op.f("uq_transcript_cue_clip_id_language_start_ms"), type_="unique")
        batch_op.create_unique_constraint(op.f("uq_transcript_cue_clip_id_shown_start_ms"), ["clip_id", "shown", "start_ms"])
    with op.batch_alter_table("transcript_cue", schema=None) as batch_op:
        batch_op.alter_column("word_starts", server_default=None)
        batch_op.alter_column("shown", server_default=None)


def downgrade() -> None:
    op.execute("DELETE FROM transcript_cue WHERE NOT shown")
    with op.batch_alter_table("transcript_cue", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_transcript_cue_clip_id_shown_start_ms"), type_="unique")
        batch_op.create_unique_constraint(op.f("uq_transcript_cue_clip_id_language_start_ms"), ["clip_id", "language", "start_ms"])
        batch_op.drop_column("shown")
        batch_op.drop_column("word_starts")
    op.drop_table("caption_track")
