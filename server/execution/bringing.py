"""The run of one request that is no task: it goes as far as it gets with what is at hand, and is brought the rest."""

from collections.abc import Generator
from typing import Any, Generic, TypeAlias, TypeVar

from server.db.wants import Want

ResultT = TypeVar("ResultT")
Steps: TypeAlias = Generator[Any, Any, ResultT]
"""A run that yields what it wants, is sent what was brought, and returns its result."""

MOST_TIMES = 4
"""How often a run is brought something: what asks for more, one after the other, is better run by tasks."""


class Bringing(Generic[ResultT]):
    """One such run, at the place where it wants something."""

    def __init__(self, steps: Steps[ResultT]) -> None:
        self._steps = steps
        self._want = next(steps)
        self._times = 0

    @classmethod
    def begun(cls, steps: Steps[ResultT]) -> "ResultT | Bringing[ResultT]":
        """The result where all was at hand, or the run that goes on."""
        try:
            return cls(steps)
        except StopIteration as end:
            result: ResultT = end.value
            return result

    @classmethod
    def at_once(cls, steps: Steps[ResultT]) -> ResultT | None:
        """The result where all was at hand; None otherwise, and the run is given up."""
        run = cls.begun(steps)
        if isinstance(run, Bringing):
            run._steps.close()  # noqa: SLF001 -- it is one of its own
            return None
        return run

    async def finish(self) -> ResultT | None:
        """The result once everything was brought; None where that takes too often, or is not ours to bring."""
        try:
            while isinstance(self._want, Want) and self._times < MOST_TIMES:
                self._times += 1
                self._want = self._steps.send(await self._want.bring())
        except StopIteration as end:
            result: ResultT = end.value
            return result
        finally:
            self._steps.close()
        return None
