"""Find the entries of one answer: a feed says whether its content changed since a cursor."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

NAME = "ix_outbox_answer_id"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        # what an attempt that was cut short has left is no index yet
        op.drop_index(NAME, "outbox", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            NAME,
            "outbox",
            ["answer_id", "position"],
            postgresql_where=sa.text("answer_id is not null"),
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(NAME, "outbox", if_exists=True, postgresql_concurrently=True)
