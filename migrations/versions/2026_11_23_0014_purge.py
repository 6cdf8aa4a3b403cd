"""Keep what caches outside are still to forget."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "purge",
        sa.Column("name", sa.Text(collation="C"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_purge")),
    )
    op.create_index("ix_purge_due_at", "purge", ["due_at"], unique=False)
    op.create_table(
        "purge_digest",
        sa.Column("name", sa.Text(collation="C"), nullable=False),
        sa.Column("digest", sa.Text(collation="C"), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_purge_digest")),
    )
    op.create_table(
        "purge_position",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_purge_position_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purge_position")),
    )
    op.execute(
        """insert into purge_position (id, position)
           select 1, greatest((select max(position) from outbox), (select position from outbox_horizon), 0)"""
    )


def downgrade() -> None:
    op.drop_table("purge_position")
    op.drop_table("purge_digest")
    op.drop_table("purge")
