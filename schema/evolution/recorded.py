"""What is recorded of callers that registered no documents: which fields they asked for, and nothing of how.

So a difference concerns whoever asked for a field behind it: that field itself; for an argument the field that takes
it; for a type the fields of it and those that give it; for a value or an input the fields that can be given it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from graphql import GraphQLField, GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema, get_named_type

from schema.evolution.differences import Difference
from schema.evolution.uses import reached_inputs
from server.access.receipts.usage import FieldUse

_OF_FIELD = re.compile(r"-?(\w+\.\w+)(?:\(\w+:\))?")
_OF_TYPE = re.compile(r"(?:on|from|to|as) (\w+)")


class Recorded:
    """The fields that somebody asked for, without a document that would say how."""

    def __init__(self, asked: Sequence[FieldUse], schema: GraphQLSchema) -> None:
        self._asked = asked
        self._schema = schema

    def concerned(self, difference: Difference) -> tuple[FieldUse, ...]:
        """Who asked for what a difference is about, or may be."""
        behind = set().union(*(self._behind(use) for use in difference.uses))
        return tuple(each for each in self._asked if each.field in behind)

    def _behind(self, use: str) -> set[str]:
        """The fields without which nobody uses a schema so."""
        if found := _OF_TYPE.fullmatch(use):
            return self._around.get(found[1], set())
        found = _OF_FIELD.fullmatch(use)
        if found is None:
            return set()
        type_name = found[1].partition(".")[0]
        return {found[1]} if type_name in self._composite else self._around.get(type_name, set())

    @cached_property
    def _composite(self) -> Mapping[str, Mapping[str, GraphQLField]]:
        types = self._schema.type_map.values()
        return {each.name: each.fields for each in types if isinstance(each, GraphQLObjectType | GraphQLInterfaceType)}

    @cached_property
    def _around(self) -> Mapping[str, set[str]]:
        """For each type the fields of it, those that give it, and those that can be given it."""
        around: dict[str, set[str]] = {}
        for type_name, fields in self._composite.items():
            for name, field in fields.items():
                for touched in {type_name, *_touched(field)}:
                    around.setdefault(touched, set()).add(f"{type_name}.{name}")
        return around


def _touched(field: GraphQLField) -> Iterator[str]:
    yield get_named_type(field.type).name
    for argument in field.args.values():
        yield from (each.name for each in reached_inputs(get_named_type(argument.type)))
