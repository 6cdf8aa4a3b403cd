"""Answers once more what was answered before, and does nothing twice that can only come out the same.

What an operation is, costs and is kept by is found once; whether its document is still served, its result still current
and its caller still good for it is looked at each time. Where any of that is in doubt nothing happens at all, and the
request goes the way of every other one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from graphql import GraphQLSchema

from server.execution.callers import Caller
from server.execution.charges import Quota
from server.execution.documents import Documents
from server.execution.keepable import Key, is_keepable, key_of, today
from server.execution.operation import Operation, Result, Served
from server.execution.receipts import Receiver
from server.execution.serving import Serving
from server.execution.texts import DocumentText

Take: TypeAlias = Callable[[Caller, int], Sequence[Quota] | None]
"""Charges a caller one request and a cost, both or nothing, without waiting; None where it can't be done so."""

FindTrusted: TypeAlias = Callable[[Caller, str], str | None]
"""The text of a caller's trusted document by its id, where it is known without asking that it is served."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """An operation with its variables, as one caller asked it; for whoever has the same rights and audience."""

    key: Key
    text: DocumentText
    documents: Documents
    """Where its document is kept."""
    cost: int
    kind: str
    trusted_name: str | None


class Repeater:
    """Finds the results of what was asked before; each of its steps is safe to stop after."""

    def __init__(
        self,
        serving: Serving,
        *,
        schema: GraphQLSchema,
        take: Take,
        find_trusted: FindTrusted,
        receiver: Receiver | None = None,
    ) -> None:
        self._serving = serving
        self._schema = schema
        self._take = take
        self._find_trusted = find_trusted
        self._receiver = receiver

    def asked(self, operation: Operation, documents: Documents, *, cost: int) -> Asked | None:
        """What is remembered of an operation; None where its results are not kept, or tell of the one request alone."""
        if operation.extensions or not is_keepable(self._schema, operation):
            return None
        values = operation.program.values(operation.variables)
        key = None if isinstance(values, list) else key_of(operation, values.coerced)
        kept = self._serving.responses.find(key) if key else None
        if kept is None:
            return None
        return Asked(
            key=kept.key,  # itself, which is compared at once
            text=operation.text,
            documents=documents,
            cost=cost,
            kind=operation.kind,
            trusted_name=operation.trusted_name,
        )

    def find(self, asked: Asked, caller: Caller) -> Result | None:
        """The result that is kept, whole and current, if the caller may still ask for it; nothing is counted."""
        text = asked.text
        if text.id is not None and self._find_trusted(caller, text.id) != text.text:
            return None
        is_kept = asked.documents.touch(text.text, is_trusted=text.is_trusted)
        return self._serving.look(asked.key) if is_kept and asked.key.day == today() else None

    def charge(self, asked: Asked, caller: Caller) -> Sequence[Quota] | None:
        """Charges a caller what it is about to be given; None, and nothing, where it can't afford that."""
        return self._take(caller, asked.cost)

    def count(self, result: Result, caller: Caller) -> None:
        """Counts a result that goes out."""
        self._serving.served[Served.KEPT] += 1
        if self._receiver is not None and result.receipt is not None:
            self._receiver.note(caller, result.receipt)
