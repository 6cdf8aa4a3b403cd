"""The marks on a schema's fields that say what is health content."""

from collections.abc import Mapping
from functools import lru_cache

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_object_type,
)

from server.errors.machine import SchemaUnmarkedError


def is_marked(field: GraphQLField) -> bool:
    """Whether a field bears `@requiresDisclaimer`: in its extensions when served, in its syntax when built from SDL."""
    if field.extensions.get("requires_disclaimer"):
        return True
    directives = field.ast_node.directives if field.ast_node else None
    return any(directive.name.value == "requiresDisclaimer" for directive in directives or ())


@lru_cache(maxsize=16)
def content_fields(schema: GraphQLSchema) -> Mapping[str, frozenset[str]]:
    """The names of the marked fields, by type, of every object type from which there is a way to content."""
    marked: dict[str, frozenset[str]] = {}
    below: dict[str, frozenset[str]] = {}
    for named in filter(is_object_type, schema.type_map.values()):
        fields = [item for owner in (named, *named.interfaces) for item in owner.fields.items()]
        marked[named.name] = frozenset([name for name, field in fields if is_marked(field)])
        types = [possible for _, field in fields for possible in possible_types(schema, field.type)]
        below[named.name] = frozenset([possible.name for possible in types])
    leading = {name for name, names in marked.items() if names}
    if not leading:
        raise SchemaUnmarkedError
    while more := {name for name, names in below.items() if name not in leading and names & leading}:
        leading |= more
    return {name: marked[name] for name in leading}


def possible_types(schema: GraphQLSchema, output: GraphQLOutputType) -> tuple[GraphQLObjectType, ...]:
    """The types of the objects that a field of a type may bring; none for a leaf."""
    named = get_named_type(output)
    if is_object_type(named):
        return (named,)
    return tuple(schema.get_possible_types(named)) if is_abstract_type(named) else ()
