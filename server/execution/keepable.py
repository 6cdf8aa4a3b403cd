"""Which operations may be answered from what is kept, and by which key.

Not kept is what may change something, and what asks for a field that is marked: one whose value is the caller's own, or
can change without that anybody is told. The mark stands in the field's extensions, as its schema has it.
"""

import datetime
from collections.abc import Hashable, Mapping
from functools import lru_cache
from typing import Any

from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema

from server.days import today
from server.execution.canonical import UncanonicalError, canonical_members, size_of
from server.execution.operation import Operation
from server.execution.receipts import fields_of

NOT_KEPT = "not_kept"
"""The extension that marks a field, with `True`."""

MOST_MARKS = 4096
"""Fields of which it is remembered what their marks say: more than a schema has."""


class Key:
    """What distinguishes the responses to two requests; hashed once."""

    __slots__ = ("_hash", "_parts", "day")

    def __init__(self, *parts: Hashable, day: datetime.date) -> None:
        self._parts = (day, *parts)
        self._hash = hash(self._parts)
        self.day = day
        """A part of it, for what is overdue is so from a midnight on."""

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and self._hash == other._hash and self._parts == other._parts

    @property
    def size(self) -> int:
        """About how many bytes of memory it takes."""
        return size_of(self._parts)


def is_keepable(schema: GraphQLSchema, operation: Operation) -> bool:
    """Whether results of an operation may be kept; found once for each operation of a document."""
    found, name = operation.document.keepable, operation.name
    if name not in found:
        fields = fields_of(schema, operation.document, name=name)
        found[name] = operation.is_query and not any(is_marked(schema, field) for field in fields)
    return found[name]


@lru_cache(maxsize=MOST_MARKS)
def is_marked(schema: GraphQLSchema, coordinate: str) -> bool:
    """Whether a field of a schema, which does not change, is marked."""
    type_name, _, field_name = coordinate.partition(".")
    type_ = schema.get_type(type_name)
    known = type_.fields if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType) else {}
    return known[field_name].extensions.get(NOT_KEPT) is True


def key_of(operation: Operation, values: Mapping[str, Any]) -> Key | None:
    """The key of an operation with coerced variables; None where it has a variable that can't be compared."""
    try:
        members = canonical_members(values)
    except UncanonicalError:
        return None
    # the id of a trusted document is told in receipts; the schema is shown to some callers of an audience alone
    document = (operation.document.text, operation.text.id, operation.name, operation.program.conceals_schema)
    return Key(document, members, operation.caller.audience, day=today())
