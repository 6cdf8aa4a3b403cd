from uuid import UUID

import pytest

from server.access.audience import ANONYMOUS, Audience
from server.content.reads.bounds import Shape
from server.content.reads.sight import Sight, bounded
from server.db.reads import Reads

CONFINED = Shape.of(Audience(topics=("heart",), locales=("es",), wording=UUID(int=1)))
FREE = Shape.of(ANONYMOUS)


def test_a_statement_stays_as_it_is_for_an_audience_without_bounds() -> None:
    sql = "select a.slug from answer a join answer_topic x on x.answer_id = a.id where a.id = $1"

    assert bounded(sql, 1, shape=FREE) == (sql, ())


def test_what_looks_past_the_bounds_reads_the_table() -> None:
    text, names = bounded("select 1 from every_topic t", 0, shape=FREE)

    assert (text, names) == (
        "with every_topic as not materialized (select * from topic)\nselect 1 from every_topic t",
        (),
    )


def test_only_what_a_statement_names_is_bound_with_the_values_that_it_takes() -> None:
    text, names = bounded("select n.name from topic_name n where n.locale = $1", 1, shape=CONFINED)

    assert names == ("{locales}",)
    assert text.count(" as not materialized (") == 1
    assert "unnest($2::text[])" in text


def test_a_statements_own_expressions_see_the_bounds() -> None:
    text, names = bounded("\nwith own as (select 1 from source) select * from own", 0, shape=CONFINED)

    assert names == ("{topics}", "{locales}")
    assert text.index("source as not materialized") < text.index(",\nown as (select 1 from source)")


@pytest.mark.parametrize("name", ["answer_id", "answers", "sources", "the_source"])
def test_a_name_is_a_whole_word(name: str) -> None:
    assert bounded(f"select {name} from t", 0, shape=CONFINED) == (f"select {name} from t", ())


@pytest.mark.parametrize(
    "audience",
    [
        ANONYMOUS,
        Audience(wording=UUID(int=1)),
        Audience(topics=("heart",)),
        Audience(locales=("es",)),
        Audience(topics=(), locales=(), wording=UUID(int=1)),
    ],
)
@pytest.mark.parametrize(
    "table", ["answer", "answer_source", "answer_topic", "source", "topic", "topic_name", "disclaimer"]
)
async def test_every_name_reads_the_columns_of_its_table(reads: Reads, audience: Audience, table: str) -> None:
    columns = await reads.fetch(
        "select column_name from information_schema.columns where table_name = $1 order by ordinal_position", table
    )

    found = await Sight(reads, audience).fetch_row(f"select t.* from (values (1)) v left join {table} t on false")

    assert list(found.keys()) == [row[0] for row in columns]


def test_audiences_with_equal_bounds_name_them_alike(reads: Reads) -> None:
    heart, again = (Sight(reads, Audience(topics=("heart",), default_locale=locale)) for locale in ("en", "es"))

    assert heart.bounds == again.bounds
    assert len({heart.bounds, Sight(reads, ANONYMOUS).bounds, Sight(reads, Audience(locales=("heart",))).bounds}) == 3
