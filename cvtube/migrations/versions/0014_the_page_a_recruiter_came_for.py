"""The page a recruiter came for, until a moderator has verified them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user", sa.Column("wanted_path", sa.String(length=200), nullable=True))


def downgrade() -> None:
    op.drop_column("user", "wanted_path")
