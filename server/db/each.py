"""Statements that read for many items at once: each item a tuple of values, each of its places a list to Postgres."""

from collections.abc import Hashable, Sequence
from typing import Any, NamedTuple, TypeAlias

import asyncpg

Item: TypeAlias = tuple[Hashable, ...]


class Each(NamedTuple):
    """One of them, with the values that it binds before the lists and after them, which are the same for all items.

    Its rows say in their column `place` which item they are of, counted from 1.
    """

    sql: str
    before: tuple[Hashable, ...] = ()
    after: tuple[Hashable, ...] = ()

    def arguments(self, items: Sequence[Item]) -> list[Any]:
        """What it binds for these items, of which there is at least one."""
        return [*self.before, *map(list, zip(*items, strict=True)), *self.after]


def spread(rows: Sequence[asyncpg.Record], count: int) -> list[list[asyncpg.Record]]:
    """The rows of each of so many items, in their order."""
    groups: list[list[asyncpg.Record]] = [[] for _ in range(count)]
    for row in rows:
        groups[row["place"] - 1].append(row)
    return groups
