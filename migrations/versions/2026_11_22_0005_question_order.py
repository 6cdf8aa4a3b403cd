"""Order answers by the words of their questions: punctuation and symbols no longer count, so `¿Cómo…?` stands at C.

Keys are written anew in batches, each committed by itself, so that no editor waits; run again, it does the same. What
the previous code publishes meanwhile keeps its place of before until its next revision.
"""

import unicodedata
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

BATCH = 1000
LONGEST = 300


def upgrade() -> None:
    _rewrite(lambda question: _words(_fold(question)))


def downgrade() -> None:
    _rewrite(lambda question: " ".join(_fold(question).split()))


def _rewrite(key: Callable[[str], str]) -> None:
    with op.get_context().autocommit_block():
        connection, last = op.get_bind(), "00000000-0000-0000-0000-000000000000"
        while rows := connection.execute(
            sa.text(
                "select id::text, question from answer where id > cast(:last as uuid) order by answer.id limit :batch"
            ),
            {"last": last, "batch": BATCH},
        ).all():
            last = rows[-1].id
            connection.execute(
                sa.text(
                    """update answer a set question_key = n.key
                       from unnest(cast(:ids as uuid[]), cast(:questions as text[]), cast(:keys as text[]))
                           n (id, question, key)
                       where a.id = n.id and a.question = n.question and a.question_key <> n.key"""
                ),
                {
                    "ids": [row.id for row in rows],
                    "questions": [row.question for row in rows],
                    "keys": [key(row.question)[:LONGEST] for row in rows],
                },
            )


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join([char for char in decomposed if not unicodedata.combining(char)])


def _words(text: str) -> str:
    return " ".join("".join([" " if unicodedata.category(char)[0] in "PS" else char for char in text]).split())
