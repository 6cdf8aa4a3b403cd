"""Weighs an operation before it runs: how many objects it gives at most, lists multiplied.

A list is as long as the arguments `first`, `last` or the list that it was given say; that of a connection stands in its
`edges` or `nodes`. A list that says nothing is taken to be short, or as long as `list_size` in the field's extensions.
"""

from collections.abc import Mapping
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    GraphQLType,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_composite_type,
    is_list_type,
    is_non_null_type,
)

FETCHED_WEIGHT = 10
"""What an object costs that is fetched, beside one that came with another."""
LONGEST_LIST = 1_000
"""A length beyond what any field takes is left for the field to refuse."""
UNSAID_PAGE = 20
UNSAID_FETCHED = 10
UNSAID_LIST = 2


class Costing:
    """One weighing of one operation with its variables; fragments are weighed once for each way they are spread."""

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
        self._spread: dict[tuple[str, int | None], int] = {}

    def cost(self, operation: OperationDefinitionNode) -> int:
        """The objects that the operation gives at most, in the weight of one that comes with another."""
        for definition in operation.variable_definitions or ():
            if definition.default_value:
                self._variables.setdefault(definition.variable.name.value, definition.default_value)
        root = self._schema.get_root_type(operation.operation)
        return self._selections(operation.selection_set, root, page=None) if root else 0

    def _selections(self, selections: SelectionSetNode, parent: GraphQLNamedType, *, page: int | None) -> int:
        total = 0
        for node in selections.selections:
            if isinstance(node, FieldNode):
                total += self._field(node, parent, page=page)
            elif isinstance(node, FragmentSpreadNode):
                total += self._fragment(node.name.value, page)
            elif isinstance(node, InlineFragmentNode):
                narrowed = self._schema.get_type(node.type_condition.name.value) if node.type_condition else parent
                total += self._selections(node.selection_set, narrowed or parent, page=page)
        return total

    def _fragment(self, name: str, page: int | None) -> int:
        fragment = self._fragments[name]
        on = self._schema.get_type(fragment.type_condition.name.value)
        if on is None:
            return 0
        if (name, page) not in self._spread:
            self._spread[name, page] = self._selections(fragment.selection_set, on, page=page)
        return self._spread[name, page]

    def _field(self, node: FieldNode, parent: GraphQLNamedType, *, page: int | None) -> int:
        field = getattr(parent, "fields", {}).get(node.name.value)
        if field is None:
            return 0  # `__typename` and introspection: no object of ours
        is_fetched = field.extensions.get("execution") == "waits"
        given = self._given_size(node, field)
        is_page_part = page is not None and node.name.value in ("edges", "nodes")
        weight = FETCHED_WEIGHT if is_fetched or (is_page_part and node.name.value == "nodes") else 1
        named = get_named_type(field.type)
        if not is_composite_type(named) or node.selection_set is None:
            return weight if is_fetched else 0
        if not _is_list(field.type):
            return weight + self._selections(node.selection_set, named, page=given)
        length = page if is_page_part and page is not None else given
        if length is None:
            length = field.extensions.get("list_size") or (UNSAID_FETCHED if is_fetched else UNSAID_LIST)
        return length * (weight + self._selections(node.selection_set, named, page=None))

    def _given_size(self, node: FieldNode, field: GraphQLField) -> int | None:
        """The length that the arguments ask for; None where no argument of the field is about length."""
        values = {argument.name.value: argument.value for argument in node.arguments or ()}
        is_paged = "first" in field.args or "last" in field.args
        if is_paged:
            asked = [self._length(values[name]) for name in ("first", "last") if name in values]
            sizes = [size for size in asked if size is not None]
            return min(max(sizes), LONGEST_LIST) if sizes else self._default_size(field)
        lists = [
            self._length(values[name]) for name, arg in field.args.items() if name in values and _is_list(arg.type)
        ]
        return max((size for size in lists if size is not None), default=None)

    def _default_size(self, field: GraphQLField) -> int:
        first = field.args.get("first")
        default = self._length(first.default_value) if first else None
        return UNSAID_PAGE if default is None else default

    def _length(self, value: object) -> int | None:
        if isinstance(value, VariableNode):
            value = self._variables.get(value.name.value)
        if isinstance(value, IntValueNode):
            value = int(value.value)
        if isinstance(value, ListValueNode):
            value = list(value.values)
        if isinstance(value, list):
            return len(value)
        return max(value, 0) if isinstance(value, int) and not isinstance(value, bool) else None


def _is_list(type_: GraphQLType) -> bool:
    return is_list_type(type_.of_type if is_non_null_type(type_) else type_)


def size_key(operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> tuple[int | None, ...]:
    """What of the variables the cost depends on: equal keys, equal costs."""
    key: list[int | None] = []
    for definition in operation.variable_definitions or ():
        value = variables.get(definition.variable.name.value, definition.default_value)
        if isinstance(value, list):
            key.append(len(value))
        elif isinstance(value, int):
            key.append(min(value, LONGEST_LIST))
        else:
            key.append(None)
    return tuple(key)
