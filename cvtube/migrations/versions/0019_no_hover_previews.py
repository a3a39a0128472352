"""No hover previews any more: no page ever asked for one.

Their objects go with the daily look at the storage (cvtube/privacy/sweep.py). The CHECK still lets
the value in: older processes, which may run beside this version, make one with each recording.
"""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM asset WHERE kind = 'hover'")


def downgrade() -> None:
    """Nothing misses them: an older version makes them for new recordings, and shows none."""
