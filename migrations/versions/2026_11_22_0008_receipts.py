"""Count what was served to whom."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "field_use",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("field", sa.Text(collation="C"), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_field_use_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_use")),
    )
    op.create_index(
        "ix_field_use_day_client_id_field",
        "field_use",
        ["day", "client_id", "field"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.create_index("ix_field_use_field_day", "field_use", ["field", "day"], unique=False)
    op.create_table(
        "receipt",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("document", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_receipt_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
    )
    op.create_index("ix_receipt_answer_id_revision_day", "receipt", ["answer_id", "revision", "day"], unique=False)
    op.create_index(
        "ix_receipt_day_client_id_document_answer_id_revision",
        "receipt",
        ["day", "client_id", "document", "answer_id", "revision"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "receipt_writer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch", sa.BigInteger(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_writer")),
    )


def downgrade() -> None:
    op.drop_table("receipt_writer")
    op.drop_table("field_use")
    op.drop_table("receipt")
