"""Leave the forms of revisions as they are written: they are packed before, and Postgres would try in vain.

What is read, the published form, stays in its row as long as that fits into a page; the draft, which hardly anybody
reads, gives way. The rows that are there stay as they are. The previous code fails at what is written meanwhile; to go
back to it writes that as it would have.
"""

import sqlalchemy as sa
import zstandard
from alembic import op

revision = "0019"
down_revision = "0018"

BATCH = 1000


def upgrade() -> None:
    op.execute("alter table revision alter published set storage main, alter draft set storage external")


def downgrade() -> None:
    op.execute("alter table revision alter published set storage extended, alter draft set storage extended")
    op.execute("alter table revision disable trigger revision_is_immutable")
    _unpack()
    op.execute("alter table revision enable trigger revision_is_immutable")


def _unpack() -> None:
    connection, last = op.get_bind(), {"id": "00000000-0000-0000-0000-000000000000", "number": 0}
    while rows := connection.execute(
        sa.text(
            """select answer_id::text as id, number, published, draft from revision
               where (answer_id, number) > (cast(:id as uuid), :number)
               order by revision.answer_id, number limit :batch"""
        ),
        {**last, "batch": BATCH},
    ).all():
        last = {"id": rows[-1].id, "number": rows[-1].number}
        connection.execute(
            sa.text(
                """update revision set published = :published, draft = :draft
                   where answer_id = cast(:id as uuid) and number = :number"""
            ),
            [
                {"id": row.id, "number": row.number, "published": _json(row.published), "draft": _json(row.draft)}
                for row in rows
            ],
        )


def _json(stored: bytes) -> bytes:
    return stored if stored.startswith(b"{") else zstandard.decompress(stored)
