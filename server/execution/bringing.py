"""The run of one request that is no task: it goes as far as it gets with what is at hand, and is brought the rest."""

from collections.abc import Generator
from typing import Any, Generic, TypeAlias, TypeVar

from server.db.wants import Want
from server.execution.responses import Hearing, Responses
from server.execution.tags import Tags

ResultT = TypeVar("ResultT")
Steps: TypeAlias = Generator[Any, Any, ResultT]
"""A run that yields what it wants, is sent what was brought, and returns its result."""

MOST_TIMES = 8
"""How often a run is brought something: what asks for more, one after the other, is better run by tasks."""


class Bringing(Generic[ResultT]):
    """One such run, at the place where it wants something."""

    def __init__(self, steps: Steps[ResultT], responses: Responses | None) -> None:
        self._steps = steps
        self._want = next(steps)
        self._responses = responses
        self._hearing: Hearing | None = responses.hear() if responses is not None else None
        self._times = 0

    @classmethod
    def begun(cls, steps: Steps[ResultT], responses: Responses | None) -> "ResultT | Bringing[ResultT]":
        """The result where all was at hand, or the run that goes on."""
        try:
            return cls(steps, responses)
        except StopIteration as end:
            result: ResultT = end.value
            return result

    async def finish(self) -> ResultT | None:
        """The result once everything was brought; None where that takes too often, or is not ours to bring."""
        while isinstance(self._want, Want) and self._times < MOST_TIMES:
            self._times += 1
            brought = await self._want.bring()
            try:
                self._want = self._steps.send(brought)
            except StopIteration as end:
                result: ResultT = end.value
                return result
        return None

    def is_touched(self, tags: Tags) -> bool:
        """Whether anything that bears these tags may have changed since the run began."""
        return self._hearing is not None and self._hearing.touches(tags)

    def end(self) -> None:
        """It goes on no more."""
        self._steps.close()
        if self._responses is not None and self._hearing is not None:
            self._responses.end(self._hearing)
