"""The keys under which PINs are hashed, sealed, so that the secret key can change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pin_pepper",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("sealed", sa.String(length=100), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pin_pepper")),
    )


def downgrade() -> None:
    op.drop_table("pin_pepper")
