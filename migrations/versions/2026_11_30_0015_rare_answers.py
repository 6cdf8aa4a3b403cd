"""Find by an index what was looked for among all answers: those that cite nothing, that are retracted or overdue.

Rows are filled in batches, each committed by itself; run again, it does the same. What the previous code publishes
meanwhile counts as citing until its next revision.
"""

from typing import TypeAlias

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

TABLE, COLUMN = "answer", "is_citing"
Indexes: TypeAlias = dict[str, tuple[list[str], str | None]]
INDEXES: Indexes = {
    "ix_answer_is_citing_id": ([COLUMN, "id"], None),
    "ix_answer_method_id": (["method", "id"], None),
    "ix_answer_retracted": (["id"], "status = 'RETRACTED'"),
    "ix_answer_next_review_on_id": (["next_review_on", "id"], "next_review_on is not null"),
}
FORMER: Indexes = {"ix_answer_next_review_on": (["next_review_on"], "next_review_on is not null")}
BATCH = 10_000


def upgrade() -> None:
    # what follows commits it: an attempt that was cut short has left it
    op.add_column(TABLE, sa.Column(COLUMN, sa.Boolean(), nullable=False, server_default=sa.true()), if_not_exists=True)
    with op.get_context().autocommit_block():
        _fill()
        _exchange(FORMER, INDEXES)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        _exchange(INDEXES, FORMER)
    op.drop_column(TABLE, COLUMN)


def _exchange(former: Indexes, later: Indexes) -> None:
    for name, (columns, where) in later.items():
        # what an attempt that was cut short has left is no index yet
        op.drop_index(name, TABLE, if_exists=True, postgresql_concurrently=True)
        condition = None if where is None else sa.text(where)
        op.create_index(name, TABLE, columns, postgresql_where=condition, postgresql_concurrently=True)
    for name in former:
        op.drop_index(name, TABLE, if_exists=True, postgresql_concurrently=True)


def _fill() -> None:
    connection, last = op.get_bind(), "00000000-0000-0000-0000-000000000000"
    while rows := connection.execute(
        sa.text("select id::text from answer where id > cast(:last as uuid) order by answer.id limit :batch"),
        {"last": last, "batch": BATCH},
    ).all():
        connection.execute(
            sa.text(
                """update answer a set is_citing = false
                   where a.id > cast(:last as uuid) and a.id <= cast(:until as uuid) and a.is_citing
                       and not exists (select 1 from answer_source x where x.answer_id = a.id and x.is_cited)"""
            ),
            {"last": last, "until": rows[-1].id},
        )
        last = rows[-1].id
