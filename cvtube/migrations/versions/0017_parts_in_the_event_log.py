"""Which part of a film an event is about, as it was counted then."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("video_event", sa.Column("part", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("video_event", "part")
