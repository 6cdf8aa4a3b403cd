import pytest
from graphql import build_schema, parse
from hypothesis import given, settings
from hypothesis import strategies as st

from server.execution.cost import INTROSPECTION, LIST_SIZE, WEIGHT, Costing, ListSize, size_key
from server.execution.faults import OperationRefusedError
from server.limits import Limits
from tests.execution.compiler.operations import valid
from tests.execution.compiler.worlds import World
from tests.execution.reading import Reader
from tests.execution.shop import make_pipeline, prepare, schema


def cost_of(query, **variables):
    document = parse(query)
    operation, *fragments = document.definitions
    return Costing(schema, {each.name.value: each for each in fragments}, variables=variables).cost(operation)


@pytest.mark.parametrize(
    ("query", "cost"),
    [
        ("{ hello number }", 0),
        ("{ a: hello b: hello number }", 2),
        ("{ __typename a: __typename b: __typename }", 2),
        ("{ __typename __schema { types { fields { name } } } }", INTROSPECTION),
        ('{ __schema { types { a: name b: name } } __type(name: "Item") { name } }', 4 * INTROSPECTION),
        ("{ item { a: like(first: 0) { name } b: like(first: 0) { name } like(first: 0) { name } } }", 10 + 2),
        ("{ item { name } }", 10),
        ("{ item { parts { name } } }", 10 + 2),
        ("{ item { like { name } } }", 10 + 5 * 10),
        ("{ item { like(first: 3) { like(first: 4) { name } } } }", 10 + 3 * (10 + 4 * 10)),
        ("{ items { nodes { name } } }", 10 + 20 * 10),
        ("{ items(first: 7) { nodes { parts { name } } } }", 10 + 7 * (10 + 2)),
        ("{ items(first: 0) { nodes { name } } }", 10),
        ("{ items(first: -5) { nodes { name } } }", 10),
        ("{ items(first: 2147483647) { nodes { name } } }", 10 + 1000 * 10),
        ('{ named(names: ["a", "b", "c"]) { parts { name } } }', 3 * (1 + 2)),
        ("{ items(first: 7) { ...P } } fragment P on Page { nodes { name } }", 10 + 7 * 10),
        ("{ items(first: 7) { ... on Page { nodes { name } } } }", 10 + 7 * 10),
        ("{ items(first: 7) { ... @include(if: true) { nodes { name } } } }", 10 + 7 * 10),
        ("subscription { count(to: 5) }", 0),
    ],
)
def test_an_operation_costs_the_objects_that_it_may_give(query, cost):
    assert cost_of(query) == cost


CARE = build_schema("""
    interface Being { name: String, parent: Being, friends: [Being] }
    type Cat implements Being { name: String, parent: Being, friends: [Being], toys: [Toy] }
    type Fish implements Being { name: String, parent: Being, friends: [Being], bowl: Toy }
    type Toy { name: String, price: Int }
    type Page { edges: [Toy], nodes: [Toy], size: Int, others: [Toy] }
    type Query { being: Being, toys(first: Int, last: Int): Page, all(ids: [ID!]): [Toy], some(first: Int! = 5): [Toy] }
""")
BOTH = ListSize(assumed=20, slicing_arguments=("first", "last"), sized_fields=("edges", "nodes"))
for coordinate, extensions in {
    "Query.toys": {LIST_SIZE: BOTH},
    "Query.all": {LIST_SIZE: ListSize(assumed=100), WEIGHT: 10},
    "Query.some": {LIST_SIZE: ListSize(slicing_arguments=("first",))},
    "Cat.toys": {LIST_SIZE: ListSize(assumed=7)},
    "Cat.friends": {LIST_SIZE: ListSize(assumed=3)},
    "Fish.friends": {LIST_SIZE: ListSize(assumed=4)},
    "Page.size": {WEIGHT: 10},
    "Toy.price": {WEIGHT: 2},
}.items():
    type_name, _, field_name = coordinate.partition(".")
    CARE.type_map[type_name].fields[field_name].extensions = extensions


@pytest.mark.parametrize(
    ("query", "cost"),
    [
        ("{ being { name } }", 1),
        ("{ being { ... on Cat { toys { name } } } }", 1 + 7),
        ("{ being { ... on Cat { toys { name } } ... on Fish { bowl { name } } } }", 1 + 7),
        ("{ being { ... on Being { ... on Fish { bowl { price } } } } }", 1 + 1 + 2),
        ("{ being { friends { name } } }", 1 + 4),
        ("{ being { friends { ... on Cat { toys { price } } } } }", 1 + 4 * (1 + 7 * 3)),
        ("{ toys { nodes { price } } }", 1 + 20 * 3),
        ("{ toys(first: 3) { edges { name } nodes { name } } }", 1 + 3 + 3),
        ("{ toys(first: 3, last: 5) { edges { name } } }", 1 + 5),
        ("{ toys(last: 5) { size others { name } } }", 1 + 10 + 2),
        ("{ toys(first: null) { edges { name } } }", 1 + 20),
        ("{ all { name } }", 100 * 10),
        ('{ all(ids: ["a", "b"]) { name } }', 2 * 10),
        ("{ some { name } }", 5),
        ("{ some(first: 2) { name } }", 2),
    ],
)
def test_the_schema_says_what_weighs_how_much(query, cost):
    document = parse(query)

    assert Costing(CARE, {}, variables={}).cost(document.definitions[0]) == cost


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 1_000_000), st.lists(st.integers(0, 1_000_000), min_size=1, max_size=4))
def test_what_other_operations_cost_changes_nothing(world, numbers):
    schema, read = World(world, fails=0, is_still=True).schema, Reader()
    for text, document, values in filter(None, [valid(schema, number) for number in numbers] * 2):
        found = [weighed(schema, each, variables=values) for each in (document, read(text))]
        assert found[0] == found[1], text


def weighed(schema, document, *, variables):
    """What a document's operation costs."""
    operation, *fragments = document.definitions
    return Costing(schema, {each.name.value: each for each in fragments}, variables=variables).cost(operation)


def test_the_same_passage_costs_what_the_field_above_it_says():
    read = Reader()
    texts = [f"{{ toys(first: {n}) {{ nodes {{ price }} }} }}" for n in (2, 3)]

    assert [weighed(CARE, read(text), variables={}) for text in texts] == [1 + 2 * 3, 1 + 3 * 3]


def test_types_within_types_are_weighed_once():
    query = "{ being { " + "... on Being { friends { parent { " * 40 + "name" + " } } }" * 40 + " } }"

    assert Costing(CARE, {}, variables={}).cost(parse(query).definitions[0]) > 4**40


def test_a_variable_says_how_long_a_list_is():
    query = "query ($n: Int = 4) { items(first: $n) { nodes { name } } }"

    assert (cost_of(query), cost_of(query, n=9), cost_of(query, n="x")) == (50, 100, 210)


def test_a_whole_number_with_a_point_says_it_too():
    query = "query ($n: Int!) { item { like(first: $n) { name } } }"

    assert (cost_of(query, n=9.0), cost_of(query, n=1e2), cost_of(query, n=-1.0)) == (100, 1010, 10)


def test_a_variable_that_is_absent_leaves_the_length_that_the_field_has_without_it():
    query = "query ($n: Int) { item { like(first: $n) { name } } }"

    assert (cost_of(query), cost_of(query, n=3)) == (10 + 5 * 10, 10 + 3 * 10)


@pytest.mark.parametrize("former", [{"n": 1}, {"n": None}, {}, {"n": True}])
def test_what_one_request_costs_says_nothing_of_another(former):
    query = "query ($n: Int = 1) { item { like(first: $n) { name } } }"
    [operation] = parse(query).definitions
    pipeline, latter = make_pipeline(limits=Limits(max_cost=60)), {"n": 6.0}
    prepare(pipeline, query, variables=former)

    with pytest.raises(OperationRefusedError, match="may give 70 objects"):
        prepare(pipeline, query, variables=latter)
    assert size_key(operation, latter) != size_key(operation, former)


def test_a_list_in_a_variable_says_how_long_a_list_is():
    query = "query ($n: [String!]!) { named(names: $n) { name } }"

    assert cost_of(query, n=["a", "b", "c"]) == 3


def test_an_operation_that_may_give_too_much_is_refused():
    pipeline = make_pipeline(limits=Limits(max_cost=110))
    query = "query ($n: Int) { items(first: $n) { nodes { name } } }"
    prepare(pipeline, query, variables={"n": 10})

    with pytest.raises(OperationRefusedError) as caught:
        prepare(pipeline, query, variables={"n": 11})

    [error] = caught.value.errors
    assert error["extensions"] == {"code": "OPERATION_TOO_COSTLY"}
    assert error["message"].startswith("The operation may give 120 objects and has 110")


def test_lists_in_lists_in_fragments_are_weighed_at_once():
    spreads = " ".join(f"fragment F{n} on Item {{ like {{ ...F{n + 1} ...F{n + 1} }} }}" for n in range(20))
    query = "{ item { ...F0 } } " + spreads + " fragment F20 on Item { name }"

    assert cost_of(query) > 10**19
