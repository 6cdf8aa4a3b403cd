"""Answers once more what was answered before, and does nothing twice that can only come out the same.

What an operation is, costs and is kept by is found once; whether its document is still served, its result still current
and its caller still good for it is looked at each time. A result that is not kept is run again, where all that it is
made of is at hand. Where anything is in doubt nothing happens at all, and the request goes the way of every other one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from server.days import today
from server.execution.bringing import Bringing, Steps
from server.execution.callers import Caller
from server.execution.charges import Left
from server.execution.compiler.programs import Bound
from server.execution.documents import Document, Documents
from server.execution.encoding import Written
from server.execution.keepable import Key, is_keepable, key_of
from server.execution.operation import Operation, Ran, Result, Served
from server.execution.pipeline import Pipeline
from server.execution.receipts import Receipt, fields_of
from server.execution.texts import DocumentText

FindTrusted: TypeAlias = Callable[[Caller, str], str | None]
"""The text of a caller's trusted document by its id, where it is known without asking that it is served."""


class Purse(Protocol):
    """Keeps the count of what callers ask in a minute, without waiting."""

    def affords(self, caller: Caller, cost: int, /) -> bool:
        """Whether a caller could be charged one request and a cost."""

    def take_now(self, caller: Caller, cost: int, /) -> Left | None:
        """Charges a caller one request and a cost, both or nothing; None where it can't be done so."""


@dataclass(kw_only=True, slots=True, eq=False)
class Asked:
    """An operation with its variables, as one caller asked it; for whoever has the same rights and audience."""

    key: Key | None
    """What its results are kept by, where any are."""
    text: DocumentText
    documents: Documents
    """Where its document is kept."""
    name: str | None
    variables: Mapping[str, Any]
    cost: int
    kind: str
    trusted_name: str | None
    bound: Bound | None = None
    """What its runs take, as its program had it last."""
    receipt: Receipt | None = None
    """What its last run gave: the same one for as long as that stays the same."""


class Repeater:
    """Finds the results of what was asked before; each of its steps is safe to stop after."""

    def __init__(self, pipeline: Pipeline, *, purse: Purse, find_trusted: FindTrusted) -> None:
        self._pipeline = pipeline
        self._purse = purse
        self._find_trusted = find_trusted

    @property
    def keeps(self) -> bool:
        """Whether any results are kept, so that one that was run is found again."""
        return self._pipeline.serving is not None

    def asked(self, operation: Operation, result: Result) -> Asked | None:
        """What is remembered of an operation that gave a result.

        None where its results are not kept, or tell of the one request alone.
        """
        if operation.extensions or not is_keepable(self._pipeline.schema, operation):
            return None
        key = self._key(operation)
        if self.keeps and key is None:
            return None
        return Asked(
            key=key,
            text=operation.text,
            documents=self._pipeline.documents_of(operation.caller),
            name=operation.name,
            variables=operation.variables,
            cost=self._pipeline.cost(operation),
            kind=operation.kind,
            trusted_name=operation.trusted_name,
            receipt=result.receipt,
        )

    def find(self, asked: Asked, caller: Caller) -> Result | None:
        """The result that is kept, whole and current, if the caller may still ask for it; nothing is counted."""
        serving = self._pipeline.serving
        if serving is None or asked.key is None or asked.key.day != today():
            return None
        result = serving.look(asked.key)
        return result if result is not None and self._document(asked, caller) is not None else None

    def run(self, asked: Asked, caller: Caller) -> Result | Bringing[Result | None] | None:
        """The result of a run, written, if the caller can pay for it, or the run that wants something.

        Nothing is counted.
        """
        return Bringing.begun(self._steps(asked, caller))

    def _steps(self, asked: Asked, caller: Caller) -> Steps[Result | None]:
        document = self._document(asked, caller)
        if document is None or not self._purse.affords(caller, asked.cost):
            return None
        program = document.programs[asked.name]
        bound = asked.bound
        if bound is None or bound.number != program.number:
            bound = asked.bound = self._pipeline.bind(program, asked.variables)
        ran = None if bound is None else (yield from self._pipeline.steps(program, bound, caller=caller))
        if ran is None:
            return None
        tags = self._pipeline.find_tags(ran.context) if self.keeps and self._pipeline.find_tags else None
        written = Written(ran.data, is_fleeting=not self.keeps)
        return Result(written=written, receipt=self._receipt(asked, document, ran=ran), tags=tags)

    def _receipt(self, asked: Asked, document: Document, *, ran: Ran) -> Receipt | None:
        receiver = self._pipeline.receiver
        if receiver is None:
            return None
        receipt, entities = asked.receipt, receiver.served(ran.context)
        if receipt is None or receipt.entities != entities:
            fields = fields_of(self._pipeline.schema, document, name=asked.name)
            receipt = asked.receipt = Receipt(document=asked.text.id, fields=fields, entities=entities)
        return receipt

    def is_served(self, asked: Asked, caller: Caller) -> bool:
        """Whether a caller may still ask for it."""
        return self._document(asked, caller) is not None

    def charge(self, asked: Asked, caller: Caller) -> Left | None:
        """Charges a caller what it is about to be given; None, and nothing, where it can't afford that."""
        return self._purse.take_now(caller, asked.cost)

    def count(self, asked: Asked, result: Result, *, caller: Caller) -> None:
        """Counts a result that goes out, and keeps it where it was run."""
        serving, receiver = self._pipeline.serving, self._pipeline.receiver
        if serving is not None and asked.key is not None:
            if result.served is Served.RUN:
                serving.take(asked.key, result)
            else:
                serving.served[result.served] += 1
        if receiver is not None and result.receipt is not None:
            receiver.note(caller, result.receipt)

    def _key(self, operation: Operation) -> Key | None:
        """The key of what is kept of an operation: that very object, which is compared at once."""
        values = operation.program.values(operation.variables)
        key = None if isinstance(values, list) else key_of(operation, values.coerced)
        serving = self._pipeline.serving
        kept = serving.responses.find(key) if key and serving else None
        return kept.key if kept else None

    def _document(self, asked: Asked, caller: Caller) -> Document | None:
        """Its document, if the caller may still ask for it."""
        text = asked.text
        if text.id is not None and self._find_trusted(caller, text.id) != text.text:
            return None
        return asked.documents.known(text.text, is_trusted=text.is_trusted)
