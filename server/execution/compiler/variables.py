"""The variables of an operation: their values, and those that decide which of its fields are asked for."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentSpreadNode,
    GraphQLBoolean,
    GraphQLError,
    GraphQLID,
    GraphQLSchema,
    GraphQLString,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    Undefined,
    VariableNode,
    get_nullable_type,
    is_leaf_type,
    is_non_null_type,
)
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource, get_variable_values
from graphql.language import FragmentDefinitionNode
from graphql.utilities import coerce_input_literal, coerce_input_value

from server.execution.compiler.arguments import IMMUTABLE
from server.execution.passages import passage_of

Conditions: TypeAlias = tuple[bool, ...]
MOST_ERRORS = 50
"""As graphql-core has it."""


class Variables:
    """The variables of one operation."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, *, operation: OperationDefinitionNode) -> None:
        self._schema = schema
        self._document = document
        self._operation = operation
        self._definitions = operation.variable_definitions or ()
        self._leaves = _leaves(schema, operation)

    @cached_property
    def conditions(self) -> tuple[str, ...]:
        """The names of those that `@skip` and `@include` ask for; found when the operation is first run."""
        return tuple(dict.fromkeys(_conditions(self._document, self._operation)))

    def values(self, given: Mapping[str, Any], *, hides_suggestions: bool) -> VariableValues | list[GraphQLError]:
        """The coerced values, or the errors of those that do not fit."""
        fitting = self._fitting(given)
        if fitting is not None:
            return fitting
        return get_variable_values(
            self._schema,
            self._definitions,
            dict(given),
            max_errors=MOST_ERRORS,
            hide_suggestions=hides_suggestions,
        )

    def decided(self, values: VariableValues) -> Conditions | None:
        """The values that the conditions have; null where one has none, which graphql-core reports in its place."""
        found = [values.coerced.get(name) for name in self.conditions]
        decided = tuple(value for value in found if isinstance(value, bool))
        return decided if len(decided) == len(found) else None

    def _fitting(self, given: Mapping[str, Any]) -> VariableValues | None:
        """The values where all variables are leaves with values that fit, as they mostly are."""
        if self._leaves is None:
            return None
        sources: dict[str, VariableValueSource] = {}
        coerced: dict[str, Any] = {}
        for leaf in self._leaves:
            name, type_ = leaf.signature.name, leaf.signature.type
            value = given.get(name, Undefined)
            sources[name] = VariableValueSource(leaf.signature, value)
            if value is not Undefined:
                fitting = value if value.__class__ is leaf.passing else coerce_input_value(value, type_)
                if fitting is Undefined:
                    return None
                coerced[name] = fitting
            elif leaf.default is not Undefined:
                coerced[name] = leaf.default
            elif is_non_null_type(type_):
                return None
        return VariableValues(sources, coerced)


_PASSING: dict[object, type] = {GraphQLString: str, GraphQLID: str, GraphQLBoolean: bool}


class _Leaf(NamedTuple):
    """A variable whose type is a scalar or an enum, and its default, where it has one."""

    signature: GraphQLVariableSignature
    default: object
    passing: type | None
    """The class of values that the coercion would give back as they are."""


def _leaves(schema: GraphQLSchema, operation: OperationDefinitionNode) -> tuple[_Leaf, ...] | None:
    """The variables; null where one is a list or an object, or has a default that could change."""
    found: list[_Leaf] = []
    for definition in operation.variable_definitions or ():
        signature = get_variable_signature(schema, definition)
        if isinstance(signature, GraphQLError) or not is_leaf_type(get_nullable_type(signature.type)):
            return None
        default = coerce_input_literal(definition.default_value, signature.type) if definition.default_value else None
        if definition.default_value and not isinstance(default, IMMUTABLE):
            return None
        passing = _PASSING.get(get_nullable_type(signature.type))
        found.append(_Leaf(signature, default if definition.default_value else Undefined, passing))
    return tuple(found)


def _conditions(document: DocumentNode, operation: OperationDefinitionNode) -> Iterator[str]:
    """The variables in conditions of the operation and of the fragments that it reaches, each of which is read once."""
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    waiting: list[SelectionSetNode] = [operation.selection_set]
    while waiting:
        for node in waiting.pop().selections:
            yield from _asked(node)
            if isinstance(node, FragmentSpreadNode):
                fragment = fragments.pop(node.name.value, None)
                waiting.extend([fragment.selection_set] if fragment else [])
            elif isinstance(node, FieldNode | InlineFragmentNode) and node.selection_set:
                waiting.extend([] if passage_of(node.selection_set) else [node.selection_set])  # it has no variables


def _asked(node: object) -> Iterator[str]:
    if isinstance(node, FieldNode | InlineFragmentNode | FragmentSpreadNode):
        for directive in node.directives or ():
            if directive.name.value in ("skip", "include"):
                for argument in directive.arguments or ():
                    if isinstance(argument.value, VariableNode):
                        yield argument.value.name.value
