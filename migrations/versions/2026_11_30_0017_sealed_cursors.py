"""Keep what the feed's cursors of confined clients are sealed with, and how far the outbox was at each day's beginning.

A confined client's cursor of before is expired: it starts again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

TABLE = "outbox_horizon"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("day_position", sa.BigInteger(), nullable=False, server_default=sa.text("0")))
    op.add_column(TABLE, sa.Column("cursor_key", sa.LargeBinary(), nullable=True))
    op.execute(
        """update outbox_horizon
           set cursor_key = sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'))"""
    )
    op.alter_column(TABLE, "cursor_key", nullable=False)


def downgrade() -> None:
    op.drop_column(TABLE, "cursor_key")
    op.drop_column(TABLE, "day_position")
