"""The arguments of fields: made when the operation is compiled, or once for each run where they hold variables."""

import datetime
import sys
from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any, NamedTuple, TypeAlias

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLField,
    ListValueNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    is_non_null_type,
)
from graphql.execution.values import VariableValues, get_argument_values
from graphql.utilities import coerce_input_literal
from graphql.utilities.coerce_input_value import coerce_default_value

from server.execution.compiler.marks import Call, UnexpectedValueError, UnknownOperationError, is_name
from server.execution.compiler.pieces import Sheet

Making: TypeAlias = Callable[[VariableValues], dict[str, Any]]

IMMUTABLE = (str, int, float, bool, Enum, datetime.date, datetime.timedelta, type(None))
"""What one run can't change for the next."""


def size_of(value: object) -> int:
    """About how many bytes of memory an argument takes, beside the texts and numbers that it is made of."""
    if isinstance(value, IMMUTABLE):
        return 0
    if isinstance(value, dict):
        return sys.getsizeof(value) + sum(map(size_of, value.values()))
    if isinstance(value, list | tuple):
        return sys.getsizeof(value) + sum(map(size_of, value))
    return sys.getsizeof(value) + size_of(getattr(value, "__dict__", None))


class Arguments:
    """The arguments that the fields of one operation take, as far as they are made for each run."""

    def __init__(self) -> None:
        self.makings: list[Making] = []
        """What each run makes first, in order; any error is left for graphql-core to find again in its place."""

    def written(self, sheet: Sheet, field: GraphQLField, *, node: FieldNode, call: Call) -> list[str]:
        """What stands in the call behind parent and info; raises UnknownOperationError for what does not fit."""
        if not field.args:
            return []
        if not _has_variables(argument.value for argument in node.arguments or ()):
            values = _constant(field, node, call=call)
            if all(isinstance(value, IMMUTABLE) and is_name(name) for name, value in values.items()):
                return [f"{name}={sheet.bind(value)}" for name, value in values.items()]
        self.makings.append(_making(field, node, call=call))
        return [f"**s.arguments[{len(self.makings) - 1}]"]


def _making(field: GraphQLField, node: FieldNode, *, call: Call) -> Making:
    """What makes the arguments of a field: simple ones one by one, any others as graphql-core does."""
    simple = [_simple(name, argument, node=node, call=call) for name, argument in field.args.items()]
    known = [each for each in simple if each is not None]
    if len(known) < len(simple):
        return lambda variables: call.convert(get_argument_values(field, node, variables))
    constants = {each.parameter: each.value for each in known if not each.variable and each.value is not Undefined}
    taken = [each for each in known if each.variable]

    def make(variables: VariableValues) -> dict[str, Any]:
        values, given = dict(constants), variables.coerced
        for each in taken:
            value = given.get(each.variable, each.value)
            if value is None and each.refuses_null:
                raise UnexpectedValueError
            if value is not Undefined:
                values[each.parameter] = value
        return values

    return make


class _Simple(NamedTuple):
    """An argument that needs no conversion and is a variable, a constant or absent."""

    parameter: str
    variable: str
    """Its name; empty where there is none."""
    value: object
    """The constant, or what stands in for an absent variable; Undefined for nothing."""
    refuses_null: bool


def _simple(name: str, argument: GraphQLArgument, *, node: FieldNode, call: Call) -> _Simple | None:
    parameter = call.parameters.get(argument.out_name or name)
    given = next((each.value for each in node.arguments or () if each.name.value == name), None)
    if parameter is None:
        return None
    refuses_null = is_non_null_type(argument.type)
    if given is not None and not isinstance(given, VariableNode):
        value = coerce_input_literal(given, argument.type)
        return _Simple(parameter, "", value, refuses_null) if isinstance(value, IMMUTABLE) else None
    default = coerce_default_value(argument)
    if default is not Undefined and not isinstance(default, IMMUTABLE):
        return None
    if default is Undefined and refuses_null:
        if given is None:
            return None
        default = None  # which it may not be
    return _Simple(parameter, given.name.value if given else "", default, refuses_null)


def _constant(field: GraphQLField, node: FieldNode, *, call: Call) -> dict[str, Any]:
    try:
        return call.convert(get_argument_values(field, node))
    except Exception as error:  # a converter may raise anything; graphql-core meets it in its place
        raise UnknownOperationError from error


def _has_variables(values: Iterable[ValueNode]) -> bool:
    return any(
        isinstance(value, VariableNode)
        or (isinstance(value, ListValueNode) and _has_variables(value.values))
        or (isinstance(value, ObjectValueNode) and _has_variables(field.value for field in value.fields))
        for value in values
    )
