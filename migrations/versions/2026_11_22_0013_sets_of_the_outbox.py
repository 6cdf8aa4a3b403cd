"""Find the sets of the outbox by what names them, the sources that are not current and the answers that are erased."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

SETS, SOURCES, ERASED = "ix_outbox_set_kind_set_id_position", "ix_source_status", "ix_answer_erased"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        of_sets, rare = sa.text("set_kind is not null"), sa.text("status <> 'CURRENT'")
        _create(SETS, "outbox", columns=["set_kind", "set_id", "position"], where=of_sets)
        _create(SOURCES, "source", columns=["status"], where=rare)
        _create(ERASED, "answer", columns=["id"], where=sa.text("status = 'ERASED'"))


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(SETS, "outbox", if_exists=True, postgresql_concurrently=True)
        op.drop_index(ERASED, "answer", if_exists=True, postgresql_concurrently=True)
        op.drop_index(SOURCES, "source", if_exists=True, postgresql_concurrently=True)


def _create(name: str, table: str, *, columns: list[str], where: Any) -> None:  # noqa: ANN401 - SQLAlchemy's text
    # what an attempt that was cut short has left is no index yet
    op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)
    op.create_index(name, table, columns, postgresql_where=where, postgresql_concurrently=True)
