"""What a response gave, in a value small enough to be kept beside its bytes and counted whenever they are sent.

Who is served an entity is known where fields are resolved, and who keeps the count is not of this room: both come in as
a `Receiver`. The fields are those that the operation's text asks for, `@skip` and `@include` aside, each as
`Type.field` of the type that the selection stands on: an interface, where it stands on one.
"""

import sys
from collections.abc import Iterator
from functools import partial
from typing import Protocol, TypeAlias
from uuid import UUID

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    get_named_type,
)
from msgspec import Struct

from server.execution.callers import Caller
from server.execution.documents import Document
from server.execution.passages import found

Entity: TypeAlias = tuple[UUID, int]
"""Something with revisions, and which of them."""


class Receipt(Struct, frozen=True, kw_only=True, eq=False):
    """What one response gave; a value of its own, so that a response sent again is counted as that one."""

    document: str | None
    """The id of a trusted document; None for any other."""
    fields: tuple[str, ...]
    """What the operation asked for; one tuple for all its receipts."""
    entities: tuple[Entity, ...] = ()
    """What the response holds."""


class Receiver(Protocol):
    """Knows what was served, and takes receipts of it."""

    def served(self, context: object) -> tuple[Entity, ...]:
        """The entities that were served from a context."""

    def note(self, caller: Caller, receipt: Receipt) -> None:
        """Counts what a caller was given; must not wait, nor fail."""


def fields_of(schema: GraphQLSchema, document: Document, *, name: str | None) -> tuple[str, ...]:
    """The fields that an operation of a valid document asks for, each once, in order; found once."""
    if name not in document.fields:
        operation = document.operations[name]
        root = schema.get_root_type(operation.operation)
        walk = _Walk(schema, document)
        document.fields[name] = tuple(sorted(set(walk.fields(operation.selection_set, root)))) if root else ()
    return document.fields[name]


class _Walk:
    """One way through an operation; what is spread twice is walked once."""

    def __init__(self, schema: GraphQLSchema, document: Document) -> None:
        self._schema = schema
        self._fragments = document.fragments
        self._walked: set[str] = set()

    def fields(self, selections: SelectionSetNode, type_: GraphQLNamedType) -> Iterator[str]:
        """Every field below, as often as it stands there."""
        for node in selections.selections:
            if isinstance(node, FieldNode):
                yield from self._field(node, type_)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in self._walked:
                self._walked.add(node.name.value)
                yield from self._fragment(self._fragments[node.name.value], type_)
            elif isinstance(node, InlineFragmentNode):
                yield from self._fragment(node, type_)

    def _fragment(self, node: FragmentDefinitionNode | InlineFragmentNode, type_: GraphQLNamedType) -> Iterator[str]:
        condition = self._schema.get_type(node.type_condition.name.value) if node.type_condition else None
        yield from self.fields(node.selection_set, condition or type_)

    def _field(self, node: FieldNode, type_: GraphQLNamedType) -> Iterator[str]:
        known = type_.fields if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType) else {}
        field = known.get(node.name.value)
        if field is None:
            return  # `__typename` and introspection
        yield sys.intern(f"{type_.name}.{node.name.value}")  # receipts outlive documents, of which many ask for it
        if node.selection_set:
            named = get_named_type(field.type)
            below = partial(self._unique, node.selection_set, named)
            yield from found(node.selection_set, (_Walk, named.name), find=below)

    def _unique(self, selections: SelectionSetNode, type_: GraphQLNamedType) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.fields(selections, type_)))
