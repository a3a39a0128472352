"""Which videos a moderator has passed without deciding, so that the next one is another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "passed_video",
        sa.Column("moderator_id", sa.String(length=26), nullable=False),
        sa.Column("video_id", sa.String(length=26), nullable=False),
        sa.Column("passed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["moderator_id"],
            ["user.id"],
            name=op.f("fk_passed_video_moderator_id_user"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["video_id"],
            ["video.id"],
            name=op.f("fk_passed_video_video_id_video"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("moderator_id", "video_id", name=op.f("pk_passed_video")),
    )
    op.create_index(op.f("ix_passed_video_passed_at"), "passed_video", ["passed_at"])
    op.create_index(op.f("ix_passed_video_video_id"), "passed_video", ["video_id"])


def downgrade() -> None:
    op.drop_table("passed_video")
