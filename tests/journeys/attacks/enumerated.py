"""Operations that ask for every field of a schema, on the shortest way to it, with every value of every argument.

A value of an argument is any of its name's in `pools`, so an argument of a new name fails until it is given some there.
"""

import json
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_enum_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
    is_required_input_field,
)

from tests.schema.confinement.generated_requests import PLAIN

ASKED = "asked"
"""The alias of the field that an operation is about."""
WIDE = {"first": "20", "filter": "{includeRetracted: true}"}
"""What lists are given that are on the way to something else."""
ALONG = {"disclaimers": "disclaimers { text }", "answerId": "answerId"}
"""What is asked of every object that has it: content is refused without its disclaimers, and events are told apart."""


@dataclass(frozen=True, kw_only=True)
class Attack:
    """An operation about one field."""

    root: str
    """The root field that it begins with."""
    coordinate: str
    """`Type.field`, or a type where it is about all of its fields."""
    text: str


@dataclass(frozen=True, kw_only=True)
class _Way:
    """How an object of a type is come by: what is written before and after its selections."""

    before: str = ""
    after: str = ""
    root: str = ""
    weight: int = 0


@dataclass(kw_only=True)
class Attacks:
    """Every attack on one root of a schema."""

    schema: GraphQLSchema
    root: GraphQLObjectType
    pools: Mapping[str, Sequence[str]]
    kind: str = "query"
    companions: Mapping[str, str] = field(default_factory=dict)
    """What stands beside each value in lists of a name, so that what is waited for meets every filter."""
    given: Mapping[str, str] = field(default_factory=dict)
    """What arguments of a name are given that are given nothing else."""
    _ways: dict[str, _Way] = field(init=False)

    def __post_init__(self) -> None:
        self._ways = self._shortest()

    def __iter__(self) -> Iterator[Attack]:
        for name, way in self._ways.items():
            for field_name, asked in self.schema.get_type(name).fields.items():
                for arguments in self._arguments(asked):
                    text = f"{ASKED}: {field_name}{arguments} {self._selections(get_named_type(asked.type))}"
                    root = way.root or field_name
                    yield Attack(root=root, coordinate=f"{name}.{field_name}", text=_within(way, text, kind=self.kind))

    def together(self) -> Iterator[Attack]:
        """Fewer attacks: on the fields of the root one by one, on those of any other type all at once."""
        yield from (attack for attack in self if attack.coordinate.startswith(f"{self.root.name}."))
        for name, way in self._ways.items():
            if way.root:
                text = _within(way, self._fields(self.schema.get_type(name)), kind=self.kind)
                yield Attack(root=way.root, coordinate=name, text=text)

    def _shortest(self) -> dict[str, _Way]:
        """The way to each type of object; lists that need no argument before those that need one."""
        ways = {self.root.name: _Way()}
        waiting = deque([self.root])
        while waiting:
            type_ = waiting.popleft()
            for name, asked in type_.fields.items():
                inner = get_named_type(asked.type)
                for reached in self._objects(inner):
                    way = self._longer(ways[type_.name], name, asked, on=reached if reached is not inner else None)
                    if reached.name not in ways or way.weight < ways[reached.name].weight:
                        ways[reached.name] = way
                        waiting.append(reached)
        return ways

    def _longer(self, way: _Way, name: str, asked: GraphQLField, *, on: GraphQLNamedType | None) -> _Way:
        is_narrow = any(is_required_argument(each) for each in asked.args.values())
        before = f"{name}{self._written(asked.args, {})} {{ {_along(get_named_type(asked.type))}"
        if on is not None:
            before += f"... on {on.name} {{ {_along(on)}"
        weight = way.weight + (20 if is_narrow else 1 if is_list_type(_nullable(asked.type)) else 2)
        after = (" } }" if on is not None else " }") + way.after
        return _Way(before=f"{way.before} {before}", after=after, root=way.root or name, weight=weight)

    def _objects(self, type_: GraphQLNamedType) -> Sequence[GraphQLObjectType]:
        if is_abstract_type(type_):
            return list(self.schema.get_possible_types(type_))
        return [type_] if isinstance(type_, GraphQLObjectType) else []

    def _selections(self, type_: GraphQLNamedType) -> str:
        """Everything that an object holds, and what that holds."""
        if not is_composite_type(type_):
            return ""
        if is_abstract_type(type_):
            objects = self._objects(type_)
            each = [f"... on {one.name} {{ {self._fields(one, beside=objects)} }}" for one in objects]
            return f"{{ __typename {' '.join(each)} }}"
        return f"{{ __typename {self._fields(type_)} }}"

    def _fields(
        self, type_: GraphQLObjectType, *, beside: Sequence[GraphQLObjectType] = (), is_last: bool = False
    ) -> str:
        parts = [_along(type_)]
        for name, asked in type_.fields.items():
            inner = get_named_type(asked.type)
            if not is_composite_type(inner):
                below = ""
            elif is_last or is_abstract_type(inner) or any(is_required_argument(each) for each in asked.args.values()):
                continue
            else:
                below = f"{{ __typename {self._fields(inner, is_last=True)} }}"
            types = {str(one.fields[name].type) for one in beside if name in one.fields}
            alias = f"{type_.name}_{name}: " if len(types) > 1 else ""  # such fields can't be merged
            parts.append(f"{alias}{name}{self._written(asked.args, {})} {below}")
        return " ".join(parts)

    def _arguments(self, asked: GraphQLField) -> Iterator[str]:
        """The arguments as they are written, each of them once with each of its values."""
        yield self._written(asked.args, {})
        for name, argument in asked.args.items():
            for value in self._values(name, argument.type):
                yield self._written(asked.args, {name: value})

    def _written(self, arguments: Mapping[str, GraphQLArgument], given: Mapping[str, str]) -> str:
        values = dict(given)
        for name, argument in arguments.items():
            if name in values or (name in ("first", "last") and {"first", "last"} & values.keys()):
                continue
            if is_required_argument(argument):
                values[name] = self._whole(name, argument.type)
            elif name in self.given:
                values[name] = self.given[name]
            elif name in WIDE and (name != "filter" or "includeRetracted" in get_named_type(argument.type).fields):
                values[name] = WIDE[name]
        return f"({', '.join([f'{name}: {value}' for name, value in values.items()])})" if values else ""

    def _whole(self, name: str, type_: Any) -> str:
        """The value of a required argument on the way to something else: of a list, all that there are."""
        if is_list_type(_nullable(type_)):
            return f"[{', '.join([json.dumps(each) for each in self.pools[name]])}]"
        return next(self._values(name, type_))

    def _values(self, name: str, type_: Any) -> Iterator[str]:
        """Every value of an argument or a field of input."""
        type_ = _nullable(type_)
        if is_list_type(type_):
            beside = self.companions.get(name, "")
            yield f"[{beside}]"
            yield from (f"[{value} {beside}]" for value in self._values(name, type_.of_type))
        elif isinstance(type_, GraphQLInputObjectType):
            yield from self._inputs(type_)
        elif is_enum_type(type_):
            yield from type_.values
        else:
            yield from PLAIN.get(type_.name) or [json.dumps(each, ensure_ascii=False) for each in self.pools[name]]

    def _inputs(self, type_: GraphQLInputObjectType) -> Iterator[str]:
        for name, asked in type_.fields.items():
            others = {each: one for each, one in type_.fields.items() if each != name and is_required_input_field(one)}
            rest = "".join([f", {each}: {next(self._values(each, one.type))}" for each, one in others.items()])
            yield from (f"{{{name}: {value}{rest}}}" for value in self._values(name, asked.type))


def _along(type_: GraphQLNamedType) -> str:
    return "".join(f"{text} " for name, text in ALONG.items() if name in getattr(type_, "fields", {}))


def _within(way: _Way, text: str, *, kind: str) -> str:
    return f"{kind} {{ {way.before} {text}{way.after} }}"


def _nullable(type_: Any) -> Any:
    return type_.of_type if is_non_null_type(type_) else type_
