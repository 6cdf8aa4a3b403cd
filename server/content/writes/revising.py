"""Writing planned revisions: every table in one statement each, however many answers a batch holds."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession

from server.content.answer import ChangeKind
from server.content.disclaimers import Rule, add_own, own_notices, revise_own
from server.content.draft import Cover, Review
from server.content.folding import fold, match_key
from server.content.ids import decode_id
from server.content.packing import unpack
from server.content.publication.caveats import DraftCaveats
from server.content.publication.caveats import decode as decode_caveats
from server.content.publication.preparation import Built, Prepared, build_revision
from server.content.published import Published, decode
from server.content.tables import AnswerRow
from server.content.writes.counting import counted
from server.content.writes.known import KnownAnswer
from server.content.writes.sourcing import KnownSources, find_sources
from server.content.writes.standings import identified, named_sources, new_standings, set_standing
from server.content.writes.topicing import find_topics, moved_answers
from server.content.writes.transaction import Write
from server.db.bulk import copy_rows
from server.errors.content import RefusedError

_KEY_LENGTH = 300
"""Characters of a question that lists are ordered and compared by: an index takes no longer ones."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What is to be written of one draft."""

    item: Prepared
    answer: KnownAnswer
    kind: ChangeKind
    """PUBLISHED, UPDATED, or CAVEATS_CHANGED where the content is as it was."""

    @property
    def cover(self) -> Cover:
        """The draft, all but its content."""
        return self.item.cover

    @property
    def has_content(self) -> bool:
        """Whether a new revision is written."""
        return self.kind is not ChangeKind.CAVEATS_CHANGED

    @property
    def former(self) -> DraftCaveats:
        """The caveats as the file gave them the last time."""
        is_first = self.kind is ChangeKind.PUBLISHED
        return DraftCaveats() if is_first else decode_caveats(self.answer.draft_caveats)


async def write_plans(write: Write, plans: Sequence[Plan]) -> dict[UUID, str]:
    """Writes the plans; gives, by answer, why some were refused."""
    topics = await find_topics(
        write.session, [(topic, plan.cover.locale) for plan in plans for topic in plan.cover.topics]
    )
    refused: dict[UUID, str] = {}
    topic_ids: dict[UUID, list[UUID]] = {}
    for plan in plans:
        try:
            topic_ids[plan.answer.id] = topics.ids_of(plan.cover.topics, plan.cover.locale)
        except RefusedError as error:
            refused[plan.answer.id] = error.message
    plans = [plan for plan in plans if plan.answer.id not in refused]
    if plans:
        new = [plan.answer.id for plan in plans if plan.kind is ChangeKind.PUBLISHED]
        known = {plan.answer.id for plan in plans}.difference(new)
        async with counted(write, known | await moved_answers(write, topics), new=new):
            await topics.write(write)
            await _write_revisions(write, plans)
            await _write_topics(write, plans, topic_ids=topic_ids)
    return refused


async def _write_revisions(write: Write, plans: Sequence[Plan]) -> None:
    revised = [plan for plan in plans if plan.has_content]
    said = [standing for plan in plans for standing in new_standings(decode_caveats(plan.item.caveats), plan.former)]
    former = await _load_former(write.session, [plan.answer.id for plan in revised if plan.answer.revision])
    cited = [source for plan in revised for source in plan.item.used_sources]
    sources = await find_sources(write.session, [*cited, *named_sources(said)])
    built = [(plan, _build(plan, sources, former=former.get(plan.answer.id))) for plan in revised]
    standings = [identified(standing, sources) for standing in said]
    await sources.write(write)
    for source_id, status, newer_id in standings:
        await set_standing(write, source_id, status=status, superseded_by=newer_id)
    await _write_answers(write, plans, citing={plan.answer.id for plan, each in built if each.cited})
    if built:
        revisions = [_revision_row(plan, each, now=write.now) for plan, each in built]
        await copy_rows(write.session, "revision", rows=revisions)
        await _write_source_links(write, built)
    await _write_notices(write, plans)


async def _load_former(session: AsyncSession, answer_ids: Sequence[UUID]) -> dict[UUID, Published]:
    if not answer_ids:
        return {}
    rows = await session.execute(
        text(
            """select r.answer_id, r.published
               from answer a join revision r on r.answer_id = a.id and r.number = a.revision where a.id = any(:ids)"""
        ),
        {"ids": list(answer_ids)},
    )
    return {row["answer_id"]: decode(unpack(row["published"])) for row in rows.mappings()}


def _build(plan: Plan, sources: KnownSources, *, former: Published | None) -> Built:
    """Builds the next revision of an answer, unless that was done, and brings what is known of it up to it."""
    answer, proposed = plan.answer, plan.item.built
    proposed_ids = proposed.source_ids if proposed else {}
    ids = {source.key: sources.id_of(source, proposed_ids.get(source.key)) for source in plan.item.used_sources}
    answer.revision += 1
    if proposed is not None and (proposed.answer_id, proposed.source_ids) == (answer.id, ids):
        return proposed
    asked = tuple([(each.text, _key(each.id)) for each in former.follow_up_questions]) if former else ()
    return build_revision(plan.item.draft, answer_id=answer.id, source_ids=ids, asked=asked)


def _key(question_id: str) -> str:
    node = decode_id(question_id)
    return node.key if node else ""


async def _write_answers(write: Write, plans: Sequence[Plan], *, citing: set[UUID]) -> None:
    rows = [_answer_row(write, plan, citing=citing) for plan in plans]
    new = [row for row, plan in zip(rows, plans, strict=True) if plan.kind is ChangeKind.PUBLISHED]
    old = [row for row, plan in zip(rows, plans, strict=True) if plan.kind is not ChangeKind.PUBLISHED]
    await copy_rows(write.session, "answer", rows=[row | {"reviewer": _json(row["reviewer"])} for row in new])
    if old:
        await write.session.execute(update(AnswerRow), old)


def _answer_row(write: Write, plan: Plan, *, citing: set[UUID]) -> dict[str, Any]:
    cover, answer = plan.cover, plan.answer
    position = write.outbox.add_answer(plan.kind, answer.id)
    row = {
        "id": answer.id,
        "set_id": answer.set_id,
        "draft_caveats": plan.item.caveats,
        **_review_columns(cover.review),
    }
    row |= {"change_position": position, "change_kind": plan.kind.value, "changed_at": write.now}
    if not plan.has_content:
        return row
    published_at = datetime.datetime.combine(cover.published_on, datetime.time(), datetime.UTC)
    is_first = plan.kind is ChangeKind.PUBLISHED
    return row | {
        "slug": answer.slug,
        "locale": answer.locale,
        "external_id": cover.external_id or answer.external_id,
        "status": "PUBLISHED",
        "revision": answer.revision,
        "digest": plan.item.digest,
        "question": cover.question,
        "question_key": fold(cover.question)[:_KEY_LENGTH],
        "question_match": match_key(cover.question)[:_KEY_LENGTH],
        "method": cover.provenance.method.value,
        "is_citing": answer.id in citing,
        "published_at": published_at,
        "updated_at": published_at if is_first else max(write.now, published_at, answer.updated_at),
    }


def _json(value: dict[str, Any] | None) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


def _review_columns(review: Review | None) -> dict[str, Any]:
    if review is None:
        return {"reviewed_on": None, "reviewer": None, "next_review_on": None}
    reviewer = msgspec.to_builtins(review.reviewer)
    return {"reviewed_on": review.reviewed_on, "reviewer": reviewer, "next_review_on": review.next_review_on}


def _revision_row(plan: Plan, built: Built, *, now: datetime.datetime) -> dict[str, Any]:
    return {
        "answer_id": plan.answer.id,
        "number": plan.answer.revision,
        "digest": plan.item.digest,
        "question": plan.cover.question,
        "published": built.published,
        "draft": plan.item.encoded,
        "published_at": datetime.datetime.combine(plan.cover.published_on, datetime.time(), datetime.UTC),
        "created_at": now,
    }


async def _write_source_links(write: Write, built: Sequence[tuple[Plan, Built]]) -> None:
    await _clear(
        write,
        "answer_source",
        answer_ids=[plan.answer.id for plan, _ in built if plan.kind is not ChangeKind.PUBLISHED],
    )
    links = []
    for plan, each in built:
        used = dict.fromkeys([*each.cited, *[each.source_ids[key] for key in plan.item.used_keys]])
        links += [
            {"answer_id": plan.answer.id, "source_id": id_, "position": position, "is_cited": id_ in each.cited}
            for position, id_ in enumerate(used)
        ]
    await copy_rows(write.session, "answer_source", rows=links)


async def _write_notices(write: Write, plans: Sequence[Plan]) -> None:
    added = []
    for plan in plans:
        answer, notices = plan.answer, plan.cover.notices
        owned = own_notices(answer.id, answer.locale, notices=notices)
        if plan.kind is ChangeKind.PUBLISHED:
            added += owned
        elif plan.former.notices != notices:
            await revise_own(write, owned, answer_id=answer.id, former=plan.former.notices)
    await add_own(write, added, rule=Rule.PAGE)


async def _write_topics(write: Write, plans: Sequence[Plan], *, topic_ids: dict[UUID, list[UUID]]) -> None:
    await _note_former_topics(write, plans, topic_ids=topic_ids)
    await _clear(
        write, "answer_topic", answer_ids=[plan.answer.id for plan in plans if plan.kind is not ChangeKind.PUBLISHED]
    )
    links = [
        {"answer_id": plan.answer.id, "topic_id": topic_id, "position": position}
        for plan in plans
        for position, topic_id in enumerate(topic_ids[plan.answer.id])
    ]
    await copy_rows(write.session, "answer_topic", rows=links)


async def _note_former_topics(write: Write, plans: Sequence[Plan], *, topic_ids: dict[UUID, list[UUID]]) -> None:
    known = [plan.answer.id for plan in plans if plan.kind is not ChangeKind.PUBLISHED]
    if not known:
        return
    kept = [(answer_id, topic_id) for answer_id in known for topic_id in topic_ids[answer_id]]
    # what an answer leaves, it leaves with all that lies above it; a topic that it still has is no former one
    await write.session.execute(
        text(
            """with recursive kept as (
                   select * from unnest(cast(:answers as uuid[]), cast(:topics as uuid[])) k (answer_id, topic_id)),
               lost as (
                   select x.answer_id, x.topic_id from answer_topic x
                   where x.answer_id = any(:ids) and (x.answer_id, x.topic_id) not in (select * from kept)
                   union select l.answer_id, t.parent_id from topic t join lost l on t.id = l.topic_id
                   where t.parent_id is not null)
               insert into former_topic (answer_id, topic_id, position)
               select l.answer_id, l.topic_id, a.change_position from lost l join answer a on a.id = l.answer_id
               on conflict (answer_id, topic_id) do update set position = excluded.position"""
        ),
        {"ids": known, "answers": [answer for answer, _ in kept], "topics": [topic for _, topic in kept]},
    )


async def _clear(write: Write, table: str, *, answer_ids: Sequence[UUID]) -> None:
    if not answer_ids:
        return
    statement = {
        "answer_source": "delete from answer_source where answer_id = any(:ids)",
        "answer_topic": "delete from answer_topic where answer_id = any(:ids)",
    }[table]
    await write.session.execute(text(statement), {"ids": list(answer_ids)})
