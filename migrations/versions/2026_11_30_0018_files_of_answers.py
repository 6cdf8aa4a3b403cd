"""Remember the file that an answer came in, so that one that is as it was need not be read again.

What the previous code publishes meanwhile it does not note here: its entry in the outbox makes what was noted void.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "answer_file",
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("stamp", sa.LargeBinary(), nullable=False),
        sa.Column("change_position", sa.BigInteger(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("without_text", sa.Integer(), nullable=False),
        sa.Column("form", sa.Text(collation="C"), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_answer_file_answer_id_answer")),
        sa.PrimaryKeyConstraint("answer_id", name=op.f("pk_answer_file")),
    )
    op.create_index("ix_answer_file_stamp", "answer_file", ["stamp"])


def downgrade() -> None:
    op.drop_table("answer_file")
