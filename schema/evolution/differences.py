"""What of a schema is not as it was, in a way that a client can notice.

What is only added (a field, an optional argument, a type behind an interface, whose fields every client can ask)
changes nothing for a document that was written before, and is not told. Both schemas are built from SDL, which has
their defaults.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLType,
    GraphQLUnionType,
    is_introspection_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
    is_required_input_field,
    is_specified_scalar_type,
    print_ast,
)

Member = GraphQLArgument | GraphQLInputField


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One thing that is not as it was."""

    coordinate: str
    message: str
    uses: frozenset[str]
    """Those of a document, as `uses` writes them, that it would break."""

    def __str__(self) -> str:
        return f"{self.coordinate} {self.message}"


def differences(old: GraphQLSchema, new: GraphQLSchema) -> list[Difference]:
    """What clients of the old schema can notice in the new one, in the order of the old one."""
    found: list[Difference] = []
    for name, type_ in old.type_map.items():
        if not is_introspection_type(type_) and not is_specified_scalar_type(type_):
            found += _of_type(type_, new.type_map.get(name))
    return found


def _of_type(old: GraphQLNamedType, new: GraphQLNamedType | None) -> Iterator[Difference]:
    everywhere = (f"on {old.name}", f"from {old.name}", f"to {old.name}", f"as {old.name}")
    if new is None:
        yield _difference(old.name, "was removed", *everywhere)
    elif type(old) is not type(new):
        yield _difference(old.name, "is a type of another kind now", *everywhere)
    elif isinstance(old, GraphQLObjectType | GraphQLInterfaceType):
        yield from _of_fields(old.name, old.fields, new=new.fields)  # type: ignore[attr-defined]  # the same kind
    elif isinstance(old, GraphQLInputObjectType):
        yield from _of_input(old, new)  # type: ignore[arg-type]  # the same kind
    elif isinstance(old, GraphQLEnumType):
        yield from _of_enum(old, new)  # type: ignore[arg-type]  # the same kind
    elif isinstance(old, GraphQLUnionType):
        had = {member.name for member in old.types}
        for member in new.types:  # type: ignore[attr-defined]  # the same kind
            if member.name not in had:
                yield _difference(f"{old.name}", f"may be a `{member.name}` now", f"from {old.name}")


def _of_fields(name: str, old: Mapping[str, GraphQLField], *, new: Mapping[str, GraphQLField]) -> Iterator[Difference]:
    for field_name, was in old.items():
        place, field = f"{name}.{field_name}", new.get(field_name)
        if field is None:
            yield _difference(place, "was removed", place)
            continue
        if not _is_output_kept(was.type, field.type):
            yield _difference(place, f"is `{field.type}` now, and was `{was.type}`", place)
        arguments = {f"{place}({each}:)": (argument, field.args.get(each)) for each, argument in was.args.items()}
        for at, (before, after) in arguments.items():
            yield from _of_member(at, before, new=after)
        for each, argument in field.args.items():
            if each not in was.args and is_required_argument(argument):
                yield _difference(f"{place}({each}:)", "is new, and required", place)


def _of_input(old: GraphQLInputObjectType, new: GraphQLInputObjectType) -> Iterator[Difference]:
    for name, was in old.fields.items():
        yield from _of_member(f"{old.name}.{name}", was, new=new.fields.get(name), around=[f"to {old.name}"])
    for name, field in new.fields.items():
        if name not in old.fields and is_required_input_field(field):
            yield _difference(f"{old.name}.{name}", "is new, and required", f"to {old.name}", f"as {old.name}")


def _of_member(place: str, old: Member, *, new: Member | None, around: Sequence[str] = ()) -> Iterator[Difference]:
    """An argument, or a field of an input object; `around` are uses that may give it without showing it."""
    if new is None:
        yield _difference(place, "was removed", place, *around)
        return
    if not _is_input_kept(old.type, new.type):
        is_required = is_non_null_type(new.type) and _default(new) is None
        left_out = (f"-{place}",) if is_required and not is_non_null_type(old.type) else ()
        yield _difference(place, f"takes `{new.type}` now, and took `{old.type}`", place, *left_out, *around)
    before, after = _default(old), _default(new)
    if before != after:
        message = f"is {_shown(after)} now where it is left out, and was {_shown(before)}"
        yield _difference(place, message, f"-{place}", *around)


def _of_enum(old: GraphQLEnumType, new: GraphQLEnumType) -> Iterator[Difference]:
    for value in old.values:
        if value not in new.values:
            place = f"{old.name}.{value}"
            yield _difference(place, "was removed", place, f"to {old.name}")
    for value in new.values:
        if value not in old.values:
            yield _difference(f"{old.name}.{value}", "is a new value, which may come", f"from {old.name}")


def _is_output_kept(old: GraphQLType, new: GraphQLType) -> bool:
    """Whether every value of the new type is one that a client of the old one can read."""
    if is_non_null_type(old):
        return is_non_null_type(new) and _is_output_kept(old.of_type, new.of_type)
    if is_non_null_type(new):
        return _is_output_kept(old, new.of_type)
    if is_list_type(old) and is_list_type(new):
        return _is_output_kept(old.of_type, new.of_type)
    return str(old) == str(new)


def _is_input_kept(old: GraphQLType, new: GraphQLType) -> bool:
    """Whether every value that a client of the old type may give is one of the new type."""
    if is_non_null_type(new):
        return is_non_null_type(old) and _is_input_kept(old.of_type, new.of_type)
    if is_non_null_type(old):
        return _is_input_kept(old.of_type, new)
    if is_list_type(new):
        if is_list_type(old):
            return _is_input_kept(old.of_type, new.of_type)
        item = new.of_type  # one value is taken for a list of it
        return _is_input_kept(old, item.of_type if is_non_null_type(item) else item)
    return str(old) == str(new)


def _default(member: Member) -> str | None:
    """The default value as it is written."""
    node = member.ast_node
    return print_ast(node.default_value) if node and node.default_value else None


def _shown(default: str | None) -> str:
    return "nothing" if default is None else f"`{default}`"


def _difference(coordinate: str, message: str, *uses: str) -> Difference:
    return Difference(coordinate=coordinate, message=message, uses=frozenset(uses))
