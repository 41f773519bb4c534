"""Calls for help at the kiosks."""

import sqlalchemy as sa
from alembic import op

from server.tables import Instant

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "help_calls",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("office", sa.String(length=40), nullable=False),
        sa.Column("kiosk", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=80), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("last_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("ended_by", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "help_calls_of_kiosk", "help_calls", ["kiosk", "reason", "id"], unique=False
    )
    op.create_index(
        "help_calls_of_office", "help_calls", ["office", "ended_at"], unique=False
    )
