"""Access cards, and log-ins that are carried on to a phone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_card",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("pin_hash", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.String(length=26), nullable=True),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by_id"],
            ["user.id"],
            name=op.f("fk_access_card_made_by_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_access_card_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_card")),
        sa.UniqueConstraint("number", name=op.f("uq_access_card_number")),
    )
    op.create_index("ix_access_card_made_by_id_made_at", "access_card", ["made_by_id", "made_at"])
    op.create_index(op.f("ix_access_card_user_id"), "access_card", ["user_id"])

    # Before hand_over: SQLite makes the table anew, and nothing may point at the old one.
    with op.batch_alter_table("login_session") as batch_op:
        batch_op.add_column(sa.Column("card_id", sa.String(length=26), nullable=True))
        batch_op.create_index(batch_op.f("ix_login_session_card_id"), ["card_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_login_session_card_id_access_card"),
            "access_card",
            ["card_id"],
            ["id"],
            ondelete="CASCADE",
        )

    op.create_table(
        "hand_over",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("desk_id", sa.String(length=26), nullable=False),
        sa.Column("phone_id", sa.String(length=26), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("target", sa.String(length=200), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["desk_id"],
            ["login_session.id"],
            name=op.f("fk_hand_over_desk_id_login_session"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["phone_id"],
            ["login_session.id"],
            name=op.f("fk_hand_over_phone_id_login_session"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_hand_over_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_hand_over_token_hash")),
    )
    op.create_index(op.f("ix_hand_over_desk_id"), "hand_over", ["desk_id"])
    op.create_index(op.f("ix_hand_over_phone_id"), "hand_over", ["phone_id"])
    op.create_index(op.f("ix_hand_over_user_id"), "hand_over", ["user_id"])


def downgrade() -> None:
    op.drop_table("hand_over")
    with op.batch_alter_table("login_session") as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_login_session_card_id_access_card"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_login_session_card_id"))
        batch_op.drop_column("card_id")
    op.drop_table("access_card")
