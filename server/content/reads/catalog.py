"""Topics, sources and disclaimers by their ids, and lists of them."""

from collections.abc import Iterable, Sequence
from uuid import UUID

import asyncpg

from server.content.answer import Disclaimer, Source, Topic
from server.content.filters import SourceFilter
from server.content.folding import match_key
from server.content.pages import Page, PageRequest, decode_cursor, encode_cursor, page_of
from server.content.reads.answers import (
    DISCLAIMER_JSON,
    SOURCE_JSON,
    TOPIC_JSON,
    decode_disclaimer,
    decode_source,
    decode_topic,
)
from server.content.reads.counting import rows_of
from server.content.reads.listing import Arguments
from server.content.reads.sight import Sight
from server.content.touching import ANY
from server.content.vocabulary import CodeSystem
from server.errors.requests import CursorInvalidError


async def topics_by_id(sight: Sight, ids: Sequence[UUID]) -> list[Topic | None]:
    """The topics with these ids, in their order; None for an id that names nothing."""
    rows = await sight.fetch(f"select {TOPIC_JSON} from topic t where t.id = any($1::uuid[])", list(ids))
    found = {topic.uuid: topic for topic in (decode_topic(row[0]) for row in rows)}
    return [found.get(identity) for identity in ids]


# a suggestion is as quick as this: so many statements at once are one, and its plan is made once
_TEXTS = """select p.place, t.text from unnest($1::uuid[]) with ordinality p (id, place) cross join lateral (
    select a.question as text from answer a where a.id = p.id and a.status = 'PUBLISHED'
    union all select n.name from topic t join topic_name n on n.topic_id = t.id where t.id = p.id) t"""


async def texts(sight: Sight, ids: Sequence[UUID]) -> list[list[str]]:
    """For each id the question of the published answer, or the names of the topic, that it names."""
    sight.note((ANY,))
    groups = await sight.fetch_each(_TEXTS, [(each,) for each in ids])
    return [[row["text"] for row in rows] for rows in groups]


async def topic_by_slug(sight: Sight, slug: str) -> Topic | None:
    """The topic with a slug."""
    data = await sight.fetch_value(f"select {TOPIC_JSON} from topic t where t.slug = $1", slug)
    return decode_topic(data) if data else None


async def topics_coded(sight: Sight, codes: Sequence[tuple[CodeSystem, str]]) -> list[list[Topic]]:
    """For each code the topics that bear it."""
    rows = await sight.fetch(
        f"""select p.place, {TOPIC_JSON} from unnest($1::text[], $2::text[]) with ordinality p (system, code, place)
            join topic_code b on b.system = p.system and b.code = p.code
            join topic t on t.id = b.topic_id order by p.place, t.slug""",
        [system.value for system, _ in codes],
        [code for _, code in codes],
    )
    return _by_place(rows, len(codes))


async def topics_named(sight: Sight, names: Sequence[str]) -> list[list[Topic]]:
    """For each name the topics that are called so in any locale, then those that have it for a synonym.

    Letter case, accents and punctuation do not count. Several topics may share a name or a synonym.
    """
    rows = await sight.fetch(
        f"""select p.place, {TOPIC_JSON} from unnest($1::text[]) with ordinality p (match, place)
            cross join lateral (
                select n.topic_id, bool_or(n.name_match = p.match) as is_name from topic_name n
                where p.match <> '' and (n.name_match = p.match or n.synonym_matches @> array[p.match])
                group by n.topic_id) n
            join topic t on t.id = n.topic_id order by p.place, n.is_name desc, t.slug""",
        [match_key(name) for name in names],
    )
    return _by_place(rows, len(names))


def _by_place(rows: Iterable[asyncpg.Record], count: int) -> list[list[Topic]]:
    found: list[list[Topic]] = [[] for _ in range(count)]
    for row in rows:
        found[row["place"] - 1].append(decode_topic(row[1]))
    return found


async def children_of_topics(sight: Sight, ids: Sequence[UUID]) -> list[list[Topic]]:
    """For each topic those right below it, in order of their slugs."""
    rows = await sight.fetch(
        f"select t.parent_id, {TOPIC_JSON} from topic t where t.parent_id = any($1::uuid[]) order by t.slug", list(ids)
    )
    return [[decode_topic(row[1]) for row in rows if row["parent_id"] == identity] for identity in ids]


async def list_topics(sight: Sight, page: PageRequest) -> Page[Topic]:
    """A page of all topics, in order of their slugs."""
    arguments = Arguments()
    where = _bounds(arguments, page, name="topics", columns="t.slug, t.id")
    rows = await sight.fetch(
        f"""select {TOPIC_JSON}, t.slug as place, t.id from topic t where {where}
            order by {_ordering(page, "t.slug", "t.id")} limit {arguments.bind(page.size + 1, "int")}""",
        *arguments.values,
    )
    nodes = [(decode_topic(row[0]), encode_cursor("topics", row["place"], str(row["id"]))) for row in rows[: page.size]]
    return page_of(nodes, page, has_more=len(rows) > page.size)


async def count_topics(sight: Sight) -> int:
    """How many topics there are, or about how many."""
    is_all = not sight.shape.is_confined
    count: int = await sight.fetch_value(rows_of("topic") if is_all else "select count(*) from topic")
    return count


async def sources_by_id(sight: Sight, ids: Sequence[UUID]) -> list[Source | None]:
    """The sources with these ids, in their order; None for an id that names nothing."""
    rows = await sight.fetch(f"select {SOURCE_JSON} from source s where s.id = any($1::uuid[])", list(ids))
    found = {source.uuid: source for source in (decode_source(row[0]) for row in rows)}
    return [found.get(identity) for identity in ids]


async def all_sources(sight: Sight) -> list[Source]:
    """Every source, in order of their titles."""
    rows = await sight.fetch(f"select {SOURCE_JSON} from source s order by s.title_match, s.id")
    return [decode_source(row[0]) for row in rows]


async def list_sources(sight: Sight, wanted: SourceFilter, *, page: PageRequest) -> Page[Source]:
    """A page of the sources that meet the filter, in order of their titles."""
    arguments = Arguments()
    bounds = _bounds(arguments, page, name="sources", columns="s.title_match, s.id")
    where = f"{_source_conditions(arguments, wanted)} and {bounds}"
    rows = await sight.fetch(
        f"""select {SOURCE_JSON}, s.title_match as place, s.id from source s where {where}
            order by {_ordering(page, "s.title_match", "s.id")} limit {arguments.bind(page.size + 1, "int")}""",
        *arguments.values,
    )
    nodes = [
        (decode_source(row[0]), encode_cursor("sources", row["place"], str(row["id"]))) for row in rows[: page.size]
    ]
    return page_of(nodes, page, has_more=len(rows) > page.size)


async def count_sources(sight: Sight, wanted: SourceFilter) -> int:
    """How many sources meet the filter, on all pages; about how many where all of many do."""
    if wanted == SourceFilter() and not sight.shape.is_confined:
        number: int = await sight.fetch_value(rows_of("source"))
        return number
    arguments = Arguments()
    where = _source_conditions(arguments, wanted)
    count: int = await sight.fetch_value(f"select count(*) from source s where {where}", *arguments.values)
    return count


async def disclaimers_by_id(sight: Sight, ids: Sequence[UUID]) -> list[Disclaimer | None]:
    """The disclaimers with these ids in their current wording, in their order; None for an id that names nothing."""
    rows = await sight.fetch(
        f"select {DISCLAIMER_JSON} from disclaimer d where d.id = any($1::uuid[]) and d.is_active", list(ids)
    )
    found = {each.uuid: each for each in (decode_disclaimer(row[0]) for row in rows)}
    return [found.get(identity) for identity in ids]


def _source_conditions(arguments: Arguments, wanted: SourceFilter) -> str:
    parts = ["true"]
    columns = (("kind", wanted.kinds), ("status", wanted.statuses), ("publisher", wanted.publishers))
    for column, values in columns:
        if values is not None:
            parts.append(f"s.{column} = any({arguments.bind(list(values), 'text[]')})")
    return " and ".join(parts)


def _ordering(page: PageRequest, *columns: str) -> str:
    return ", ".join([f"{column} {'desc' if page.is_backward else 'asc'}" for column in columns])


def _bounds(arguments: Arguments, page: PageRequest, *, name: str, columns: str) -> str:
    parts = ["true"]
    for argument, cursor, sign in (("after", page.after, ">"), ("before", page.before, "<")):
        if cursor is not None:
            key, identity = _place(argument, cursor, name=name)
            place = f"({arguments.bind(key, 'text')}, {arguments.bind(identity, 'uuid')})"
            parts.append(f"({columns}) {sign} {place}")
    return " and ".join(parts)


def _place(argument: str, cursor: str, *, name: str) -> tuple[str, UUID]:
    place = decode_cursor(argument, cursor, list_name=name)
    try:
        key, identity = place
        return str(key), UUID(str(identity))
    except ValueError:
        raise CursorInvalidError(f"`{argument}` is not a cursor of this list: start again without it.") from None
