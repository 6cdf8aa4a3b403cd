"""How a schema tells what its fields and types are, in the extensions that graphql-core leaves to it.

A field says in `execution` what it is: an `attribute`, with its dotted `path`; a `function`, or one that `waits` for
what it gives, with the `call` to make. A type whose values are known by their class lists the `classes`; an interface
or a union is known by those of its types where it says `by_class`. What says nothing is left to graphql-core.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from keyword import iskeyword
from typing import Any

from graphql import GraphQLAbstractType, GraphQLField, GraphQLObjectType, GraphQLSchema

EXECUTION, PATH, CALL = "execution", "path", "call"
ATTRIBUTE, FUNCTION, WAITS = "attribute", "function", "waits"
CLASSES, BY_CLASS = "classes", "by_class"


class UnknownOperationError(Exception):
    """The operation holds something that the compiler does not know."""


class UnexpectedValueError(Exception):
    """A value, or an error, that is graphql-core's to judge."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """The plain function behind a field, and how it takes what GraphQL gives it."""

    function: Callable[..., Any]
    parent: str | None = None
    """The parameter for the object that the field stands on."""
    info: str | None = None
    """The parameter for what it is told of the request: an `Asked`."""
    convert: Callable[[dict[str, Any]], dict[str, Any]] = dict
    """From coerced arguments to the function's own."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """The parameters for arguments that need no conversion, by the names that coercion gives them."""


class Asked:
    """What a plain function is told of its request."""

    __slots__ = ("context",)

    def __init__(self, context: Any) -> None:  # noqa: ANN401 -- whatever those functions know
        self.context = context


def path_of(definition: GraphQLField) -> str | None:
    """The dotted path of an attribute; null for any other field."""
    path = definition.extensions.get(PATH)
    if definition.extensions.get(EXECUTION) != ATTRIBUTE or not isinstance(path, str):
        return None
    return path if all(map(is_name, path.split("."))) else None


def call_of(definition: GraphQLField) -> Call | None:
    """The call that a field makes; null for any that makes none, or does not say which."""
    call = definition.extensions.get(CALL)
    if definition.extensions.get(EXECUTION) not in (FUNCTION, WAITS) or not isinstance(call, Call):
        return None
    return call if all(name is None or is_name(name) for name in (call.parent, call.info)) else None


def is_name(text: str) -> bool:
    """Whether a text can stand in source as a name."""
    return text.isidentifier() and not iskeyword(text)


def classes_of(type_: GraphQLObjectType) -> frozenset[type] | None:
    """The classes of a type's values; null where any will do. Raises UnknownOperationError where it can't be told."""
    classes: tuple[type, ...] = type_.extensions.get(CLASSES, ())
    if classes:
        return frozenset(classes)
    if type_.is_type_of is not None:
        raise UnknownOperationError
    return None


def types_by_class(schema: GraphQLSchema, type_: GraphQLAbstractType) -> Mapping[type, GraphQLObjectType]:
    """The type of each class of values; raises UnknownOperationError where the class does not tell."""
    if not type_.extensions.get(BY_CLASS):
        raise UnknownOperationError
    found: dict[type, GraphQLObjectType] = {}
    for possible in schema.get_possible_types(type_):
        for each in classes_of(possible) or ():
            if any(issubclass(each, other) or issubclass(other, each) for other in found):
                raise UnknownOperationError
            found[each] = possible
    return found
