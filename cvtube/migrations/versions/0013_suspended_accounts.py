"""Why an account is suspended, when its owner last signed in, and what a change has changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "user", sa.Column("last_signed_in_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("user", sa.Column("suspension_reason", sa.String(length=40), nullable=True))
    op.add_column("user", sa.Column("suspension_words", sa.String(length=500), nullable=True))
    op.create_index("ix_user_created_at_id", "user", ["created_at", "id"])
    op.add_column("account_event", sa.Column("before", sa.String(length=40), nullable=True))
    op.add_column("account_event", sa.Column("after", sa.String(length=40), nullable=True))


def downgrade() -> None:
    op.drop_column("account_event", "after")
    op.drop_column("account_event", "before")
    op.drop_index("ix_user_created_at_id", "user")
    op.drop_column("user", "suspension_words")
    op.drop_column("user", "suspension_reason")
    op.drop_column("user", "last_signed_in_at")
