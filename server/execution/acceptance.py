"""Accepts what is plainly valid, in a tenth of the time that it takes to look for everything that could be wrong.

What is accepted breaks none of graphql-core's rules (https://spec.graphql.org/draft/#sec-Validation); what is not may
be valid all the same, and is left to the rules, which know what to say. Doubtful are: subscriptions, mutations,
introspection, other directives than `@skip` and `@include`, one-of input, and fields that merge with arguments.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple

from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableDefinitionNode,
    get_named_type,
    is_composite_type,
    is_leaf_type,
    type_from_ast,
)
from graphql.type import is_input_type, is_required_argument
from graphql.utilities import do_types_overlap
from graphql.validation.rules.variables_in_allowed_position import allowed_variable_usage

from server.execution.literals import Doubt, Literals, Use, default_of
from server.execution.passages import found

CONDITIONS = ("skip", "include")


class _Known(NamedTuple):
    """What is looked up of a field once for all documents."""

    named: GraphQLNamedType
    is_leaf: bool
    required: tuple[str, ...]


class _Definition(NamedTuple):
    """What an operation or a fragment uses by itself."""

    uses: list[Use]
    spreads: set[str]


class _Merged(NamedTuple):
    """A field of a result: the first that asks for it, and the selections of all."""

    node: FieldNode
    field: GraphQLField | None
    below: list[tuple[SelectionSetNode, GraphQLNamedType]]


class Acceptance:
    """Accepts documents of one schema."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        self._known: dict[int, _Known] = {}

    def accepts(self, document: DocumentNode) -> bool:
        """Whether a document is valid beyond doubt."""
        try:
            _Reading(self, document).check()
        except Doubt:
            return False
        return True

    def known(self, field: GraphQLField) -> _Known:
        """What is known of a field."""
        known = self._known.get(id(field))
        if known is None:
            named = get_named_type(field.type)
            required = tuple(name for name, argument in field.args.items() if is_required_argument(argument))
            known = self._known[id(field)] = _Known(named, is_leaf_type(named), required)
        return known


class _Reading:
    """One document as it is read; raises Doubt."""

    def __init__(self, acceptance: Acceptance, document: DocumentNode) -> None:
        self._acceptance = acceptance
        self._schema = acceptance.schema
        self._operations: list[OperationDefinitionNode] = []
        self._fragments: dict[str, FragmentDefinitionNode] = {}
        for node in document.definitions:
            if isinstance(node, OperationDefinitionNode):
                self._operations.append(node)
            elif isinstance(node, FragmentDefinitionNode) and node.name.value not in self._fragments:
                self._fragments[node.name.value] = node
            else:
                raise Doubt
        self._own: dict[str, _Definition] = {}
        self._types: dict[str, GraphQLNamedType] = {}

    def check(self) -> None:
        """Raises where there is doubt."""
        names = [node.name.value if node.name else None for node in self._operations]
        if len(set(names)) < len(names) or (None in names and len(names) > 1):
            raise Doubt
        for name, fragment in self._fragments.items():
            if fragment.directives or fragment.variable_definitions:
                raise Doubt
            self._types[name] = self._composite(fragment.type_condition.name.value)
        for name, fragment in self._fragments.items():
            self._own[name] = self._read(fragment.selection_set, self._types[name])
        if any(name in self._reached(self._own[name].spreads) for name in self._fragments):
            raise Doubt
        reached: set[str] = set()
        for operation in self._operations:
            reached |= self._check_operation(operation)
        if len(reached) < len(self._fragments):
            raise Doubt

    def _check_operation(self, operation: OperationDefinitionNode) -> set[str]:
        """Gives the names of the fragments that it uses."""
        root = self._schema.query_type
        if operation.operation is not OperationType.QUERY or operation.directives or root is None:
            raise Doubt
        own = self._read(operation.selection_set, root)
        reached = self._reached(own.spreads)
        uses = [*own.uses, *[use for name in reached for use in self._own[name].uses]]
        self._check_variables(operation.variable_definitions or (), uses)
        self._check_merges([(operation.selection_set, root)])
        return reached

    def _reached(self, names: Collection[str]) -> set[str]:
        reached: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                waiting.extend(self._own[name].spreads)
        return reached

    def _check_variables(self, definitions: Sequence[VariableDefinitionNode], uses: Iterable[Use]) -> None:
        declared: dict[str, tuple[Any, VariableDefinitionNode]] = {}
        for node in definitions:
            name, type_ = node.variable.name.value, type_from_ast(self._schema, node.type)
            if name in declared or node.directives or not is_input_type(type_):
                raise Doubt
            if node.default_value:
                Literals([]).check(node.default_value, type_)
            declared[name] = (type_, node)
        unused = set(declared)
        for use in uses:
            if use.name not in declared:
                raise Doubt
            unused.discard(use.name)
            type_, node = declared[use.name]
            if type_ is not use.type and not allowed_variable_usage(
                self._schema, type_, node.default_value, use.type, use.default
            ):
                raise Doubt
        if unused:
            raise Doubt

    def _read(self, selections: SelectionSetNode, parent: GraphQLNamedType) -> _Definition:
        definition = _Definition([], set())
        self._read_selections(selections, parent, definition=definition)
        return definition

    def _read_selections(
        self, selections: SelectionSetNode, parent: GraphQLNamedType, *, definition: _Definition
    ) -> bool:
        if not selections.selections:
            raise Doubt
        for node in selections.selections:
            if node.directives:
                self._check_conditions(node.directives, definition)
            if isinstance(node, FieldNode):
                self._read_field(node, parent, definition=definition)
            elif isinstance(node, InlineFragmentNode):
                on = self._composite(node.type_condition.name.value) if node.type_condition else parent
                self._check_overlap(parent, on)
                self._read_selections(node.selection_set, on, definition=definition)
            elif isinstance(node, FragmentSpreadNode) and not node.arguments and node.name.value in self._types:
                self._check_overlap(parent, self._types[node.name.value])
                definition.spreads.add(node.name.value)
            else:
                raise Doubt
        return True

    def _read_field(self, node: FieldNode, parent: GraphQLNamedType, *, definition: _Definition) -> None:
        name = node.name.value
        if name == "__typename":
            if node.arguments or node.selection_set:
                raise Doubt
            return
        field: GraphQLField | None = getattr(parent, "fields", {}).get(name)
        if field is None:
            raise Doubt
        known = self._acceptance.known(field)
        if node.arguments or known.required:
            self._check_arguments(node.arguments or (), field.args, required=known.required, definition=definition)
        if known.is_leaf is not (node.selection_set is None):
            raise Doubt
        if node.selection_set:
            read = partial(self._read_selections, node.selection_set, known.named, definition=definition)
            found(node.selection_set, (_Reading, known.named.name), find=read)

    def _check_arguments(
        self,
        nodes: Iterable[ArgumentNode],
        arguments: dict[str, GraphQLArgument],
        *,
        required: tuple[str, ...],
        definition: _Definition,
    ) -> None:
        literals = Literals(definition.uses)
        given: set[str] = set()
        for node in nodes:
            name = node.name.value
            if name not in arguments or name in given:
                raise Doubt
            given.add(name)
            literals.check(node.value, arguments[name].type, default=default_of(arguments[name]))
        if not given.issuperset(required):
            raise Doubt

    def _check_conditions(self, directives: Sequence[DirectiveNode], definition: _Definition) -> None:
        names = [node.name.value for node in directives]
        if len(set(names)) < len(names):
            raise Doubt
        for node in directives:
            directive = self._schema.get_directive(node.name.value) if node.name.value in CONDITIONS else None
            if directive is None:
                raise Doubt
            self._check_arguments(node.arguments or (), directive.args, required=("if",), definition=definition)

    def _composite(self, name: str) -> GraphQLNamedType:
        type_ = self._schema.get_type(name)
        if not is_composite_type(type_):
            raise Doubt
        return type_

    def _check_overlap(self, parent: Any, on: Any) -> None:  # noqa: ANN401 -- composite types
        if parent is not on and not do_types_overlap(self._schema, parent, on):
            raise Doubt

    def _check_merges(self, parts: list[tuple[SelectionSetNode, GraphQLNamedType]]) -> bool:
        """Doubts any two fields of one name that are not the same field without arguments, of the same type."""
        fields: dict[str, _Merged] = {}
        visited: set[str] = set()
        waiting = list(parts)
        while waiting:
            selections, parent = waiting.pop()
            for node in selections.selections:
                if isinstance(node, FieldNode):
                    self._merge(fields, node, parent=parent)
                elif isinstance(node, InlineFragmentNode):
                    on = self._composite(node.type_condition.name.value) if node.type_condition else parent
                    waiting.append((node.selection_set, on))
                elif isinstance(node, FragmentSpreadNode) and node.name.value not in visited:
                    visited.add(node.name.value)
                    waiting.append((self._fragments[node.name.value].selection_set, self._types[node.name.value]))
        for merged in fields.values():
            if len(merged.below) == 1:
                [(selections, parent)] = merged.below
                found(selections, (_Merged, parent.name), find=partial(self._check_merges, merged.below))
            elif merged.below:
                self._check_merges(merged.below)
        return True

    def _merge(self, fields: "dict[str, _Merged]", node: FieldNode, *, parent: GraphQLNamedType) -> None:
        field: GraphQLField | None = getattr(parent, "fields", {}).get(node.name.value)
        key = (node.alias or node.name).value
        merged = fields.get(key)
        if merged is None:
            merged = fields[key] = _Merged(node, field, [])
        elif (
            merged.node.name.value != node.name.value
            or (field is not merged.field and str(field and field.type) != str(merged.field and merged.field.type))
            or node.arguments
            or merged.node.arguments
        ):
            raise Doubt
        if node.selection_set and field:
            merged.below.append((node.selection_set, self._acceptance.known(field).named))
