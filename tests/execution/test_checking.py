import pytest
from graphql import parse, specified_rules

from server.execution.checking import Checker, longest_values
from server.limits import Limits
from tests.execution.shop import schema


def errors(text, **limits):
    checker = Checker(schema, rules=specified_rules, limits=Limits(**limits), longest_list=100)
    return [(error["extensions"]["code"], error["message"]) for error in checker.errors(text)]


def test_a_document_that_would_be_served_has_no_errors():
    assert errors("query A { hello } query B($to: Int!) { named(names: []) { name } number(of: $to) }") == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ helo }", "GRAPHQL_VALIDATION_FAILED"),
        ("fragment A on Item { name }", "GRAPHQL_VALIDATION_FAILED"),
        ("", "GRAPHQL_PARSE_FAILED"),
        ("{ item { like { like { name } } } }", "OPERATION_TOO_DEEP"),
        ("{ hello hello hello hello hello hello }", "DOCUMENT_TOO_LONG"),
        ('{ hello(name: "aaaaaa") }', "VALUE_TOO_LARGE"),
    ],
)
def test_whatever_would_be_refused_is_an_error(text, code):
    found = errors(text, max_depth=3, max_tokens=7 if "hello hello" in text else 100, max_value_characters=5)

    assert [each[0] for each in found] == [code]


@pytest.mark.parametrize(
    "text",
    [
        "query A($n: Int) { items(first: $n) { nodes { name } } }",
        "query A($n: Int! = 1) { items(first: $n) { nodes { name } } }",
        "query A($names: [String!]!) { named(names: $names) { like(first: 9) { name } } }",
        "query B { hello } query A { items(first: 100) { nodes { name } } }",
    ],
)
def test_the_cost_is_that_of_the_longest_lists(text):
    [(code, message)] = errors(text, max_cost=50)

    assert code == "OPERATION_TOO_COSTLY"
    assert message.startswith("The operation `A` may give ")
    assert errors(text, max_cost=20_000) == []


def test_the_longest_values_are_those_of_lists_and_lengths():
    [operation] = parse("query ($n: Int!, $ids: [ID!]!, $text: String, $order: [Order!] = []) { a }").definitions

    assert longest_values(operation, longest_list=2) == {"n": 2, "ids": [None, None], "order": [None, None]}
