"""A job may be in a person's own words; a profile says nothing that nobody said."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("candidate_profile", "video"):
        op.add_column(
            table, sa.Column("job_words", sa.String(80), server_default="", nullable=False)
        )
    # No day meant "at once", and profiles have been read so. From here on it means "not said".
    op.execute(
        "UPDATE candidate_profile SET available_from = CAST(updated_at AS DATE)"
        " WHERE available_from IS NULL"
        if op.get_bind().dialect.name == "postgresql"
        else "UPDATE candidate_profile SET available_from = date(updated_at)"
        " WHERE available_from IS NULL"
    )
    # Films are found by every name of their job: the clock makes each entry anew.
    op.execute("UPDATE search_entry SET film_version = '1970-01-01 00:00:00'")


def downgrade() -> None:
    for table in ("candidate_profile", "video"):
        op.drop_column(table, "job_words")
    op.execute("UPDATE search_entry SET film_version = '1970-01-01 00:00:00'")
