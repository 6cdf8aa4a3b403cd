"""Receipts of many responses, summed up into the lines that are written."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar
from uuid import UUID

KeyT = TypeVar("KeyT")


class Served(NamedTuple):
    """That a client was served an answer on a day; `document` is empty for what no trusted one asked."""

    day: datetime.date
    client_id: UUID | None
    document: str
    answer_id: UUID
    revision: int


class Asked(NamedTuple):
    """That an operation of a client asked for a field on a day."""

    day: datetime.date
    client_id: UUID | None
    field: str


@dataclass(kw_only=True, slots=True)
class Lines:
    """How often each, up to a number of lines: what finds no room is dropped and counted."""

    most: int
    served: dict[Served, int] = field(default_factory=dict)
    asked: dict[Asked, int] = field(default_factory=dict)
    dropped: int = 0
    """How many counts found no room."""

    def __len__(self) -> int:
        return len(self.served) + len(self.asked)

    def add_served(self, key: Served, count: int) -> None:
        """Adds to how often an answer was served."""
        self._add(self.served, key, count=count)

    def add_asked(self, key: Asked, count: int) -> None:
        """Adds to how often a field was asked for."""
        self._add(self.asked, key, count=count)

    def _add(self, counts: dict[KeyT, int], key: KeyT, *, count: int) -> None:
        if key in counts:
            counts[key] += count
        elif len(self) < self.most:
            counts[key] = count
        else:
            self.dropped += count


def in_order(counts: Mapping[KeyT, int]) -> Iterator[tuple[KeyT, int]]:
    """The lines in one order for all processes, so that two which write at once never wait for each other in turn."""
    return iter(sorted(counts.items(), key=lambda item: [str(part) for part in item[0]]))  # type: ignore[attr-defined]  # keys are named tuples
