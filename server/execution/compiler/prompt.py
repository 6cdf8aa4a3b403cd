"""A run that is no task: its fields that wait are called one after the other, and whoever drives it waits for them.

Whatever a field waits for is yielded as it is, and the field goes on with what is sent. Where nothing has to be waited
for, such a run costs a fraction of one that is made of tasks. Where it does not go well the operation is run in full.
"""

from asyncio import Future
from collections.abc import Awaitable, Callable, Generator
from inspect import iscoroutine
from typing import Any, TypeAlias

from server.execution.compiler.marks import Asked
from server.execution.compiler.parts import Pending
from server.execution.compiler.spending import Allowance

Steps: TypeAlias = Generator[Any, Any, dict[str, Any] | None]


class PromptRun:
    """The state of one run, for the functions of selections to read."""

    def __init__(self, context: object, arguments: list[dict[str, Any]], *, allowance: Allowance) -> None:
        self.info = Asked(context)
        self.arguments = arguments
        self.take, self.take_rest = allowance.take, allowance.take_rest

    def steps(self, root: Callable[..., Any], value: object) -> Steps:
        """Gives the whole result where nothing goes wrong; None otherwise."""
        pending: list[Pending] = []
        try:
            data: dict[str, Any] | None = root(self, value, None, None, pending)
            for wait, awaitable, target, around, null in pending:  # grows while it is gone through
                place = (around, wait.key)
                nearest = place if wait.is_nullable else null
                target[wait.key] = wait.value(self, (yield from waited(awaitable)), place, nearest, pending)
        except BaseException as error:
            for _, awaitable, *_ in pending:
                if iscoroutine(awaitable):
                    awaitable.close()  # which does nothing to those that are done
            if not isinstance(error, Exception):
                raise
            return None  # whatever it was, the run in full meets it again
        return data


def waited(awaitable: Awaitable[Any]) -> Generator[Any, Any, Any]:
    """What is waited for; yields what that waits for itself."""
    if isinstance(awaitable, Future) and awaitable.done():
        return awaitable.result()
    return (yield from awaitable.__await__())
