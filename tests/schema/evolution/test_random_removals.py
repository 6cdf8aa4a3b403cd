"""What the comparison says of a removal is what validation says, whatever the operation."""

import itertools

from graphql import FieldDefinitionNode, GraphQLObjectType, build_schema, parse, print_ast, validate, visit
from graphql.language.visitor import REMOVE, Visitor
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis_graphql import queries

from schema.build import sdl
from schema.evolution.differences import differences
from schema.evolution.uses import uses_of

SDL = """
interface Named { name: String! }
enum Kind { LONG SHORT }
input Range { from: Int = 1, to: Int }
type Page implements Named { name: String!, kind: Kind!, parts(first: Int = 3, in: Range): [Part!]!, next: Page }
type Part implements Named { name: String!, size: Int, of: Page! }
union Thing = Page | Part
type Query { page(name: String!): Page, named: [Named!]!, things(kinds: [Kind!]): [Thing!]! }
"""
SCHEMA = build_schema(SDL)


def removable():
    """The fields of objects that no interface asks for."""
    for type_ in SCHEMA.type_map.values():
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__"):
            promised = set(itertools.chain.from_iterable(interface.fields for interface in type_.interfaces))
            yield from ((type_.name, name) for name in type_.fields if name not in promised and len(type_.fields) > 1)


class Without(Visitor):
    """Leaves a field out of a schema."""

    def __init__(self, type_name, field_name):
        super().__init__()
        self.type_name, self.field_name, self.at = type_name, field_name, None

    def enter_object_type_definition(self, node, *_):
        self.at = node.name.value

    def enter_field_definition(self, node: FieldDefinitionNode, *_):
        return REMOVE if (self.at, node.name.value) == (self.type_name, self.field_name) else None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(list(removable())), queries(SDL))
def test_a_removal_breaks_an_operation_just_where_validation_refuses_it(removed, operation):
    new = build_schema(print_ast(visit(parse(SDL), Without(*removed))), assume_valid=True)
    [difference] = [each for each in differences(SCHEMA, new) if each.coordinate == ".".join(removed)]

    breaks = bool(difference.uses & uses_of(operation, SCHEMA).keys())

    assert breaks == bool(validate(new, parse(operation)))


def test_the_served_schema_is_as_it_is():
    assert differences(build_schema(sdl()), build_schema(sdl())) == []
