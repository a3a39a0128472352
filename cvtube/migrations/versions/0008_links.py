"""Links to films."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # An index that is unique: for a constraint, SQLite would have to copy the table.
    op.add_column("video", sa.Column("link_key", sa.String(length=22), nullable=True))
    op.create_index(op.f("ix_video_link_key"), "video", ["link_key"], unique=True)


def downgrade() -> None:
    op.drop_index(op.f("ix_video_link_key"), table_name="video")
    op.drop_column("video", "link_key")
