"""Checks literals against the types of their places, and gathers the variables in them."""

from typing import Any, NamedTuple

from graphql import (
    GraphQLArgument,
    GraphQLInputField,
    GraphQLInputObjectType,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    is_input_object_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)
from graphql.type import is_required_input_field
from graphql.utilities import coerce_input_literal


class Doubt(Exception):  # noqa: N818 -- a doubt is no error
    """Something may be wrong."""


class Use(NamedTuple):
    """A variable where it stands."""

    name: str
    type: Any
    default: object
    """The default of the place; Undefined where it has none."""


class Literals:
    """Checks literals; raises Doubt for one that may not fit."""

    def __init__(self, uses: list[Use]) -> None:
        self._uses = uses

    def check(self, node: ValueNode, type_: Any, *, default: object = Undefined) -> None:  # noqa: ANN401 -- an input type
        """Checks the literal of a place, which may have a default."""
        if isinstance(node, VariableNode):
            self._uses.append(Use(node.name.value, type_, default))
            return
        is_null = isinstance(node, NullValueNode)
        if is_non_null_type(type_):
            if is_null:
                raise Doubt
            type_ = type_.of_type
        if is_null:
            return
        if is_list_type(type_):
            for item in node.values if isinstance(node, ListValueNode) else (node,):
                self.check(item, type_.of_type)
        elif is_input_object_type(type_):
            self._check_object(node, type_)
        elif (
            not is_leaf_type(type_)
            or isinstance(node, ListValueNode | ObjectValueNode)
            or coerce_input_literal(node, type_) is Undefined
        ):
            raise Doubt

    def _check_object(self, node: ValueNode, type_: GraphQLInputObjectType) -> None:
        if not isinstance(node, ObjectValueNode) or type_.is_one_of:
            raise Doubt
        given = {field.name.value: field.value for field in node.fields}
        if len(given) < len(node.fields) or not given.keys() <= type_.fields.keys():
            raise Doubt
        for name, field in type_.fields.items():
            if name in given:
                self.check(given[name], field.type, default=default_of(field))
            elif is_required_input_field(field):
                raise Doubt


def default_of(place: GraphQLArgument | GraphQLInputField) -> object:
    """The default of an argument or of a field of an input type; Undefined where it has none."""
    return place.default_value if place.default is None else place.default
