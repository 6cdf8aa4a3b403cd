"""Looks whether news has overtaken a run: whether what it read at first may not go out any more when it ends.

A run that is short gives what was current when it began, as what is kept does. One that lasts may end long after
something that it gives was withdrawn, and then it is run once more. What counts is news of what it has met, content
above all: a list, or a count, that is merely older may go out.
"""

import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple, Protocol, TypeAlias

from msgspec.structs import replace

from server.db.wants import Want
from server.errors.requests import OperationTimedOutError
from server.execution.bringing import Steps
from server.execution.operation import Result, Served
from server.execution.serving import STALE, Freshness
from server.execution.tags import Tags

SHORT, LATE = 0.2, 0.8
"""Seconds that a run may last without a look, and for which news may be unknown: together what is promised."""

RUNS = 3
"""How often an operation is run that news overtakes each time, before it is refused."""

FindMet: TypeAlias = Callable[[object], Tags]
"""What touches that which a run gives whose context this is, but for what may be older."""


class Settle(Protocol):
    """Looks whether the result of a run may go out."""

    async def __call__(self, result: Result, context: object, /, *, since: float) -> Result | None:
        """The result as it may, of a run in a context that began at a moment; None where it has to be run again."""


async def as_it_is(result: Result, _context: object, *, since: float) -> Result | None:  # noqa: ARG001 -- as others
    """The result, where there is no news."""
    return result


def lasts(since: float) -> bool:
    """Whether a run that began at a moment has to be looked at."""
    return time.monotonic() - since > SHORT


def settling(result: Result, context: object, *, settle: Settle, since: float) -> Steps[Result]:
    """The result of a run that is no task and has lasted; raises OperationTimedOutError where it may not go out so."""
    found = yield from Want(lambda: settle(result, context, since=since)).__await__()
    if found is None or found.is_stale:
        raise OperationTimedOutError
    return found


class _Told(NamedTuple):
    """News, when it came, and the moment that all of it is from later than."""

    at: float
    after: float
    tags: Tags | None


class Overtaking:
    """The news that the runs of one process may have missed: that of as many seconds as one of them may last."""

    def __init__(
        self,
        freshness: Freshness,
        find_met: FindMet,
        *,
        seconds: float,
        stale_limit: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._freshness = freshness
        self._find_met = find_met
        self._seconds = seconds
        self._stale_limit = stale_limit
        self._clock = clock
        self._told = deque[_Told]()

    def hear(self, tags: Tags | None) -> None:
        """Something changed since it was looked last; anything, where it is not known what."""
        now = self._clock()
        self._told.append(_Told(now, now - self._freshness.age, tags))
        while now - self._told[0].at > self._seconds:
            self._told.popleft()

    async def settle(self, result: Result, context: object, /, *, since: float) -> Result | None:
        """The result as it may go out: marked where nobody can tell whether it is current, for as long as may be."""
        met = self._find_met(context)
        if not met or not any(value is not None for value in (result.data or {}).values()):
            return result
        is_current = await self._freshness.confirm()
        age = self._clock() - since
        if self._has_overtaken(met, since) or (not is_current and age > self._stale_limit):
            return None
        return result if is_current else replace(result, tags=None, served=Served.STALE, extensions=STALE, age=age)

    def _has_overtaken(self, met: Tags, since: float) -> bool:
        late = self._clock() - LATE
        missed = [told.tags for told in self._told if told.at >= since and told.after < late]
        return any(tags is None or not tags.isdisjoint(met) for tags in missed)
