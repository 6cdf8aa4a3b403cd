import pytest
from graphql import parse

from server.execution.cost import Costing
from server.execution.faults import OperationRefusedError
from server.settings import Limits
from tests.execution.shop import make_pipeline, prepare, schema


def cost_of(query, **variables):
    document = parse(query)
    operation, *fragments = document.definitions
    return Costing(schema, {each.name.value: each for each in fragments}, variables=variables).cost(operation)


@pytest.mark.parametrize(
    ("query", "cost"),
    [
        ("{ hello number }", 0),
        ("{ __typename __schema { types { fields { name } } } }", 0),
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


def test_a_variable_says_how_long_a_list_is():
    query = "query ($n: Int = 4) { items(first: $n) { nodes { name } } }"

    assert (cost_of(query), cost_of(query, n=9), cost_of(query, n="x")) == (50, 100, 210)


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
