"""A run that waits for nothing: what it reads is there already, or it ends and the operation is run in full.

Its fields that wait are called one after the other, outside any task, and each must be done as soon as it is called.
Their context sees to that: what it hands out raises an error where it would have to wait.
"""

from asyncio import Future, InvalidStateError
from collections.abc import Awaitable, Callable
from inspect import iscoroutine
from typing import Any

from server.execution.compiler.marks import Asked
from server.execution.compiler.parts import Pending
from server.execution.compiler.spending import Allowance


class PromptRun:
    """The state of one run, for the functions of selections to read."""

    def __init__(self, context: object, arguments: list[dict[str, Any]], *, allowance: Allowance) -> None:
        self.info = Asked(context)
        self.arguments = arguments
        self.take, self.take_rest = allowance.take, allowance.take_rest

    def data(self, root: Callable[..., Any], value: object) -> dict[str, Any] | None:
        """The whole result, where all of it was at hand and nothing went wrong; None otherwise."""
        pending: list[Pending] = []
        data: dict[str, Any] | None = None
        try:
            data = root(self, value, None, None, pending)
            for wait, awaitable, target, around, null in pending:  # grows while it is gone through
                place = (around, wait.key)
                nearest = place if wait.is_nullable else null
                target[wait.key] = wait.value(self, at_once(awaitable), place, nearest, pending)
        except Exception:  # noqa: BLE001 -- whatever it was, the run in full meets it again
            for _, awaitable, *_ in pending:
                if iscoroutine(awaitable):
                    awaitable.close()  # which does nothing to those that are done
            return None
        return data


def at_once(awaitable: Awaitable[Any]) -> Any:  # noqa: ANN401 -- whatever a field gives
    """What is waited for, if it is there; raises InvalidStateError."""
    if isinstance(awaitable, Future):
        return awaitable.result()
    steps = awaitable if iscoroutine(awaitable) else awaitable.__await__()
    try:
        steps.send(None)
    except StopIteration as end:
        return end.value
    steps.close()
    raise InvalidStateError
