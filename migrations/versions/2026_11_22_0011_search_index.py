"""Drop the passages that search was answered from: the index of every machine is built from the revisions.

Nothing reads them any more. The way back makes the table without its rows, as the previous code finds it for answers
that were published before it: a new revision brings an answer's passages back.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.drop_table("passage")


def downgrade() -> None:
    op.create_table(
        "passage",
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.Text(collation="C"), nullable=True),
        sa.Column("text", sa.Text(collation="C"), nullable=False),
        sa.Column("words", postgresql.TSVECTOR(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_passage_answer_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("answer_id", "position", name=op.f("pk_passage")),
    )
    op.create_index("ix_passage_words", "passage", ["words"], unique=False, postgresql_using="gin")
