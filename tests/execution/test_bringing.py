"""A run that is no task goes as far as it gets, and is brought the rest."""

import pytest

from server.db.wants import Want, WantingReads
from server.execution.bringing import MOST_TIMES, Bringing


class Shelf:
    """Reads of which each gives what it was asked, and is remembered."""

    def __init__(self):
        self.asked = []

    async def fetch(self, sql, *args):
        self.asked.append((sql, *args))
        return [sql, *args]

    async def fetch_each(self, each, items):
        self.asked.append((each, items))
        return [[item] for item in items]


def steps(reads, times):
    """A run of so many reads."""
    found = []
    for number in range(times):
        found += yield from reads.fetch("some", number).__await__()
    return found


def test_what_needs_nothing_is_there_at_once():
    assert Bringing.begun(steps(WantingReads(Shelf()), 0)) == []


async def test_what_is_wanted_is_brought():
    shelf = Shelf()
    run = Bringing.begun(steps(WantingReads(shelf), 2))

    assert shelf.asked == []
    assert await run.finish() == ["some", 0, "some", 1]
    assert shelf.asked == [("some", 0), ("some", 1)]


async def test_items_are_brought_as_rows_are():
    want = WantingReads(Shelf()).fetch_each("each", [(1,), (2,)]).send(None)

    assert isinstance(want, Want)
    assert await want.bring() == [[(1,)], [(2,)]]


async def test_what_asks_too_often_is_left():
    assert await Bringing.begun(steps(WantingReads(Shelf()), MOST_TIMES)).finish() is not None
    assert await Bringing.begun(steps(WantingReads(Shelf()), MOST_TIMES + 1)).finish() is None


async def test_what_waits_for_anything_else_is_left():
    def other():
        yield "something else"

    assert await Bringing.begun(other()).finish() is None


async def test_an_error_of_what_is_brought_is_raised():
    class Broken(Shelf):
        async def fetch(self, _sql, *_args):
            raise LookupError

    run = Bringing.begun(steps(WantingReads(Broken()), 1))
    with pytest.raises(LookupError):
        await run.finish()
