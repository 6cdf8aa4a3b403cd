"""The statements that read answers, and what is made of their rows for one audience."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol
from uuid import UUID

import asyncpg

from server.access.audience import ANONYMOUS, Audience
from server.content.answer import Answer
from server.content.pages import Page, encode_cursor, page_of
from server.content.reads.answers import ANSWER_COLUMNS, REVISION, Held, assemble, held_in
from server.content.reads.listing import Arguments, Keyset, is_there
from server.content.reads.sight import Sight
from server.content.touching import ANY, Tag, answer_tag
from server.days import today
from server.db.each import Item
from server.db.wants import AnyReads

_NOTHING_HELD: Mapping[UUID, Held] = {}

ANYTHING = frozenset([ANY])
"""Any news touches it, whatever else does."""

THERE = is_there(include_retracted=False)


class Find(Protocol):
    """A query for the ids of a page of a parent's answers that meet a condition."""

    def __call__(self, where: str, keyset: Keyset, *, limit: str) -> str:
        """The query's text."""


class Statements:
    """Reads answers as one audience is served them."""

    def __init__(self, reads: AnyReads, audience: Audience = ANONYMOUS) -> None:
        self.sight = Sight(reads, audience)

    @property
    def audience(self) -> Audience:
        """Whom it serves."""
        return self.sight.audience

    @property
    def touched(self) -> frozenset[Tag]:
        """What touches all that was read so far, as `touching` has it."""
        touched = self.sight.touched
        return ANYTHING if ANY in touched else frozenset(touched)

    def _whole(self, row: asyncpg.Record, held: Mapping[UUID, Held] = _NOTHING_HELD) -> Answer:
        return assemble(row, self._published(row, held), day=today(), audience=self.audience)

    def _published(self, row: asyncpg.Record, held: Mapping[UUID, Held]) -> Held:
        """The published form of a row: what is held, where the row does not bring it."""
        return held[row["id"]] if row["published"] is None else held_in(row)

    def _held(self, _ids: Iterable[UUID]) -> Mapping[UUID, Held]:
        """The published forms of these answers that need not be read; one may be of another revision than today's."""
        return _NOTHING_HELD

    def _held_at(self, _slug: str, _locale: str | None) -> Mapping[UUID, Held]:
        """The same of the answer that is most likely at a slug."""
        return _NOTHING_HELD

    def _arguments(self) -> Arguments:
        return Arguments(values=[today()])

    async def _answers(
        self, sql: str, items: Sequence[Item], *, held: Mapping[UUID, Held] = _NOTHING_HELD
    ) -> list[Answer | None]:
        """For each item the answer that the statement finds for it, if there is one."""
        groups = await self.sight.fetch_each(sql, items, before=(today(),))
        return [self._whole(group[0], held) if group else None for group in groups]

    def _note_named(self, answer: Answer | None, slug: str, *, locale: str | None) -> None:
        """Notes what touches that an answer is the one at a slug.

        A translation that is published later may take the place of any other than the very one that is asked for.
        """
        is_exact = answer is not None and (answer.slug, answer.locale) == (slug, locale)
        self.sight.note(answer.tags if answer is not None and is_exact else ANYTHING)

    def _missing_tags(self, answer_id: UUID) -> Iterable[Tag]:
        """What touches that there is no such answer; beyond the bounds one may be that comes within them."""
        return (ANY if self.sight.shape.is_confined else answer_tag(answer_id),)

    async def _groups(self, ids: Sequence[UUID], tail: str, *values: object) -> list[list[Answer]]:
        tail = tail.format(revision=REVISION, there=is_there(include_retracted=True))
        rows = await self.sight.fetch(
            f"select p.place, {ANSWER_COLUMNS} from unnest($2::uuid[]) with ordinality p (id, place) {tail}",
            today(), list(ids), *values,
        )  # fmt: skip
        groups: list[list[Answer]] = [[] for _ in ids]
        for row in rows:
            groups[row["place"] - 1].append(self._whole(row))
        return groups

    async def _pages_of(self, ids: Sequence[UUID], find: Find, *, keyset: Keyset) -> list[Page[Answer]]:
        arguments = self._arguments()
        parents = arguments.bind(list(ids), "uuid[]")
        where = f"{THERE} and {keyset.bounds(arguments)}"
        found = find(where, keyset, limit=arguments.bind(keyset.page.size + 1, "int"))
        rows = await self.sight.fetch(
            f"""select p.place as parent, {ANSWER_COLUMNS}, a.{keyset.column} as place
                from unnest({parents}) with ordinality p (id, place)
                cross join lateral ({found}) found
                join answer a on a.id = found.id {REVISION} order by p.place, {keyset.ordering}""",
            *arguments.values,
        )
        return [self._page([row for row in rows if row["parent"] == place], keyset) for place in range(1, len(ids) + 1)]

    async def _counts_of(self, ids: Sequence[UUID], count: str) -> list[int]:
        rows = await self.sight.fetch(
            f"select ({count}) from unnest($1::uuid[]) with ordinality p (id, place) order by p.place",
            list(ids),
        )
        return [row[0] for row in rows]

    def _page(self, rows: Sequence[asyncpg.Record], keyset: Keyset) -> Page[Answer]:
        return page_of(
            [(self._whole(row), encode_cursor(*keyset.parts(row))) for row in rows[: keyset.page.size]],
            keyset.page,
            has_more=len(rows) > keyset.page.size,
        )
