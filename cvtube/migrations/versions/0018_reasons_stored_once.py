"""A decision's reason and the moderator's words are in the film's log, and nowhere twice.

Whoever decides, where, and without a machine was the same in every row: the law asks that it be
said, which the statement does.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("decision") as table:
        for name in ("reason", "facts", "territory", "detected_by_machine", "decided_by_machine"):
            table.drop_column(name)


def downgrade() -> None:
    with op.batch_alter_table("decision") as table:
        table.add_column(sa.Column("reason", sa.String(40), nullable=True))
        table.add_column(sa.Column("facts", sa.Text(), nullable=True))
        table.add_column(
            sa.Column("territory", sa.String(40), nullable=False, server_default="everywhere")
        )
        for name in ("detected_by_machine", "decided_by_machine"):
            table.add_column(
                sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
            )
    # The log outlives its film, the words in it do not: the statement still has them.
    for name, source, otherwise in (("reason", "reason", "other"), ("facts", "words", "")):
        op.execute(
            sa.text(
                f"UPDATE decision SET {name} = COALESCE((SELECT e.{source} FROM video_event e"
                " WHERE e.clip_id = decision.clip_id AND e.verb = decision.measure"
                " ORDER BY e.at DESC LIMIT 1), :otherwise)"
            ).bindparams(otherwise=otherwise)
        )
    with op.batch_alter_table("decision") as table:
        table.alter_column("reason", existing_type=sa.String(40), nullable=False)
        table.alter_column("facts", existing_type=sa.Text(), nullable=False)
        table.alter_column("territory", existing_type=sa.String(40), server_default=None)
        for name in ("detected_by_machine", "decided_by_machine"):
            table.alter_column(name, existing_type=sa.Boolean(), server_default=None)
