"""What a served schema takes back of a contract: it may hold more, never less, and nothing looser; both come of SDL.

Directives are told to every client, so it bears none that the contract has not, but for those of `ADDED`.
"""

from collections.abc import Iterator, Mapping

from graphql import (
    GraphQLArgument,
    GraphQLDirective,
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    is_introspection_type,
    is_specified_directive,
    is_specified_scalar_type,
    print_ast,
)

ADDED = {"cacheControl", "cost", "listSize", "specifiedBy"}
"""What fields cost, how long they may be kept, and where scalars are specified: none of it changes an answer."""

Composite = GraphQLObjectType | GraphQLInterfaceType
Input = GraphQLArgument | GraphQLInputField
Element = GraphQLNamedType | GraphQLField | GraphQLEnumValue | Input


def differences(contract: GraphQLSchema, served: GraphQLSchema) -> list[str]:
    """Everything of the contract that the served schema lacks or says differently, by its coordinate."""
    return [*_types(contract, served), *_roots(contract, served), *_directives(contract, served)]


def _types(contract: GraphQLSchema, served: GraphQLSchema) -> Iterator[str]:
    for name, type_ in contract.type_map.items():
        if is_introspection_type(type_) or is_specified_scalar_type(type_):
            continue
        other = served.type_map.get(name)
        if type(other) is not type(type_):
            yield f"{name}: {'missing' if other is None else 'another kind'}"
            continue
        yield from _applied(name, type_, other)
        yield from _members(name, type_, other)


def _members(name: str, type_: GraphQLNamedType, other: GraphQLNamedType) -> Iterator[str]:
    if isinstance(type_, Composite):
        yield from _interfaces(name, type_, other)
        yield from _fields(name, type_.fields, other.fields)
    elif isinstance(type_, GraphQLInputObjectType):
        yield from _inputs(name, type_.fields, other.fields)
        yield from _additions_required(name, type_.fields, other.fields)
    elif isinstance(type_, GraphQLEnumType):
        yield from _values(name, type_, other)
    elif isinstance(type_, GraphQLUnionType):
        served = {member.name for member in other.types}
        yield from (f"{name} = {member.name}: missing" for member in type_.types if member.name not in served)


def _interfaces(name: str, type_: Composite, other: Composite) -> Iterator[str]:
    served = {interface.name for interface in other.interfaces}
    yield from (f"{name} implements {each.name}: missing" for each in type_.interfaces if each.name not in served)


def _values(name: str, type_: GraphQLEnumType, other: GraphQLEnumType) -> Iterator[str]:
    for value, definition in type_.values.items():
        if value not in other.values:
            yield f"{name}.{value}: missing"
        else:
            yield from _applied(f"{name}.{value}", definition, other.values[value])


def _fields(name: str, fields: Mapping[str, GraphQLField], others: Mapping[str, GraphQLField]) -> Iterator[str]:
    for key, field in fields.items():
        place = f"{name}.{key}"
        other = others.get(key)
        if other is None:
            yield f"{place}: missing"
            continue
        if str(field.type) != str(other.type):
            yield f"{place}: {other.type} instead of {field.type}"
        yield from _applied(place, field, other)
        yield from _inputs(place, field.args, other.args)
        yield from _additions_required(place, field.args, other.args)


def _inputs(name: str, inputs: Mapping[str, Input], others: Mapping[str, Input]) -> Iterator[str]:
    for key, given in inputs.items():
        place = f"{name}({key})"
        other = others.get(key)
        if other is None:
            yield f"{place}: missing"
            continue
        if str(given.type) != str(other.type):
            yield f"{place}: {other.type} instead of {given.type}"
        if _default(given) != _default(other):
            yield f"{place}: default {_default(other)} instead of {_default(given)}"
        yield from _applied(place, given, other)


def _additions_required(name: str, inputs: Mapping[str, Input], others: Mapping[str, Input]) -> Iterator[str]:
    for key, other in others.items():
        if key not in inputs and str(other.type).endswith("!") and _default(other) is None:
            yield f"{name}({key}): required, and not in the contract"


def _default(given: Input) -> str | None:
    node = given.ast_node.default_value
    return None if node is None else print_ast(node)


def _applied(place: str, element: Element, other: Element) -> Iterator[str]:
    wanted, found = _applications(element), _applications(other)
    yield from (f"{place}: {directive} is not applied" for directive in wanted if directive not in found)
    yield from (f"{place}: {directive} is not in the contract" for directive in found if directive not in wanted)


def _applications(element: Element) -> list[str]:
    node = element.ast_node
    return [print_ast(each) for each in node.directives or () if each.name.value not in ADDED]


def _roots(contract: GraphQLSchema, served: GraphQLSchema) -> Iterator[str]:
    for kind in ("query_type", "mutation_type", "subscription_type"):
        root, other = getattr(contract, kind), getattr(served, kind)
        if root is not None and (other is None or other.name != root.name):
            yield f"{kind}: {other} instead of {root}"


def _directives(contract: GraphQLSchema, served: GraphQLSchema) -> Iterator[str]:
    for directive in contract.directives:
        if is_specified_directive(directive):
            continue
        other = served.get_directive(directive.name)
        if other is None:
            yield f"@{directive.name}: missing"
        else:
            yield from _directive(directive, other)
    known = {directive.name for directive in contract.directives} | ADDED
    yield from (f"@{each.name}: not in the contract" for each in served.directives if each.name not in known)


def _directive(directive: GraphQLDirective, other: GraphQLDirective) -> Iterator[str]:
    place = f"@{directive.name}"
    if set(directive.locations) != set(other.locations):
        yield f"{place}: other locations"
    if directive.is_repeatable != other.is_repeatable:
        yield f"{place}: repeatable {other.is_repeatable} instead of {directive.is_repeatable}"
    yield from _inputs(place, directive.args, other.args)
    yield from (f"{place}({name}): not in the contract" for name in other.args if name not in directive.args)
