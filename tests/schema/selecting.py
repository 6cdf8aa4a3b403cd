"""Selections of everything, and what of the schema a result gave a value for."""

from collections.abc import Iterator

from graphql import GraphQLObjectType, GraphQLSchema, get_named_type, is_composite_type, is_interface_type
from graphql.type import is_required_argument


def everything(schema: GraphQLSchema, name: str, *, depth: int) -> str:
    """Every field of a type that asks for no argument, and of what it leads to, some levels deep."""
    type_ = schema.get_type(name)
    fields = _fields(schema, name, depth=depth)
    possible = schema.get_possible_types(type_) if is_interface_type(type_) else ()
    inline = [f"... on {each.name} {{ {_fields(schema, each.name, depth=depth, own=type_)} }}" for each in possible]
    return " ".join(["__typename", fields, *inline])


def _fields(schema: GraphQLSchema, name: str, *, depth: int, own: object = None) -> str:
    parts = []
    for key, field in schema.get_type(name).fields.items():
        inner = get_named_type(field.type)
        if any(is_required_argument(argument) for argument in field.args.values()) or (own and key in own.fields):
            continue
        named = f"{name}_{key}: {key}" if own else key
        if not is_composite_type(inner):
            parts.append(named)
        elif depth:
            parts.append(f"{named} {{ {everything(schema, inner.name, depth=depth - 1)} }}")
    return " ".join(parts)


def given(value: object) -> Iterator[str]:
    """The coordinates of the fields that a result of such a selection gave a value for."""
    if isinstance(value, list):
        for each in value:
            yield from given(each)
    elif isinstance(value, dict):
        name = value.get("__typename", "Query")
        for key, inner in value.items():
            if inner is not None and inner != []:
                yield f"{name}.{key.removeprefix(f'{name}_')}"
                yield from given(inner)


def coordinates(schema: GraphQLSchema) -> set[str]:
    """Every field of every object type."""
    return {
        f"{name}.{key}"
        for name, type_ in schema.type_map.items()
        if isinstance(type_, GraphQLObjectType) and not name.startswith("__")
        for key in type_.fields
    }
