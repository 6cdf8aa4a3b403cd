"""What search indexes: published answers as they stand, page by page, and which entries have them read again.

All of it is read through a sight: the index of a confined audience is made of what lies within its bounds, so that no
word, count or order in it can tell of anything else.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import msgspec

from server.content.answer import EvidenceStatus, TopicName
from server.content.packing import unpack
from server.content.reads.answers import REVISION
from server.content.reads.bounds import BELOW
from server.content.reads.sight import Sight
from server.content.rendering import text

PAGE = 200
"""Answers that are read at once."""

_FIRST = UUID(int=0)


class _Block(msgspec.Struct, frozen=True, gc=False):
    text: str


class IndexedSection(msgspec.Struct, frozen=True):
    """What is searched of a section."""

    heading: str | None = None
    blocks: tuple[_Block, ...] = ()

    @property
    def text(self) -> str:
        """Its blocks in one piece, without its heading."""
        return text.join([block.text for block in self.blocks])


class _Content(msgspec.Struct, frozen=True):
    """What is searched of the published form; the rest is not decoded."""

    title: str
    sections: tuple[IndexedSection, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class IndexedTopic:
    """A topic as search finds answers by it."""

    id: UUID
    slug: str
    lineage: tuple[str, ...]
    """The slugs of the topic and of those above it."""
    names: tuple[TopicName, ...]
    codes: tuple[str, ...]
    """Its own and those of the topics above it: `UMLS:C0023418`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Indexed:
    """A published answer as search finds it."""

    id: UUID
    set_id: UUID
    slug: str
    locale: str
    external_id: str | None
    question: str
    method: str
    published_at: datetime.datetime
    evidence: EvidenceStatus
    source_ids: tuple[UUID, ...]
    topics: tuple[IndexedTopic, ...]
    siblings: tuple[str, ...]
    """The locales of the other published answers of its set."""
    title: str
    sections: tuple[IndexedSection, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """An entry of the outbox; either an answer or a set is named."""

    position: int
    kind: str
    answer_id: UUID | None
    set_kind: str | None
    set_id: UUID | None
    written_at: datetime.datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Entries:
    """A page of entries, with how far the outbox goes and from where on it is whole."""

    head: int
    horizon: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Answers that are read together: a condition on answer `a`, and the ids that it takes as `$3`."""

    condition: str
    ids: tuple[UUID, ...] = ()


EVERY = Group(condition="$3::uuid[] is not null")


def of_sets(set_ids: Sequence[UUID]) -> Group:
    """The answers of these sets of translations."""
    return Group(condition="a.set_id = any($3::uuid[])", ids=tuple(set_ids))


def of_source(source_id: UUID) -> Group:
    """The answers that lean on a source."""
    where = "a.id in (select x.answer_id from answer_source x where x.source_id = any($3::uuid[]))"
    return Group(condition=where, ids=(source_id,))


_ANSWERS = f"""
select a.id, a.set_id, a.slug, a.locale, a.external_id, a.question, a.method, a.published_at, r.published,
    array(select x.topic_id from answer_topic x where x.answer_id = a.id order by x.position) as topics,
    array(select x.source_id from answer_source x where x.answer_id = a.id and x.is_cited) as sources,
    array(select s.status from answer_source x join source s on s.id = x.source_id
          where x.answer_id = a.id and x.is_cited) as statuses,
    array(select b.locale from answer b where b.set_id = a.set_id and b.id <> a.id and b.status = 'PUBLISHED')
        as siblings
from answer a {REVISION}
where a.status = 'PUBLISHED' and a.id > $1 and {{condition}} order by a.id limit $2
"""

_TOPICS = """
select t.id, t.slug, array(
        with recursive line as (
            select t.slug, t.parent_id
            union select u.slug, u.parent_id from topic u join line l on u.id = l.parent_id)
        select l.slug from line l) as lineage,
    array(
        with recursive line as (
            select t.id, t.parent_id
            union select u.id, u.parent_id from topic u join line l on u.id = l.parent_id)
        select distinct c.system || ':' || c.code from line l join topic_code c on c.topic_id = l.id) as codes,
    (select coalesce(json_agg(json_build_object('locale', n.locale, 'name', n.name, 'synonyms', n.synonyms)
         order by n.locale), '[]') from topic_name n where n.topic_id = t.id) as names
from topic t where t.id = any($1::uuid[])
"""

_ENTRIES = """
select b.head, b.horizon, e.position, e.kind, e.answer_id, e.set_kind, e.set_id, e.occurred_at
from (select greatest((select max(position) from outbox), h.position, 0) as head, h.position as horizon
      from outbox_horizon h) b
left join lateral (select * from outbox o where o.position > $1 order by o.position limit $2) e on true
order by e.position
"""

_content = msgspec.json.Decoder(_Content)
_names = msgspec.json.Decoder(tuple[TopicName, ...])


async def read_page(sight: Sight, group: Group, *, after: UUID | None = None, most: int = PAGE) -> list[Indexed]:
    """The next answers of a group after one of them, in the order of their ids; empty at its end."""
    rows = await sight.fetch(_ANSWERS.format(condition=group.condition), after or _FIRST, most, list(group.ids))
    topics = await _topics(sight, {identity for row in rows for identity in row["topics"]})
    return [_indexed(row, topics) for row in rows]


async def _topics(sight: Sight, ids: set[UUID]) -> dict[UUID, IndexedTopic]:
    rows = await sight.fetch(_TOPICS, list(ids)) if ids else []
    return {
        row["id"]: IndexedTopic(
            id=row["id"],
            slug=row["slug"],
            lineage=tuple(row["lineage"]),
            names=_names.decode(row["names"]),
            codes=tuple(row["codes"]),
        )
        for row in rows
    }


def _indexed(row: asyncpg.Record, topics: dict[UUID, IndexedTopic]) -> Indexed:
    content = _content.decode(unpack(row["published"]))
    return Indexed(
        id=row["id"],
        set_id=row["set_id"],
        slug=row["slug"],
        locale=row["locale"],
        external_id=row["external_id"],
        question=row["question"],
        method=row["method"],
        published_at=row["published_at"],
        evidence=_evidence(row["statuses"]),
        source_ids=tuple(row["sources"]),
        topics=tuple([topics[identity] for identity in row["topics"] if identity in topics]),
        siblings=tuple(row["siblings"]),
        title=content.title,
        sections=content.sections,
    )


def _evidence(statuses: Sequence[str]) -> EvidenceStatus:
    if not statuses:
        return EvidenceStatus.UNCITED
    if "WITHDRAWN" in statuses:
        return EvidenceStatus.WITHDRAWN
    return EvidenceStatus.OUTDATED if "SUPERSEDED" in statuses else EvidenceStatus.CURRENT


async def read_entries(sight: Sight, after: int, *, most: int) -> Entries:
    """The entries after a position, in the order of their commits."""
    rows = await sight.fetch(_ENTRIES, after, most)
    found = [
        Entry(
            position=row["position"],
            kind=row["kind"],
            answer_id=row["answer_id"],
            set_kind=row["set_kind"],
            set_id=row["set_id"],
            written_at=row["occurred_at"],
        )
        for row in rows
        if row["position"] is not None
    ]
    return Entries(head=rows[0]["head"], horizon=rows[0]["horizon"], entries=tuple(found))


async def sets_of(sight: Sight, answer_ids: Sequence[UUID]) -> set[UUID]:
    """The sets of translations that these answers are in now."""
    rows = await sight.fetch("select distinct set_id from answer where id = any($1::uuid[])", list(answer_ids))
    return {row["set_id"] for row in rows}


_IN_TOPIC = f"""
select distinct a.set_id from every_answer a
where a.id in (select x.answer_id from every_answer_topic x where x.topic_id in {BELOW.format(root="$1::uuid")})
    and a.set_id > $2 order by a.set_id limit {PAGE}
"""


async def sets_in_topic(sight: Sight, topic_id: UUID, *, after: UUID | None = None) -> list[UUID]:
    """The next sets of translations on a topic or below it, those too that the topic took beyond the bounds."""
    rows = await sight.fetch(_IN_TOPIC, topic_id, after or _FIRST)
    return [row["set_id"] for row in rows]


async def database_identity(sight: Sight) -> str:
    """What no other database of any Postgres has: the cluster's own number, and the database's number in it."""
    identity: str = await sight.fetch_value(
        """select (select system_identifier from pg_control_system()) || '-' || oid
           from pg_database where datname = current_database()"""
    )
    return identity


async def written_at(sight: Sight, position: int) -> datetime.datetime | None:
    """When the entry at a position was written; None for one that is pruned or was never there."""
    moment: datetime.datetime | None = await sight.fetch_value(
        "select occurred_at from outbox where position = $1", position
    )
    return moment
