"""Which of its stills stands for a clip; and no draft of captions that nobody agreed to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "clip", sa.Column("poster_still", sa.Integer(), server_default="0", nullable=False)
    )
    # Under way without anybody's consent. Those that are finished are their owners' to keep.
    op.execute("DELETE FROM caption_track WHERE state = 'drafting'")


def downgrade() -> None:
    op.drop_column("clip", "poster_still")
