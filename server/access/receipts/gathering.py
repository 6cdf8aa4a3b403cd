"""Receipts as responses leave them, in memory and bounded: to note one costs a look into a dictionary."""

import datetime
from collections import Counter
from collections.abc import Callable
from typing import TypeAlias
from uuid import UUID

from server.access.receipts.lines import Asked, Lines, Served
from server.days import today
from server.execution.receipts import Receipt

MOST_NOTED = 20_000
"""Answers and responses that wait to be summed up; more of them are summed up, and written, at once."""
MOST_LINES = 100_000
"""Lines that wait to be written while the database is away: some 30 MB."""

Key: TypeAlias = tuple[datetime.date, UUID | None, Receipt]


class Gathering:
    """What was served and is not written yet."""

    def __init__(self, *, when_full: Callable[[], None], most_noted: int = MOST_NOTED, most: int = MOST_LINES) -> None:
        self._when_full = when_full
        self._most_noted = most_noted
        self._most = most
        self._noted: dict[Key, int] = {}
        self._room = most_noted
        self._lines = Lines(most=most)
        self.dropped = 0
        """How many counts found no room in what was taken already."""

    def __len__(self) -> int:
        return len(self._noted) + len(self._lines)

    def note(self, client_id: UUID | None, receipt: Receipt) -> None:
        """Counts a response to a client."""
        key = (today(), client_id, receipt)
        if key in self._noted:
            self._noted[key] += 1
            return
        self._noted[key] = 1
        self._room -= 1 + len(receipt.entities)
        if self._room <= 0:
            self._sum_up()
            self._when_full()

    def take(self) -> Lines:
        """All that was noted, which is forgotten here."""
        self._sum_up()
        taken, self._lines = self._lines, Lines(most=self._most)
        self.dropped += taken.dropped
        return taken

    @property
    def all_dropped(self) -> int:
        """How many counts found no room so far."""
        return self.dropped + self._lines.dropped

    def _sum_up(self) -> None:
        noted, self._noted, self._room = self._noted, {}, self._most_noted
        asked: Counter[tuple[datetime.date, UUID | None, tuple[str, ...]]] = Counter()
        for (day, client_id, receipt), count in noted.items():
            asked[day, client_id, receipt.fields] += count
            document = receipt.document or ""
            for answer_id, revision in receipt.entities:
                self._lines.add_served(Served(day, client_id, document, answer_id, revision), count)
        for (day, client_id, fields), count in asked.items():
            for name in fields:
                self._lines.add_asked(Asked(day, client_id, name), count)
