"""Early tracks and hover previews."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BEFORE = ("rendition", "audio", "poster", "storyboard")
AFTER = (*BEFORE, "hover", "early")


def upgrade() -> None:
    # Without a CHECK of its own: for one, SQLite would have to copy the table, and dropping the
    # old one would take everything that refers to it along.
    op.add_column("clip", sa.Column("early_ms", sa.Integer(), nullable=True))
    _allow(AFTER)


def downgrade() -> None:
    op.execute("DELETE FROM asset WHERE kind IN ('hover', 'early')")
    _allow(BEFORE)
    op.drop_column("clip", "early_ms")


def _allow(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("asset", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_asset_asset_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_asset_asset_kind"), f"kind IN ({listed})")
