"""How much may come at most of an upload whose length is not known yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Empty for those under way: the largest film there may be counts for them.
    op.add_column("upload_session", sa.Column("at_most", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("upload_session", "at_most")
