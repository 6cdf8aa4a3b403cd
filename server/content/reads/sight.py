"""What an audience sees: every statement that reads for one passes through here, and none goes past.

Statements name tables as if nobody were confined. For a confined audience the names are bound to the parts of the
tables within its bounds, by common table expressions of the same names, which Postgres takes in place of the tables: so
no statement can leave the bounds out. For an audience without bounds they are the tables.

What must look past the bounds says so: `every_answer` is the whole table. A visible answer's own sources and
disclaimers are read so, for it never travels without its caveats; and the feed, which tells what has left.
"""

import functools
import hashlib
import re
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import asyncpg
import msgspec

from server.access.audience import Audience
from server.content.reads.bounds import LOCALES, TOPICS, WORDING, Shape, definitions
from server.content.touching import ANY, Tag
from server.db.each import Each, Item
from server.db.wants import AnyReads

_MOST_STATEMENTS = 1024
_TYPES = {TOPICS: "text[]", LOCALES: "text[]", WORDING: "uuid"}
_OPENING = re.compile(r"^\s*with\s")


class Sight:
    """The database as one audience sees it."""

    def __init__(self, reads: AnyReads, audience: Audience) -> None:
        self.audience = audience
        self.touched: set[Tag] = set()
        """What touches all that was read so far, as `touching` has it."""
        self._reads = reads

    @functools.cached_property
    def shape(self) -> Shape:
        """Which bounds the audience has."""
        return Shape.of(self.audience)

    @property
    def bounds(self) -> str:
        """Names what the audience is confined to; empty for one that is not confined."""
        bounds = (self.audience.topics, self.audience.locales)
        return "" if bounds == (None, None) else hashlib.sha256(msgspec.json.encode(bounds)).hexdigest()[:16]

    def note(self, tags: Iterable[Tag]) -> None:
        """Notes what touches something that was read."""
        self.touched.update(tags)

    async def fetch(self, sql: str, *values: Any) -> list[asyncpg.Record]:  # noqa: ANN401 - any value that SQL takes
        """All rows of the statement, which any news touches."""
        self.touched.add(ANY)
        return await self.fetch_noted(sql, *values)

    async def fetch_noted(self, sql: str, *values: Any) -> list[asyncpg.Record]:  # noqa: ANN401 - as above
        """All rows of the statement; whoever reads them notes what touches them."""
        text, after = self._bounded(sql, len(values))
        return await self._reads.fetch(text, *values, *after)

    async def fetch_each(
        self, sql: str, items: Sequence[Item], *, before: tuple[Hashable, ...] = ()
    ) -> list[list[asyncpg.Record]]:
        """The rows of each item, of a statement that takes them as lists after what it binds before.

        Whoever reads them notes what touches them.
        """
        if not items:
            return []
        text, after = self._bounded(sql, len(before) + len(items[0]))
        return await self._reads.fetch_each(Each(text, before, after), items)

    def _bounded(self, sql: str, count: int) -> tuple[str, tuple[Hashable, ...]]:
        text, bound = bounded(sql, count, shape=self.shape)
        audience = {TOPICS: self.audience.topics, LOCALES: self.audience.locales, WORDING: self.audience.wording}
        return text, tuple([audience[name] for name in bound])

    async def fetch_row(self, sql: str, *values: Any) -> asyncpg.Record | None:  # noqa: ANN401 - as above
        """The first row of the statement; null when it has none."""
        rows = await self.fetch(sql, *values)
        return rows[0] if rows else None

    async def fetch_value(self, sql: str, *values: Any) -> Any:  # noqa: ANN401 - as above
        """The first value of the first row; null when there is no row."""
        rows = await self.fetch(sql, *values)
        return rows[0][0] if rows else None


@functools.lru_cache(maxsize=_MOST_STATEMENTS)
def bounded(sql: str, count: int, *, shape: Shape) -> tuple[str, tuple[str, ...]]:
    """A statement of so many values with its names bound, and what it takes of the audience after those values."""
    expressions: list[str] = []
    for name, definition in reversed(definitions(shape).items()):
        if re.search(rf"\b{name}\b", "\n".join([sql, *expressions])):
            kept = "materialized" if name == "licensed" else "not materialized"
            expressions.insert(0, f"{name} as {kept} ({definition})")
    if not expressions:
        return sql, ()
    opening = ",\n".join(expressions)
    names = tuple(name for name in _TYPES if name in opening)
    for place, name in enumerate(names, start=count + 1):
        opening = opening.replace(name, f"${place}::{_TYPES[name]}")
    rest = _OPENING.sub("", sql)
    return f"with {opening}{',' if rest != sql else ''}\n{rest}", names
