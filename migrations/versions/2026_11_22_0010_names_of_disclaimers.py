"""Let a client name its disclaimers as it likes, and find the standing ones without passing by those of clients."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

TABLE = "disclaimer"
NAMED, STANDING, REPLACING = (
    "ix_disclaimer_name_locale_client_id",
    "ix_disclaimer_standing",
    "ix_disclaimer_client_id_replaces_locale",
)
OF_ALL = sa.text("answer_id is null and client_id is null")
ONE_EACH = sa.text("client_id is not null and replaces is not null and is_active")
FORMER = "uq_disclaimer_name_locale"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        _create(NAMED, ["name", "locale", "client_id"], unique=True, postgresql_nulls_not_distinct=True)
        _create(REPLACING, ["client_id", "replaces", "locale"], unique=True, postgresql_where=ONE_EACH)
        _create(STANDING, ["name"], postgresql_where=OF_ALL)
    op.execute(f"alter table {TABLE} drop constraint if exists {FORMER}")


def downgrade() -> None:
    # the previous code has no client's: what one is named like another is renamed
    op.execute("update disclaimer set name = name || ' ' || client_id where client_id is not null")
    op.create_unique_constraint(op.f(FORMER), TABLE, ["name", "locale"])
    for name in (NAMED, REPLACING, STANDING):
        op.drop_index(name, TABLE, if_exists=True)


def _create(name: str, columns: list[str], **options: Any) -> None:  # noqa: ANN401 - what an index takes
    # what an attempt that was cut short has left is no index yet
    op.drop_index(name, TABLE, if_exists=True, postgresql_concurrently=True)
    op.create_index(name, TABLE, columns, postgresql_concurrently=True, **options)
