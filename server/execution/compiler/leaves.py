"""Scalars and enums: what is a fit value already passes as it is, anything else through the type's own coercion."""

import datetime
import uuid
from collections.abc import Callable
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLString,
    Undefined,
)
from graphql.pyutils import is_awaitable

from server.execution.compiler.marks import UnexpectedValueError
from server.execution.compiler.pieces import Sheet

PLAIN = frozenset({str, int, float, bool, datetime.datetime, datetime.date, uuid.UUID})
"""Classes of which no value is an awaitable or an exception."""

_PASSES = {
    GraphQLString.coerce_output_value: "{0}.__class__ is str",
    GraphQLID.coerce_output_value: "{0}.__class__ is str",
    GraphQLBoolean.coerce_output_value: "{0} is True or {0} is False",
    GraphQLInt.coerce_output_value: "{0}.__class__ is int and -2147483648 <= {0} <= 2147483647",
    GraphQLFloat.coerce_output_value: "{0}.__class__ is float and {0} - {0} == 0.0",
}
"""When a value is what the coercion of a specified scalar would give."""


class _Names(dict[Any, str]):
    """The names of an enum by value; what is not there is coerced each time."""

    def __init__(self, type_: GraphQLEnumType) -> None:
        super().__init__()
        self._coerce = coercion(type_)
        for value in type_.values.values():
            if value.value.__hash__ is not None and value.value is not None:
                self[value.value] = self._coerce(value.value)

    def __missing__(self, value: object) -> Any:  # noqa: ANN401 -- whatever the type's coercion gives
        return self._coerce(value)


def coercion(type_: GraphQLLeafType) -> Callable[[object], Any]:
    """The type's coercion, for values that are settled; raises UnexpectedValueError for what is not, or can't be."""
    coerce = type_.coerce_output_value

    def coerced(value: object) -> Any:  # noqa: ANN401 -- whatever the type's coercion gives
        if value.__class__ not in PLAIN and not is_settled(value):
            raise UnexpectedValueError
        result = coerce(value)
        if result is None or result is Undefined:
            raise UnexpectedValueError
        return result

    return coerced


def is_settled(value: object) -> bool:
    """Whether it is a value, rather than none, one to wait for, or an error."""
    return not (value is None or value is Undefined or isinstance(value, Exception) or is_awaitable(value))


class Leaves:
    """What each leaf type of a schema is written with, made once."""

    def __init__(self) -> None:
        self._names: dict[GraphQLEnumType, _Names] = {}
        self._coercions: dict[GraphQLLeafType, Callable[[object], Any]] = {}

    def expression(self, sheet: Sheet, type_: GraphQLLeafType, *, name: str, is_nullable: bool) -> str:
        """The completed value of a name."""
        null = f"{name} is None"
        if isinstance(type_, GraphQLEnumType):
            names = self._names.get(type_)
            if names is None:
                names = self._names[type_] = _Names(type_)
            found = f"{sheet.bind(names)}[{name}]"
            return f"(None if {null} else {found})" if is_nullable else found
        if type_ not in self._coercions:
            self._coercions[type_] = coercion(type_)
        coerced = f"{sheet.bind(self._coercions[type_])}({name})"
        passes = _PASSES.get(type_.coerce_output_value, "").format(name)
        passing = " or ".join([passes] * bool(passes) + [null] * is_nullable)
        return f"({name} if {passing} else {coerced})" if passing else coerced
