"""What comes into the pipeline and what leaves it, whatever carried it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from graphql import OperationDefinitionNode, OperationType
from msgspec import Struct, structs

from server.execution.callers import Caller
from server.execution.compiler.programs import Program
from server.execution.documents import Document
from server.execution.encoding import Written, encode
from server.execution.receipts import Receipt
from server.execution.tags import Tags
from server.execution.texts import DocumentText

UNNAMED = "unnamed"

NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What a caller asks: the parameters of GraphQL over HTTP, checked for their types and for nothing else."""

    query: str | None = None
    document_id: str | None = None
    """What names a document that is known, with or without its text."""
    operation_name: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    extensions: Mapping[str, Any] = field(default_factory=dict)
    began: float = field(default_factory=time.perf_counter, compare=False)
    """When it was read, by the performance counter."""


class Operation(Struct, frozen=True, kw_only=True, eq=False):
    """One operation of a valid document with its raw variables, within all limits, ready to run for its caller."""

    caller: Caller
    text: DocumentText
    """Of the document, and whether it is trusted."""
    document: Document
    node: OperationDefinitionNode
    variables: dict[str, Any]
    extensions: Mapping[str, Any] = NOTHING
    """What is told with its results, beside their data."""
    began: float
    """When its request was read, by the performance counter."""

    @property
    def program(self) -> Program:
        """The operation as it is run."""
        return self.document.programs[self.name]

    @property
    def name(self) -> str | None:
        """Its name, where it has one."""
        return self.node.name.value if self.node.name else None

    @property
    def trusted_name(self) -> str | None:
        """Its name where its document was registered beforehand, so that there are only so many; None for any other."""
        return (self.name or UNNAMED) if self.text.is_trusted else None

    @property
    def kind(self) -> str:
        """`query`, `mutation` or `subscription`."""
        return self.node.operation.value

    @property
    def is_query(self) -> bool:
        """Whether it only reads, once."""
        return self.node.operation is OperationType.QUERY

    @property
    def is_mutation(self) -> bool:
        """Whether it may change something."""
        return self.node.operation is OperationType.MUTATION

    @property
    def is_subscription(self) -> bool:
        """Whether it gives a stream of results."""
        return self.node.operation is OperationType.SUBSCRIPTION


class Ran(NamedTuple):
    """What came out of a run that went well, and the context that it was made in."""

    data: dict[str, Any]
    context: object


class Served(StrEnum):
    """How a result came about."""

    RUN = "run"
    """By running the operation."""
    SHARED = "shared"
    """By a run that another request had begun."""
    KEPT = "kept"
    """From what is kept, which is as a run would give it."""
    STALE = "stale"
    """From what is kept, as it was when that could be told last."""


class Result(Struct, frozen=True, kw_only=True, eq=False):
    """A response of GraphQL: data, errors in their JSON form, or both."""

    data: dict[str, Any] | None = None
    """Null also where they are written already."""
    errors: tuple[dict[str, Any], ...] = ()
    extensions: Mapping[str, Any] = NOTHING
    is_refusal: bool = False
    """Whether the operation was never run, so that the response has no `data` at all."""
    receipt: Receipt | None = None
    """What it gave; None where nobody asked, and where the operation was not run."""
    tags: Tags | None = None
    """What its data depend on; None where that is not known, or nobody asked."""
    written: Written | None = None
    """The data as they are sent, where they were written for more than this one result."""
    served: Served = Served.RUN
    age: float = 0.0
    """Seconds since it was known to be current."""

    @property
    def is_stale(self) -> bool:
        """Whether the data may not be as they are by now."""
        return self.served is Served.STALE

    @property
    def code(self) -> str | None:
        """The code of the first error."""
        return str(self.errors[0]["extensions"]["code"]) if self.errors else None

    @property
    def codes(self) -> frozenset[str]:
        """The codes of all errors."""
        return frozenset(str(error["extensions"]["code"]) for error in self.errors)

    @property
    def payload(self) -> dict[str, Any]:
        """The response as JSON has it, errors first, where a reader looks; written data as what `encode` embeds."""
        payload: dict[str, Any] = {"errors": list(self.errors)} if self.errors else {}
        if not self.is_refusal:
            payload["data"] = self.data if self.written is None else self.written.embedded
        if self.extensions:
            payload["extensions"] = self.extensions
        return payload

    def told_with(self, extensions: Mapping[str, Any]) -> "Result":
        """The result as it is sent for one operation, with what is told of that one alone."""
        if not extensions or self.is_refusal:
            return self
        return structs.replace(self, extensions={**self.extensions, **extensions})

    @property
    def plain(self) -> Written | None:
        """The response, where it is nothing but data that are written."""
        return None if self.errors or self.extensions else self.written

    @property
    def body(self) -> bytes:
        """The response as it is sent."""
        if self.written is None or self.errors:
            return encode(self.payload)
        return self.written.extended(self.extensions) if self.extensions else self.written.body
