import pytest
from graphql import build_schema

from schema.evolution.uses import uses_of

SCHEMA = build_schema(
    """
    enum Kind { A B }
    input Range { from: Int = 1, to: Int }
    input Filter { kind: Kind, range: Range }
    interface Named { name: String! }
    type Page implements Named { name: String!, kind: Kind! }
    type Query { page(filter: Filter, first: Int = 20): Page, named: [Named!]! }
    """
)


def uses(text):
    return uses_of(text, SCHEMA)


def test_a_field_is_used_on_the_type_that_it_is_selected_on_in_its_line():
    assert uses("query Q {\n  named {\n    name\n    ... on Page {\n      kind\n      name\n    }\n  }\n}") == {
        "Query.named": 2,
        "from Named": 2,
        "Named.name": 3,
        "from String": 3,
        "on Page": 4,
        "Page.kind": 5,
        "from Kind": 5,
        "Page.name": 6,
    }


@pytest.mark.parametrize(
    ("text", "given", "left_out"),
    [
        ("{ page { name } }", False, True),
        ("{ page(first: 3) { name } }", True, False),
        ("query ($n: Int) { page(first: $n) { name } }", True, True),
        ("query ($n: Int = 3) { page(first: $n) { name } }", True, False),
        ("query ($n: Int!) { page(first: $n) { name } }", True, False),
    ],
)
def test_an_argument_is_given_left_out_or_may_be_either(text, given, left_out):
    found = uses(text)

    assert ("Query.page(first:)" in found, "-Query.page(first:)" in found) == (given, left_out)


def test_a_variable_may_hold_whatever_its_type_reaches():
    found = uses("query ($filter: [Filter!]) { page(filter: $filter) { name } }")

    assert {use for use in found if use.startswith("to ")} == {"to Filter", "to Kind", "to Range", "to Int"}


def test_an_object_that_is_written_out_gives_some_fields_and_leaves_out_others():
    found = uses("query ($from: Int) { page(filter: { kind: B, range: { from: $from } }) { name } }")

    assert {use for use in found if "Filter" in use or "Range" in use or "Kind" in use} == {
        *("as Filter", "Filter.kind", "Filter.range", "Kind.B"),
        *("as Range", "Range.from", "-Range.from", "-Range.to"),
    }


def test_a_fragment_uses_its_type_wherever_it_is_spread():
    found = uses("query { named { ...A } }\nfragment A on Page { kind }")

    assert (found["on Page"], found["Page.kind"]) == (2, 2)


def test_what_the_schema_does_not_know_is_passed_over():
    assert uses("query ($a: Nothing) { nothing(a: $a) { page } named { nothing __typename } }") == {
        "Query.named": 1,
        "from Named": 1,
        "Named.__typename": 1,
        "from String": 1,
    }
