"""The served schema, built once, with what the executor and the rules must know of each field in its extensions."""

import inspect
from collections.abc import Awaitable, Callable
from operator import attrgetter
from typing import Any, cast, get_args, get_origin

import strawberry
from graphql import GraphQLField, GraphQLInterfaceType, GraphQLNamedType, GraphQLObjectType, GraphQLSchema
from strawberry.printer import print_schema
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from schema.calls import call_of
from schema.directives import RequiresDisclaimer
from schema.enums import describe_enums
from schema.fields import Describes
from schema.query import Query
from schema.scalars import SCALARS
from schema.subscription import Subscription, arrive
from schema.types.blocks import BLOCKS
from schema.types.disclaimers import Disclaimer
from schema.types.links import EXTENSIONS
from server.errors import SchemaUnmarkedError
from server.execution.compiler import marks

DEFINITION = "strawberry-definition"
REQUIRES_DISCLAIMER = "requires_disclaimer"


class _Schema(strawberry.Schema):
    """Strawberry's schema, but for types that are extended after their declaration."""

    def get_fields(self, type_definition: StrawberryObjectDefinition) -> list[StrawberryField]:
        links = EXTENSIONS.get(type_definition.origin)
        if links is None:
            return type_definition.fields
        extension = cast("StrawberryObjectDefinition", links.__strawberry_definition__)  # type: ignore[attr-defined]  # Strawberry sets it
        return [*type_definition.fields, *extension.fields]


def _declare() -> _Schema:
    describe_enums()
    return _Schema(
        query=Query,
        subscription=Subscription,
        types=[*BLOCKS, Disclaimer],
        config=StrawberryConfig(scalar_map=SCALARS),
    )


def build_schema() -> GraphQLSchema:
    """The schema as graphql-core executes it.

    The extensions of a field say how it is executed ("attribute" with the `path` to it, "function" or "waits") and
    whether it `requires_disclaimer`. Raises SchemaUnmarkedError when no field does, for a rule that finds no mark would
    pass everything.
    """
    declared = _declare()
    schema = declared._schema  # noqa: SLF001 - Strawberry has no other way to graphql-core's schema
    fields = [
        field
        for type_ in schema.type_map.values()
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)
        for field in type_.fields.values()
        if DEFINITION in field.extensions
    ]
    for field in fields:
        _mark(field, declared.schema_converter)
    for field in schema.subscription_type.fields.values() if schema.subscription_type else ():
        field.resolve = arrive
        field.extensions[marks.CALL] = marks.Call(function=arrive, parent="event", info="info")
    for type_ in schema.type_map.values():
        _mark_classes(type_)
    if not any(REQUIRES_DISCLAIMER in field.extensions for field in fields):
        raise SchemaUnmarkedError
    return schema


def _mark(field: GraphQLField, converter: GraphQLCoreConverter) -> None:
    definition: StrawberryField = field.extensions[DEFINITION]
    field.extensions[marks.EXECUTION] = _execution(definition)
    field.extensions[marks.CALL] = call_of(definition, converter)
    if any(isinstance(directive, RequiresDisclaimer) for directive in definition.directives):
        field.extensions[REQUIRES_DISCLAIMER] = True
    if definition.base_resolver is None:
        path = definition.metadata.get("path") or definition.python_name
        field.extensions[marks.PATH] = path
        field.resolve = _reader(path)


def _mark_classes(type_: GraphQLNamedType) -> None:
    """Says which classes a type describes; of an interface, that its types do."""
    if isinstance(type_, GraphQLInterfaceType):
        type_.extensions[marks.BY_CLASS] = True
    elif isinstance(type_, GraphQLObjectType) and isinstance(type_.is_type_of, Describes):
        type_.extensions[marks.CLASSES] = type_.is_type_of.described


def _execution(definition: StrawberryField) -> str:
    if definition.base_resolver is None:
        return marks.ATTRIBUTE
    function = definition.base_resolver.wrapped_func
    given = definition.base_resolver.signature.return_annotation
    waits = inspect.iscoroutinefunction(function) or any(map(_is_awaitable, (given, *get_args(given))))
    return marks.WAITS if waits else marks.FUNCTION


def _is_awaitable(annotation: object) -> bool:
    return get_origin(annotation) is Awaitable


def _reader(path: str) -> Callable[..., Any]:
    read = attrgetter(path)
    return lambda parent, _info: read(parent)


def sdl() -> str:
    """The schema as SDL, with applied directives: what `schema/schema.graphql` holds."""
    return print_schema(_declare()) + "\n"
