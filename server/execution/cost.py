"""Weighs an operation before it runs: how many objects it gives at most, lists multiplied.

The schema says the weights, in the words of the GraphQL cost specification, and whoever builds it writes them into the
extensions of its fields: https://ibm.github.io/graphql-specs/cost-spec.html. An object weighs 1 and a scalar nothing
where a field has no `WEIGHT`; a list without a `LIST_SIZE` is taken to be short. Beyond the specification whatever is
asked for under another name weighs something: without names an object has each of its fields once, and so only so many.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLType,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_introspection_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)

from server.execution.passages import found

WEIGHT, LIST_SIZE = "weight", "list_size"
"""The extensions of a field: a whole number, and a ListSize."""

LONGEST_LIST = 1_000
"""A length beyond what any field takes is left for the field to refuse."""

UNSAID_LENGTH = 2

INTROSPECTION = 4_000
"""What describes the schema, or a type: a tenth of a second's work, and some hundred kilobytes."""

UNGIVEN = -1
"""Stands for a variable that is absent, in the place of what it says."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ListSize:
    """What `@listSize` says of a field, in the schema's names."""

    assumed: int | None = None
    """How long the list is where no argument says so."""
    slicing_arguments: tuple[str, ...] = ()
    """The arguments that say how long it is; the largest counts."""
    sized_fields: tuple[str, ...] = ()
    """The lists in the field's object that it is about; none where the field is the list."""


_UNSAID = ListSize()
_Sized: TypeAlias = tuple[tuple[str, ...], int] | None
"""What a field says of the lists right below it: their names and their length."""


class Costing:
    """One weighing of one operation with its variables; what is spread twice is weighed once."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        *,
        variables: Mapping[str, Any],
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._variables = dict(variables)
        self._weighed: dict[tuple[int, str, _Sized], int] = {}

    def cost(self, operation: OperationDefinitionNode) -> int:
        """The objects that the operation gives at most, in the weight of one that comes with another."""
        for definition in operation.variable_definitions or ():
            if definition.default_value:
                self._variables.setdefault(definition.variable.name.value, definition.default_value)
        root = self._schema.get_root_type(operation.operation)
        return self._selections(operation.selection_set, root, sized=None) if root else 0

    def _selections(self, selections: SelectionSetNode, parent: GraphQLNamedType, *, sized: _Sized) -> int:
        """What an object gives; one whose type is not known gives what that type does that gives most."""
        if is_abstract_type(parent):
            types = self._schema.get_possible_types(parent)
            return max((self._of_object(selections, type_, sized=sized) for type_ in types), default=0)
        return self._of_object(selections, parent, sized=sized) if is_object_type(parent) else 0

    def _of_object(self, selections: SelectionSetNode, type_: GraphQLObjectType, *, sized: _Sized) -> int:
        key = (id(selections), type_.name, sized)
        if key not in self._weighed:
            self._weighed[key] = sum(self._selection(node, type_, sized=sized) for node in selections.selections)
        return self._weighed[key]

    def _selection(self, node: object, type_: GraphQLObjectType, *, sized: _Sized) -> int:
        if isinstance(node, FieldNode):
            return self._field(node, type_, sized=sized)
        fragment = self._fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
        if not isinstance(fragment, FragmentDefinitionNode | InlineFragmentNode):
            return 0
        condition = fragment.type_condition.name.value if fragment.type_condition else type_.name
        return self._of_object(fragment.selection_set, type_, sized=sized) if self._is(type_, condition) else 0

    def _is(self, type_: GraphQLObjectType, name: str) -> bool:
        """Whether objects of a type fulfil a condition."""
        wanted = self._schema.get_type(name)
        return wanted is type_ or (is_abstract_type(wanted) and self._schema.is_sub_type(wanted, type_))

    def _field(self, node: FieldNode, type_: GraphQLObjectType, *, sized: _Sized) -> int:
        field = self._schema.get_field(type_, node.name.value)
        if field is None:
            return 0  # as in a document that is not valid
        named = get_named_type(field.type)
        weight = _weight(node, field, parent=type_)
        listed: ListSize = field.extensions.get(LIST_SIZE, _UNSAID)
        length = self._length(node, field, listed=listed)
        if node.selection_set:
            below = (listed.sized_fields, length) if listed.sized_fields else None
            weigh = partial(self._selections, node.selection_set, named, sized=below)
            weight += found(node.selection_set, (Costing, named.name, below), find=weigh)
        if _is_list(field.type) and not is_introspection_type(type_):
            weight *= sized[1] if sized and node.name.value in sized[0] else length
        return max(weight, 1) if node.alias else weight

    def _length(self, node: FieldNode, field: GraphQLField, *, listed: ListSize) -> int:
        """How long the list is that a field gives: no longer than a list that it was given, whatever is assumed."""
        values: dict[str, object] = {argument.name.value: argument.value for argument in node.arguments or ()}
        names = listed.slicing_arguments or [name for name, each in field.args.items() if _is_list(each.type)]
        asked = [_number(self._given(values.get(name), field.args[name])) for name in names]
        lengths = [length for length in asked if length is not None]
        if lengths:
            return min(max(lengths), LONGEST_LIST)
        return UNSAID_LENGTH if listed.assumed is None else listed.assumed

    def _given(self, value: object, argument: GraphQLArgument) -> object:
        """What an argument is given: its default, where it is absent or is a variable that is."""
        if isinstance(value, VariableNode):
            value = self._variables.get(value.name.value)
        return _default(argument) if value is None else value


def _weight(node: FieldNode, field: GraphQLField, *, parent: GraphQLObjectType) -> int:
    """What each object or scalar of a field weighs by itself; what describes the schema as much for each name again."""
    if is_introspection_type(parent):
        return INTROSPECTION if node.alias else 0
    named = get_named_type(field.type)
    if is_introspection_type(named):
        return INTROSPECTION
    weight: int = field.extensions.get(WEIGHT, 1 if is_composite_type(named) else 0)
    return weight


def _number(value: object) -> int | None:
    """How long a list is said to be, by its length or by a list itself; null where nothing says so."""
    if isinstance(value, ListValueNode):
        return len(value.values)
    if isinstance(value, list):
        return len(value)
    if isinstance(value, IntValueNode) or (isinstance(value, float) and value.is_integer()):  # 9.0 is an Int, too
        value = int(value.value if isinstance(value, IntValueNode) else value)
    return max(value, 0) if isinstance(value, int) and not isinstance(value, bool) else None


def _default(argument: GraphQLArgument) -> object:
    """What stands in for an argument, however the schema was made."""
    if argument.default is None:
        return argument.default_value
    return argument.default.value if argument.default.literal is None else argument.default.literal


def _is_list(type_: GraphQLType) -> bool:
    return is_list_type(type_.of_type if is_non_null_type(type_) else type_)


def size_key(operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> tuple[int | None, ...]:
    """What of the variables the cost depends on: equal keys, equal costs."""
    key: list[int | None] = []
    for definition in operation.variable_definitions or ():
        name = definition.variable.name.value
        number = _number(variables[name]) if name in variables else UNGIVEN
        key.append(number if number is None else min(number, LONGEST_LIST))
    return tuple(key)
