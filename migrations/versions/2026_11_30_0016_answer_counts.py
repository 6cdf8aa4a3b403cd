"""Keep how many answers there are in all, of each topic and of each source, where they were counted one by one.

What the previous code writes meanwhile is missing from them until the next midnight (UTC), when all are counted anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "answer_count",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("locale", sa.Text(collation="C"), nullable=False),
        sa.Column("status", sa.Text(collation="C"), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", "locale", "status", name=op.f("pk_answer_count")),
    )
    op.execute(
        """with recursive above as (
               select x.answer_id, x.topic_id from answer_topic x
               union select b.answer_id, t.parent_id from above b join topic t on t.id = b.topic_id
               where t.parent_id is not null),
           share as (
               select a.id as answer_id, '00000000-0000-0000-0000-000000000000'::uuid as subject_id from answer a
               union all select * from above
               union all select x.answer_id, x.source_id from answer_source x where x.is_cited)
           insert into answer_count
           select s.subject_id, a.locale, a.status, count(*) from share s join answer a on a.id = s.answer_id
           where a.status <> 'ERASED' group by 1, 2, 3"""
    )


def downgrade() -> None:
    op.drop_table("answer_count")
