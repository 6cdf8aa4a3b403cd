"""Disclaimers as they are kept: standing ones that apply by rule, a page's own, and every wording that each has had."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncSession

from server.content.answer import ChangeKind
from server.content.draft import Notice
from server.content.tables import DisclaimerRow, DisclaimerVersionRow
from server.content.vocabulary import DisclaimerKind, DisclaimerPlacement
from server.content.writes.transaction import Write, note_change, writing
from server.db.engine import Engine
from server.db.uuids import new_uuid
from server.errors.content import NotFoundError, RefusedError
from server.events.outbox import SetKind


class Rule(StrEnum):
    """Which answers bear a disclaimer."""

    EVERY_ANSWER = "EVERY_ANSWER"
    MADE_BY_AI = "MADE_BY_AI"
    """AI wrote the answer or helped, and the page has no such notice of its own."""
    TOPIC = "TOPIC"
    """The answer is about the topic, or about one below it."""
    RETRACTED = "RETRACTED"
    SOURCE_WITHDRAWN = "SOURCE_WITHDRAWN"
    SOURCE_SUPERSEDED = "SOURCE_SUPERSEDED"
    REVIEW_OVERDUE = "REVIEW_OVERDUE"
    PAGE = "PAGE"
    """The one answer whose page bears it."""
    REASON = "REASON"
    """The one answer, while it is retracted: why."""
    CLIENT = "CLIENT"
    """Every answer as one client is served it, or those that bear what it replaces."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """A disclaimer as an editor sees it."""

    id: UUID
    rule: Rule
    name: str
    slug: str | None
    """Of the answer whose own it is."""
    topic: str | None
    client: str | None = None
    """The client whose own it is."""
    replaces: str | None = None
    kind: DisclaimerKind
    placement: DisclaimerPlacement
    locale: str
    version: int
    heading: str | None
    text: str


async def list_disclaimers(session: AsyncSession) -> list[Standing]:
    """Every disclaimer in its current wording: the standing ones in the order to show them, clients', pages'."""
    rows = await session.execute(
        text(
            """select d.id, d.rule, d.name, a.slug, t.slug as topic, c.name as client, d.replaces, d.kind, d.placement,
                   d.locale, d.version, d.heading, d.text
               from disclaimer d left join answer a on a.id = d.answer_id left join topic t on t.id = d.topic_id
                   left join client c on c.id = d.client_id
               where d.is_active
               order by a.slug nulls first, c.name nulls first, a.locale, d.position, d.name, d.locale, d.id"""
        )
    )
    return [
        Standing(
            **{
                **row,
                "rule": Rule(row["rule"]),
                "kind": DisclaimerKind(row["kind"]),
                "placement": DisclaimerPlacement(row["placement"]),
            }
        )
        for row in rows.mappings()
    ]


async def reword(engine: Engine, disclaimer_id: UUID, *, wording: str, heading: str | None = None) -> int:
    """Gives a disclaimer new words and returns the version; equal words change nothing.

    Without a heading it keeps the one that it has, with an empty one it has none. Raises NotFoundError, RefusedError.
    """
    check_wording(wording, heading or None)
    async with writing(engine) as write:
        found = await write.session.execute(
            text("select heading, text, version, answer_id from disclaimer where id = :id and is_active"),
            {"id": disclaimer_id},
        )
        row = found.mappings().one_or_none()
        if row is None:
            raise NotFoundError(f"no disclaimer has the id `{disclaimer_id}`: see `caveat disclaimers list`.")
        version: int = row["version"]
        said = (row["heading"] if heading is None else heading or None, wording)
        if (row["heading"], row["text"]) == said:
            return version
        await set_wording(write, disclaimer_id, version=version + 1, notice=said)
        await _tell(write, disclaimer_id, answer_id=row["answer_id"])
        return version + 1


async def add_standing(engine: Engine, standing: Standing) -> UUID:
    """Adds a standing disclaimer, or a wording of one in another locale; raises RefusedError if it is there."""
    check_wording(standing.text, standing.heading)
    if standing.rule in (Rule.PAGE, Rule.REASON, Rule.CLIENT):
        raise RefusedError("a standing disclaimer has a rule other than PAGE, REASON and CLIENT.")
    async with writing(engine) as write:
        topic_id = await _topic_id(write.session, standing)
        found = await write.session.execute(
            text("select locale, is_replaceable from disclaimer where name = :name and client_id is null"),
            {"name": standing.name},
        )
        others = {row["locale"]: row["is_replaceable"] for row in found.mappings()}
        if standing.locale in others:
            raise RefusedError(f"`{standing.name}` has a wording in {standing.locale} already: reword it.")
        values = {"name": standing.name, "rule": standing.rule.value, "topic_id": topic_id, "position": 7}
        values["is_replaceable"] = any(others.values())
        row = {**_row(standing, standing.locale), **values, "id": standing.id}
        await write.session.execute(insert(DisclaimerRow), [row])
        await keep_version(write, [row])
        await _tell(write, standing.id, answer_id=None)
    return standing.id


def check_wording(wording: str, heading: str | None) -> None:
    """Raises RefusedError for words that nobody could be shown."""
    for name, value in (("text", wording), ("heading", heading)):
        if value is not None and (not value.strip() or "\0" in value):
            raise RefusedError(f"the {name} of a disclaimer can't be empty and can't hold NUL characters.")


async def _topic_id(session: AsyncSession, standing: Standing) -> UUID | None:
    if (standing.rule is Rule.TOPIC) != (standing.topic is not None):
        raise RefusedError("a topic goes with the rule TOPIC, and only with it.")
    if standing.topic is None:
        return None
    found = await session.execute(text("select id from topic where slug = :slug"), {"slug": standing.topic})
    topic_id: UUID | None = found.scalar()
    if topic_id is None:
        raise NotFoundError(f"no topic has the slug `{standing.topic}`.")
    return topic_id


async def _tell(write: Write, disclaimer_id: UUID, *, answer_id: UUID | None) -> None:
    if answer_id is None:
        write.outbox.add_set(SetKind.DISCLAIMER, set_id=disclaimer_id)
        return
    status = await write.session.execute(text("select status from answer where id = :id"), {"id": answer_id})
    kind = ChangeKind.RETRACTED if status.scalar_one() == "RETRACTED" else ChangeKind.CAVEATS_CHANGED
    await note_change(write, kind, answer_id=answer_id)


async def set_wording(write: Write, disclaimer_id: UUID, *, version: int, notice: tuple[str | None, str]) -> None:
    """Makes a wording the current one, active, and keeps it as a version."""
    values: dict[str, Any] = {"id": disclaimer_id, "version": version, "heading": notice[0], "text": notice[1]}
    await write.session.execute(
        text(
            """update disclaimer set version = :version, heading = :heading, text = :text, is_active = true
               where id = :id"""
        ),
        values,
    )
    await keep_version(write, [values])


def _row(notice: Notice | Standing, locale: str) -> dict[str, Any]:
    values: dict[str, Any] = {"kind": notice.kind.value, "placement": notice.placement.value, "locale": locale}
    values |= {"version": 1, "heading": notice.heading, "text": notice.text, "is_active": True, "is_replaceable": False}
    return {**values, "id": new_uuid(), "answer_id": None, "topic_id": None}


async def keep_version(write: Write, rows: Sequence[dict[str, Any]]) -> None:
    """Keeps the current wordings of rows as versions."""
    versions = [
        {
            "disclaimer_id": row["id"],
            "created_at": write.now,
            **{key: row[key] for key in ("version", "heading", "text")},
        }
        for row in rows
    ]
    await write.session.execute(insert(DisclaimerVersionRow), versions)


@dataclass(frozen=True, kw_only=True, slots=True)
class Own:
    """A disclaimer of one answer: `name` is its identity, which its words may change under."""

    answer_id: UUID
    locale: str
    name: str
    position: int
    notice: Notice


def own_notices(answer_id: UUID, locale: str, *, notices: Sequence[Notice]) -> list[Own]:
    """A page's notices in its order, each named by kind, placement and count."""
    counts: Counter[str] = Counter()
    owned = []
    for position, notice in enumerate(notices):
        place = f"{notice.kind.lower()}-{notice.placement.lower()}"
        counts[place] += 1
        name = f"{place}-{counts[place]}-{answer_id}"
        owned.append(Own(answer_id=answer_id, locale=locale, name=name, position=position, notice=notice))
    return owned


async def add_own(write: Write, owned: Sequence[Own], *, rule: Rule) -> None:
    """Adds disclaimers of single answers, in their first wording."""
    rows = [
        {
            **_row(own.notice, own.locale),
            "rule": rule.value,
            "name": own.name,
            "answer_id": own.answer_id,
            "position": own.position,
        }
        for own in owned
    ]
    if rows:
        await write.session.execute(insert(DisclaimerRow), rows)
        await keep_version(write, rows)


async def revise_own(write: Write, owned: Sequence[Own], *, answer_id: UUID, former: Sequence[Notice]) -> None:
    """Brings a page's own disclaimers in line with what its file says now.

    What the page says as before keeps its current wording, an editor's too; what it says anew is the next version.
    """
    found = await write.session.execute(
        text("select id, name, version, heading, text from disclaimer where answer_id = :id and rule = 'PAGE'"),
        {"id": answer_id},
    )
    kept = {row["name"]: row for row in found.mappings()}
    await write.session.execute(
        text("update disclaimer set is_active = false where answer_id = :id and rule = 'PAGE'"), {"id": answer_id}
    )
    said = {own.name: own.notice for own in own_notices(answer_id, "", notices=former)}
    await add_own(write, [own for own in owned if own.name not in kept], rule=Rule.PAGE)
    for own in (own for own in owned if own.name in kept):
        row = kept[own.name]
        await write.session.execute(
            text("update disclaimer set is_active = true, position = :position where id = :id"),
            {"id": row["id"], "position": own.position},
        )
        words = (own.notice.heading, own.notice.text)
        if said.get(own.name) != own.notice and words != (row["heading"], row["text"]):
            await set_wording(write, row["id"], version=row["version"] + 1, notice=words)
