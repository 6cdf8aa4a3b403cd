"""Topics as they are written: a known topic is found by its slug, else by its name in the draft's locale.

A synonym does not make two topics one, for several may share it. A topic lies below the one that a draft names as its
parent, which must be there and may not lie below it in turn.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession

from server.content.draft import Topic
from server.content.folding import name_key
from server.content.slugs import slug_of
from server.content.tables import TopicRow
from server.content.writes.transaction import Write
from server.db.bulk import copy_rows
from server.db.uuids import new_uuid
from server.errors.content import RefusedError
from server.events.outbox import SetKind


def _numbered(slug: str) -> list[str]:
    return [f"{slug}-{number}" for number in range(2, 10)]


@dataclass(kw_only=True, slots=True)
class KnownTopic:
    """A topic that is there or is to be written."""

    id: UUID
    slug: str
    parent_id: UUID | None
    names: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    """For each locale its name and its synonyms."""
    codes: dict[tuple[str, str], str | None] = field(default_factory=dict)
    is_new: bool = False
    written_parent_id: UUID | None = None
    """The one that it has in the database."""

    @property
    def has_moved(self) -> bool:
        """Whether it is to leave the topic that it lies below."""
        return self.written_parent_id not in (None, self.parent_id)


@dataclass(kw_only=True, slots=True)
class KnownTopics:
    """The topics that a batch names."""

    by_slug: dict[str, KnownTopic] = field(default_factory=dict)
    by_name: dict[tuple[str, str], KnownTopic] = field(default_factory=dict)
    changed: dict[UUID, KnownTopic] = field(default_factory=dict)

    def add(self, topic: KnownTopic) -> None:
        """Makes a topic known by its slug and its names."""
        self.by_slug[topic.slug] = topic
        for locale, (name, _) in topic.names.items():
            self.by_name.setdefault((locale, name_key(name)), topic)

    def ids_of(self, topics: Sequence[Topic], locale: str) -> list[UUID]:
        """The ids of a draft's topics, each once; new topics and new facts about known ones are kept to be written."""
        if any(topic.parent for topic in topics):
            self._check_parents(topics, locale)
        found = [self._take(topic, locale) for topic in topics]
        for topic, known in zip(topics, found, strict=True):
            self._set_parent(topic, known)
        return list(dict.fromkeys(known.id for known in found))

    def _take(self, topic: Topic, locale: str) -> KnownTopic:
        known = self._find(topic, locale)
        if known is None:
            known = KnownTopic(id=new_uuid(), slug=self._free_slug(topic), parent_id=None, is_new=True)
            self.changed[known.id] = known
        name, synonyms = known.names.get(locale, (topic.name, []))
        if topic.slug:
            name = topic.name
        names = (name, list(dict.fromkeys([*synonyms, *topic.synonyms])))
        codes = {**known.codes, **{(code.system.value, code.code): code.display for code in topic.codes}}
        if names != known.names.get(locale) or codes != known.codes:
            known.names[locale], known.codes = names, codes
            self.changed[known.id] = known
        self.add(known)
        return known

    def _free_slug(self, topic: Topic) -> str:
        wanted = topic.slug or slug_of(topic.name)
        if topic.slug or wanted not in self.by_slug:
            return wanted
        free = (slug for slug in _numbered(wanted) if slug not in self.by_slug)
        return next(free, f"{wanted}-{new_uuid().hex[-8:]}")

    def _set_parent(self, topic: Topic, known: KnownTopic) -> None:
        if topic.parent is None:
            return
        parent = self.by_slug[topic.parent]
        if parent.id != known.parent_id:
            known.parent_id = parent.id
            self.changed[known.id] = known

    def _check_parents(self, topics: Sequence[Topic], locale: str) -> None:
        slugs = {known.id: known.slug for known in self.by_slug.values()}
        parents = {known.slug: slugs[known.parent_id] for known in self.by_slug.values() if known.parent_id}
        parents |= {self._slug(topic, locale): topic.parent for topic in topics if topic.parent}
        there = {*self.by_slug, *(self._slug(topic, locale) for topic in topics)}
        for topic in topics:
            if topic.parent and topic.parent not in there:
                raise RefusedError(f"the topic `{topic.name}` has the parent `{topic.parent}`: no topic has that slug.")
            start = self._slug(topic, locale)
            above, seen = parents.get(start), {start}
            while above is not None:
                if above in seen:
                    raise RefusedError(
                        f"the topic `{topic.name}` can't lie below itself: its parent is `{topic.parent}`."
                    )
                seen.add(above)
                above = parents.get(above)

    def _slug(self, topic: Topic, locale: str) -> str:
        known = self._find(topic, locale)
        return known.slug if known else topic.slug or slug_of(topic.name)

    def _find(self, topic: Topic, locale: str) -> KnownTopic | None:
        return self.by_slug.get(topic.slug) if topic.slug else self.by_name.get((locale, name_key(topic.name)))

    async def write(self, write: Write) -> None:
        """Writes what is new, every table in one statement; those whose topics changed learn of it."""
        changed, self.changed = list(self.changed.values()), {}
        rows = [{"id": topic.id, "slug": topic.slug, "parent_id": None} for topic in changed if topic.is_new]
        await copy_rows(write.session, "topic", rows=rows)
        for topic in changed:
            await _note_change(write, topic)
        if changed:
            await _write_facts(write, changed)
        for topic in changed:
            topic.is_new, topic.written_parent_id = False, topic.parent_id


async def _note_change(write: Write, topic: KnownTopic) -> None:
    if topic.is_new:
        return
    position = write.outbox.add_set(SetKind.TOPIC, set_id=topic.id)
    if topic.has_moved:
        await _note_move(write, topic, position=position)


async def _write_facts(write: Write, topics: Sequence[KnownTopic]) -> None:
    known = {"ids": [topic.id for topic in topics if not topic.is_new]}
    if known["ids"]:
        await write.session.execute(text("delete from topic_name where topic_id = any(:ids)"), known)
        await write.session.execute(text("delete from topic_code where topic_id = any(:ids)"), known)
    if parents := [{"id": topic.id, "parent_id": topic.parent_id} for topic in topics if topic.parent_id is not None]:
        await write.session.execute(update(TopicRow), parents)
    await copy_rows(write.session, "topic_name", rows=[row for topic in topics for row in _name_rows(topic)])
    await copy_rows(write.session, "topic_code", rows=[row for topic in topics for row in _code_rows(topic)])


def _name_rows(topic: KnownTopic) -> list[dict[str, Any]]:
    return [
        {
            "topic_id": topic.id,
            "locale": locale,
            "name": name,
            "name_match": name_key(name),
            "synonyms": synonyms,
            "synonym_matches": [name_key(synonym) for synonym in synonyms],
        }
        for locale, (name, synonyms) in topic.names.items()
    ]


def _code_rows(topic: KnownTopic) -> list[dict[str, Any]]:
    return [
        {"topic_id": topic.id, "system": system, "code": code, "display": display}
        for (system, code), display in topic.codes.items()
    ]


async def _note_move(write: Write, topic: KnownTopic, *, position: int) -> None:
    # the answers at or below a moved topic leave every topic that was above it
    await write.session.execute(
        text(
            """with recursive below as (
                   select cast(:id as uuid) as id
                   union select t.id from topic t join below b on t.parent_id = b.id),
               above as (
                   select cast(:former as uuid) as id
                   union select t.parent_id from topic t join above p on t.id = p.id where t.parent_id is not null)
               insert into former_topic (answer_id, topic_id, position)
               select distinct x.answer_id, p.id, cast(:position as bigint)
               from answer_topic x join below b on x.topic_id = b.id cross join above p
               on conflict (answer_id, topic_id) do update set position = excluded.position"""
        ),
        {"id": topic.id, "former": topic.written_parent_id, "position": position},
    )


async def moved_answers(write: Write, topics: KnownTopics) -> set[UUID]:
    """The answers in or below the topics that come to lie below another one with the next `write`."""
    moved = [topic.id for topic in topics.changed.values() if topic.parent_id is not None and not topic.is_new]
    if not moved:
        return set()
    found = await write.session.execute(
        text(
            """with recursive below as (
                   select t.id from topic t
                   join unnest(cast(:ids as uuid[]), cast(:parents as uuid[])) m (id, parent_id) on m.id = t.id
                   where t.parent_id is distinct from m.parent_id
                   union select t.id from topic t join below b on t.parent_id = b.id)
               select distinct x.answer_id from answer_topic x join below b on x.topic_id = b.id"""
        ),
        {"ids": moved, "parents": [topics.changed[each].parent_id for each in moved]},
    )
    return set(found.scalars())


async def find_topics(session: AsyncSession, named: Iterable[tuple[Topic, str]]) -> KnownTopics:
    """Every topic that the drafts' topics, each with its locale, might be, and all that lies above or shares a slug."""
    listed = list(named)
    known = KnownTopics()
    if not listed:
        return known
    unnamed = {topic.name for topic, _ in listed if not topic.slug}
    slugs = {slug for topic, _ in listed for slug in (topic.slug, topic.parent) if slug}.union(map(slug_of, unnamed))
    rows = await session.execute(
        text(
            """with recursive named as (
                   select t.id from topic t where t.slug = any(:slugs)
                   union select n.topic_id from topic_name n where n.name_match = any(:names)),
               lineage as (
                   select t.id, t.parent_id from topic t join named using (id)
                   union select t.id, t.parent_id from topic t join lineage l on t.id = l.parent_id)
               select t.id, t.slug, t.parent_id,
                   (select json_agg(json_build_array(n.locale, n.name, n.synonyms)) from topic_name n
                    where n.topic_id = t.id) as names,
                   (select json_agg(json_build_array(c.system, c.code, c.display)) from topic_code c
                    where c.topic_id = t.id) as codes
               from topic t join lineage using (id) order by t.id"""
        ),
        {
            "slugs": [name for slug in slugs for name in (slug, *_numbered(slug))],
            "names": list({name_key(topic.name) for topic, _ in listed}),
        },
    )
    for row in rows.mappings():
        names = {locale: (name, synonyms) for locale, name, synonyms in row["names"] or ()}
        codes = {(system, code): display for system, code, display in row["codes"] or ()}
        parent = {"parent_id": row["parent_id"], "written_parent_id": row["parent_id"]}
        known.add(KnownTopic(id=row["id"], slug=row["slug"], **parent, names=names, codes=codes))
    return known
