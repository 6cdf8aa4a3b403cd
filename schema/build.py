"""The served schema, built once, with what the executor and the rules must know of each field in its extensions."""

import functools
from collections.abc import Callable
from operator import attrgetter
from typing import Any, cast

import strawberry
from graphql import GraphQLField, GraphQLInterfaceType, GraphQLNamedType, GraphQLObjectType, GraphQLSchema
from strawberry.printer import print_schema
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from schema.calls import call_of
from schema.directives import CacheControl, Cost, ListSize, RequiresDisclaimer
from schema.enums import describe_enums
from schema.fields import Describes, gives_awaitable
from schema.query import Query
from schema.scalars import SCALARS
from schema.subscription import Subscription, arrive
from schema.types.blocks import BLOCKS
from schema.types.disclaimers import Disclaimer
from schema.types.links import EXTENSIONS
from server.errors.machine import SchemaUnmarkedError
from server.execution import cost
from server.execution.compiler import marks
from server.execution.cost import LIST_SIZE, WEIGHT
from server.execution.keepable import NOT_KEPT
from server.execution.lifetimes import IS_PRIVATE, MAX_AGE

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


@functools.cache
def _declared() -> _Schema:
    """What the SDL is printed of and what is executed, made once for both: marks for the executor are not printed."""
    describe_enums()
    return _Schema(
        query=Query,
        subscription=Subscription,
        types=[*BLOCKS, Disclaimer],
        config=StrawberryConfig(scalar_map=SCALARS),
    )


def build_schema() -> GraphQLSchema:
    """The schema as graphql-core executes it.

    The extensions of a field say how it is executed ("attribute" with the `path` to it, "function" or "waits"), whether
    it `requires_disclaimer`, what it weighs, whether it is not to be kept, and how long it may be outside. Raises
    SchemaUnmarkedError when no field requires a disclaimer, for a rule that finds no mark would pass everything.
    """
    declared = _declared()
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
        field.extensions[marks.EXECUTION] = marks.WAITS
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
    if definition.metadata.get(NOT_KEPT):
        field.extensions[NOT_KEPT] = True
    for directive in definition.directives:
        _apply(directive, field)
    if definition.base_resolver is None:
        path = definition.metadata.get("path") or definition.python_name
        field.extensions[marks.PATH] = path
        field.resolve = _reader(path)


def _apply(directive: object, field: GraphQLField) -> None:
    """Writes what a directive says for those who know nothing of Strawberry."""
    if isinstance(directive, RequiresDisclaimer):
        field.extensions[REQUIRES_DISCLAIMER] = True
    elif isinstance(directive, Cost):
        field.extensions[WEIGHT] = int(directive.weight)
    elif isinstance(directive, ListSize):
        field.extensions[LIST_SIZE] = cost.ListSize(
            assumed=directive.assumed_size or None,
            slicing_arguments=tuple(directive.slicing_arguments or ()),
            sized_fields=tuple(directive.sized_fields or ()),
        )
    elif isinstance(directive, CacheControl):
        field.extensions[MAX_AGE] = directive.max_age
        field.extensions[IS_PRIVATE] = directive.is_private


def _mark_classes(type_: GraphQLNamedType) -> None:
    """Says which classes a type describes; of an interface, that its types do."""
    if isinstance(type_, GraphQLInterfaceType):
        type_.extensions[marks.BY_CLASS] = True
    elif isinstance(type_, GraphQLObjectType) and isinstance(type_.is_type_of, Describes):
        type_.extensions[marks.CLASSES] = type_.is_type_of.described


def _execution(definition: StrawberryField) -> str:
    if definition.base_resolver is None:
        return marks.ATTRIBUTE
    return marks.WAITS if gives_awaitable(definition.base_resolver.wrapped_func) else marks.FUNCTION


def _reader(path: str) -> Callable[..., Any]:
    read = attrgetter(path)
    return lambda parent, _info: read(parent)


def sdl() -> str:
    """The schema as SDL, with applied directives: what `schema/schema.graphql` holds."""
    return print_schema(_declared()) + "\n"
