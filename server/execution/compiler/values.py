"""Writes how a value is completed, by its type: nulls, lists, leaves, and objects by their selections' functions."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from graphql import (
    GraphQLList,
    GraphQLNamedType,
    GraphQLOutputType,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)
from graphql.execution.collect_fields import FieldDetailsList

from server.execution.compiler.leaves import Leaves, is_settled
from server.execution.compiler.marks import UnexpectedValueError
from server.execution.compiler.pieces import Sheet


@dataclass(frozen=True, kw_only=True, slots=True)
class Objects:
    """The function for the values of a composite type."""

    function: object
    waits: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """The expressions for a value, for its place, and for the nearest place around it that may be null."""

    name: str
    path: str = "p"
    null: str = "n"
    depth: int = 0
    """How many lists it stands in, within its field."""


class ByClass(dict[type, Callable[..., Any]]):
    """The functions for the values of an abstract type, by their class."""

    def __missing__(self, class_: type) -> NoReturn:
        raise UnexpectedValueError


class _Checks:
    """The classes of values that were found to be neither pending nor errors."""

    def __init__(self) -> None:
        self.plain: set[type] = set()

    def check_any(self, value: object) -> None:
        """Passes any value that is settled, and its class, where that says as much of all its values."""
        if not is_settled(value):
            raise UnexpectedValueError
        class_ = value.__class__
        if "__getattr__" not in dir(class_) and class_.__getattribute__ is object.__getattribute__:
            self.plain.add(class_)


def check_one(value: object, classes: tuple[type, ...]) -> None:
    """Passes a value of a subclass."""
    if not isinstance(value, classes) or not is_settled(value):
        raise UnexpectedValueError


def refuse(_value: object) -> NoReturn:
    """Passes nothing."""
    raise UnexpectedValueError


class Values(ABC):
    """Writes the completion of values; what it needs of selections is left to be said."""

    def __init__(self, leaves: Leaves) -> None:
        self._leaves = leaves
        self._checks = _Checks()

    @abstractmethod
    def _objects(self, type_: GraphQLNamedType, details: FieldDetailsList) -> Objects:
        """The function for the values of an object type, an interface or a union."""

    def waits(self, type_: GraphQLOutputType, details: FieldDetailsList) -> bool:
        """Whether the completion leads to a field that waits."""
        named = get_named_type(type_)
        return not is_leaf_type(named) and self._objects(named, details).waits

    def check_class(self, sheet: Sheet, classes: frozenset[type] | None) -> None:
        """Checks that an object is one, and of the type's classes, where it has any."""
        if classes is None:
            plain, check = sheet.bind(self._checks.plain), sheet.bind(self._checks.check_any)
            sheet.line(f"if x.__class__ not in {plain}: {check}(x)")
        elif len(classes) == 1:
            every = tuple(classes)
            sheet.line(f"if x.__class__ is not {sheet.bind(every[0])}: {sheet.bind(check_one)}(x, {sheet.bind(every)})")
        else:
            sheet.line(
                f"if x.__class__ not in {sheet.bind(classes)}: {sheet.bind(check_one)}(x, {sheet.bind(tuple(classes))})"
            )

    def expression(self, sheet: Sheet, type_: GraphQLOutputType, *, details: FieldDetailsList, place: Place) -> str:
        """The completed value of a place."""
        is_nullable = not is_non_null_type(type_)
        inner: Any = type_ if is_nullable else type_.of_type  # type: ignore[union-attr]  # it is one that is not null
        if is_leaf_type(inner):
            return self._leaves.expression(sheet, inner, name=place.name, is_nullable=is_nullable)
        if is_nullable:
            place = replace(place, null=place.path)
        write = self._list if is_list_type(inner) else self._object
        written = write(sheet, inner, details=details, place=place)
        return f"(None if {place.name} is None else {written})" if is_nullable else written

    def _list(self, sheet: Sheet, type_: GraphQLList[Any], *, details: FieldDetailsList, place: Place) -> str:
        name, depth, class_ = place.name, place.depth, f"{place.name}.__class__"
        items = f"({name} if {class_} is tuple or {class_} is list else {sheet.bind(refuse)}({name}))"
        waits = self.waits(type_, details)
        item = Place(name=f"y{depth}", path=f"({place.path}, i{depth})", null=place.null, depth=depth + 1)
        written = self.expression(sheet, type_.of_type, details=details, place=item)
        return (
            f"[{written} for i{depth}, y{depth} in enumerate({items})]"
            if waits
            else f"[{written} for y{depth} in {items}]"
        )

    def _object(self, sheet: Sheet, type_: GraphQLNamedType, *, details: FieldDetailsList, place: Place) -> str:
        objects = self._objects(type_, details)
        name = place.name
        function = sheet.bind(objects.function)
        if isinstance(objects.function, ByClass):
            function = f"{function}[{name}.__class__]"
        return f"{function}(s, {name}, {place.path}, {place.null}, t)" if objects.waits else f"{function}(s, {name})"
