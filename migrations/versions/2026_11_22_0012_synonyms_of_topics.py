"""Find a topic by its synonyms as fast as by its name: each is kept as its words alone, with an index over all.

Rows are filled in batches, each committed by itself; run again, it does the same. What the previous code writes
meanwhile has its synonyms found from the topic's next change on.
"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0012"
down_revision = "0011"

TABLE, COLUMN, INDEX = "topic_name", "synonym_matches", "ix_topic_name_synonym_matches"
BATCH = 1000


def upgrade() -> None:
    # what follows commits it: an attempt that was cut short has left it
    op.add_column(
        TABLE,
        sa.Column(COLUMN, ARRAY(sa.Text(collation="C")), nullable=False, server_default=sa.text("'{}'")),
        if_not_exists=True,
    )
    with op.get_context().autocommit_block():
        _fill()
        # what an attempt that was cut short has left is no index yet
        op.drop_index(INDEX, TABLE, if_exists=True, postgresql_concurrently=True)
        op.create_index(INDEX, TABLE, [COLUMN], postgresql_using="gin", postgresql_concurrently=True)


def downgrade() -> None:
    op.drop_index(INDEX, TABLE, if_exists=True)
    op.drop_column(TABLE, COLUMN)


def _fill() -> None:
    connection, last = op.get_bind(), ("00000000-0000-0000-0000-000000000000", "")
    while rows := connection.execute(
        sa.text(
            """select topic_id::text as id, locale, synonyms from topic_name
               where (topic_id, locale) > (cast(:id as uuid), cast(:locale as text)) and synonyms <> '{}'
               order by topic_name.topic_id, locale limit :batch"""
        ),
        {"id": last[0], "locale": last[1], "batch": BATCH},
    ).all():
        last = (rows[-1].id, rows[-1].locale)
        connection.execute(
            sa.text(
                """update topic_name set synonym_matches = :matches
                   where topic_id = cast(:id as uuid) and locale = :locale and synonyms = :synonyms"""
            ).bindparams(sa.bindparam("matches", type_=ARRAY(sa.Text)), sa.bindparam("synonyms", type_=ARRAY(sa.Text))),
            [
                {"id": row.id, "locale": row.locale, "synonyms": row.synonyms, "matches": [*map(_key, row.synonyms)]}
                for row in rows
            ],
        )


def _key(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join([_spaced(char) for char in decomposed if not unicodedata.combining(char)])
    return re.sub(r"[\W_]+", " ", " ".join(plain.split())).strip()


def _spaced(char: str) -> str:
    return " " if unicodedata.category(char)[0] in "PS" else char
