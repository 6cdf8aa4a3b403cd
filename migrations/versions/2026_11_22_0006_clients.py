"""Keep the clients that call, and the digests of their keys."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "client",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(collation="C"), nullable=False),
        sa.Column("kind", sa.Text(collation="C"), nullable=False),
        sa.Column("origins", sa.ARRAY(sa.Text(collation="C")), nullable=False),
        sa.Column("topics", sa.ARRAY(sa.Text(collation="C")), nullable=True),
        sa.Column("locales", sa.ARRAY(sa.Text(collation="C")), nullable=True),
        sa.Column("default_locale", sa.Text(collation="C"), nullable=True),
        sa.Column("shows_calls", sa.Boolean(), nullable=False),
        sa.Column("has_wording", sa.Boolean(), nullable=False),
        sa.Column("is_bound", sa.Boolean(), nullable=False),
        sa.Column("registers_documents", sa.Boolean(), nullable=False),
        sa.Column("introspects", sa.Boolean(), nullable=False),
        sa.Column("requests_per_minute", sa.Integer(), nullable=True),
        sa.Column("cost_per_minute", sa.Integer(), nullable=True),
        sa.Column("max_cost", sa.Integer(), nullable=True),
        sa.Column("max_subscriptions", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('web', 'mobile', 'partner', 'server')", name=op.f("ck_client_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
        sa.UniqueConstraint("name", name=op.f("uq_client_name")),
    )
    op.create_table(
        "client_key",
        sa.Column("public", sa.Text(collation="C"), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_client_key_client_id")),
        sa.PrimaryKeyConstraint("public", name=op.f("pk_client_key")),
    )
    op.create_index("ix_client_key_client_id", "client_key", ["client_id"], unique=False)


def downgrade() -> None:
    op.drop_table("client_key")
    op.drop_table("client")
