"""Operations made by chance over the served schema, with arguments that name what is there."""

import json
import random
from collections.abc import Mapping, Sequence
from typing import Any

from graphql import (
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_enum_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
    is_required_input_field,
)

LEFT_OUT = {"after", "before", "last", "since", "publishedAfter", "publishedBefore"}
DEEPEST = 4
PLAIN = {"Int": ["0", "1", "3", "20"], "Boolean": ["true", "false"]}


class Requests:
    """Makes operations; `pools` has the values of arguments and input fields by name, ready to be written."""

    def __init__(self, schema: GraphQLSchema, pools: Mapping[str, Sequence[str]], seed: int) -> None:
        self.schema = schema
        self.pools = {name: [json.dumps(value, ensure_ascii=False) for value in pool] for name, pool in pools.items()}
        self.chance = random.Random(seed)

    def operation(self, *, without: str | None = None) -> str:
        """The text of a query with one or two root fields."""
        fields = [name for name in self.schema.query_type.fields if name != without]
        chosen = [self.chance.choice(fields) for _ in range(self.chance.randint(1, 2))]
        parts = [self._field("Query", name, alias=f"f{number}: ", depth=0) for number, name in enumerate(chosen)]
        return f"{{ {' '.join(parts)} }}"

    def _field(self, parent: str, name: str, *, alias: str = "", depth: int) -> str:
        field = self.schema.get_type(parent).fields[name]
        given = [
            f"{key}: {self._value(key, argument.type)}"
            for key, argument in field.args.items()
            if is_required_argument(argument) or (key not in LEFT_OUT and self.chance.random() < 0.5)
        ]
        arguments = f"({', '.join(given)})" if given else ""
        inner = get_named_type(field.type)
        return f"{alias}{name}{arguments} {'' if is_leaf_type(inner) else self._selections(inner, depth=depth + 1)}"

    def _selections(self, named: GraphQLNamedType, *, depth: int, alias: str = "") -> str:
        if is_abstract_type(named):
            # fields that two types have with other types can't be merged: each type's have names of their own
            inline = [
                f"... on {each.name} {self._selections(each, depth=max(depth, DEEPEST - 1), alias=each.name)}"
                for each in self.schema.get_possible_types(named)
            ]
            return f"{{ __typename {' '.join(inline)} }}"
        leaves = [name for name, field in named.fields.items() if is_leaf_type(get_named_type(field.type))]
        others = [name for name in named.fields if name not in leaves] if depth < DEEPEST else []
        chosen = [name for name in leaves if self.chance.random() < 0.7]
        chosen += self.chance.sample(others, k=min(len(others), self.chance.randint(1, 4)))
        parts = [self._field(named.name, name, alias=alias and f"{alias}_{name}: ", depth=depth) for name in chosen]
        return f"{{ __typename {' '.join(parts)} }}"

    def _value(self, name: str, type_: Any) -> str:
        if is_non_null_type(type_):
            return self._value(name, type_.of_type)
        if is_list_type(type_):
            count = self.chance.choice([0, 1, 1, 2, 3])
            return f"[{', '.join([self._value(name, type_.of_type) for _ in range(count)])}]"
        if isinstance(type_, GraphQLInputObjectType):
            return self._input(type_)
        if is_enum_type(type_):
            return self.chance.choice(list(type_.values))
        return self.chance.choice(PLAIN.get(type_.name) or self.pools[name])

    def _input(self, type_: GraphQLInputObjectType) -> str:
        fields = type_.fields.items()
        required = [name for name, field in fields if is_required_input_field(field)]
        optional = [name for name, _ in fields if name not in required and name not in LEFT_OUT]
        names = required + self.chance.sample(optional, k=min(len(optional), self.chance.randint(0, 2)))
        return f"{{{', '.join([f'{name}: {self._value(name, type_.fields[name].type)}' for name in names])}}}"
