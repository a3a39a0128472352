"""The number by which a day shuffles a film is called what it is in the code."""

from __future__ import annotations

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _rename("lot", "shuffle_key")


def downgrade() -> None:
    _rename("shuffle_key", "lot")


def _rename(old: str, new: str) -> None:
    with op.batch_alter_table("search_entry") as table:
        table.alter_column(old, new_column_name=new)
