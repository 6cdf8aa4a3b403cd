"""The arguments of fields: made when the operation is compiled, or once for each run where they hold variables."""

import datetime
from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any, TypeAlias

from graphql import FieldNode, GraphQLError, GraphQLField, ListValueNode, ObjectValueNode, ValueNode, VariableNode
from graphql.execution.values import VariableValues, get_argument_values

from server.execution.compiler.marks import Call, UnknownOperationError, is_name
from server.execution.compiler.pieces import Sheet

Making: TypeAlias = Callable[[VariableValues], dict[str, Any]]

IMMUTABLE = (str, int, float, bool, Enum, datetime.date, datetime.timedelta, type(None))
"""What one run can't change for the next."""


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
            values = _constant(field, node, call)
            if all(isinstance(value, IMMUTABLE) and is_name(name) for name, value in values.items()):
                return [f"{name}={sheet.bind(value)}" for name, value in values.items()]
        self.makings.append(lambda variables: call.convert(get_argument_values(field, node, variables)))
        return [f"**s.arguments[{len(self.makings) - 1}]"]


def _constant(field: GraphQLField, node: FieldNode, call: Call) -> dict[str, Any]:
    try:
        return call.convert(get_argument_values(field, node))
    except GraphQLError as error:
        raise UnknownOperationError from error


def _has_variables(values: Iterable[ValueNode]) -> bool:
    return any(
        isinstance(value, VariableNode)
        or (isinstance(value, ListValueNode) and _has_variables(value.values))
        or (isinstance(value, ObjectValueNode) and _has_variables(field.value for field in value.fields))
        for value in values
    )
