"""Keep what clients registered beforehand, and the schemas that were served to them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "served_schema",
        sa.Column("digest", sa.Text(collation="C"), nullable=False),
        sa.Column("sdl", sa.Text(collation="C"), nullable=False),
        sa.Column("served_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_served_schema")),
    )
    op.create_table(
        "manifest",
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Text(collation="C"), nullable=False),
        sa.Column("pushed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("version <> ''", name=op.f("ck_manifest_version")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_manifest_client_id")),
        sa.PrimaryKeyConstraint("client_id", "version", name=op.f("pk_manifest")),
    )
    op.create_table(
        "trusted_document",
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("text", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(collation="C"), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_trusted_document_client_id")),
        sa.PrimaryKeyConstraint("client_id", "id", name=op.f("pk_trusted_document")),
    )
    op.create_table(
        "manifest_document",
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Text(collation="C"), nullable=False),
        sa.Column("document_id", sa.Text(collation="C"), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id", "document_id"],
            ["trusted_document.client_id", "trusted_document.id"],
            name=op.f("fk_manifest_document_client_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["client_id", "version"],
            ["manifest.client_id", "manifest.version"],
            name=op.f("fk_manifest_document_client_id_version"),
        ),
        sa.PrimaryKeyConstraint("client_id", "version", "document_id", name=op.f("pk_manifest_document")),
    )
    op.create_index(
        "ix_manifest_document_client_id_document_id", "manifest_document", ["client_id", "document_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("served_schema")
    op.drop_table("manifest_document")
    op.drop_table("trusted_document")
    op.drop_table("manifest")
