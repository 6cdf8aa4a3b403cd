"""A run that is no task: its fields that wait are called one after the other, and whoever drives it waits for them.

Whatever a field waits for is yielded as it is, and the field goes on with what is sent. Where nothing has to be waited
for, such a run costs a fraction of one that is made of tasks. Where it does not go well the operation is run in full.
"""

from collections.abc import Callable, Generator
from inspect import iscoroutine
from typing import Any, TypeAlias

from server.execution.compiler.marks import Asked
from server.execution.compiler.parts import Pending
from server.execution.compiler.spending import Allowance

Steps: TypeAlias = Generator[Any, Any, dict[str, Any] | None]


class PromptRun(Allowance):
    """The state of one run, for the functions of selections to read."""

    __slots__ = ("arguments", "info")

    def __init__(self, context: object, arguments: list[dict[str, Any]], *, most: int) -> None:
        self._most = self._left = most
        self.info = Asked(context)
        self.arguments = arguments

    def steps(self, root: Callable[..., Any]) -> Steps:
        """Gives the whole result where nothing goes wrong; None otherwise."""
        pending: list[Pending] = []
        try:
            data: dict[str, Any] | None = root(self, None, None, None, pending)
            for wait, awaitable, target, around, null in pending:  # grows while it is gone through
                value = yield from awaitable.__await__()  # which yields nothing where it is there
                place = (around, wait.key)
                target[wait.key] = wait.value(self, value, place, place if wait.is_nullable else null, pending)
        except BaseException as error:
            for _, awaitable, *_ in pending:
                if iscoroutine(awaitable):
                    awaitable.close()  # which does nothing to those that are done
            if not isinstance(error, Exception):
                raise
            return None  # whatever it was, the run in full meets it again
        return data
