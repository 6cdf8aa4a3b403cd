import time

import pytest
from graphql import parse

from server.errors.root import CaveatError
from server.execution.budget import check_document
from server.execution.faults import OperationRefusedError
from server.limits import Limits
from tests.execution.reading import Reader
from tests.execution.shop import make_pipeline, prepare


def code_of(query, *, limits=None, **variables):
    """The code that a query is refused with, or none."""
    try:
        prepare(make_pipeline(limits=limits), query, variables=variables)
    except OperationRefusedError as refused:
        [error] = refused.errors
        return error["extensions"]["code"]
    return None


def doubling(levels, innermost="name"):
    """Fragments of which each spreads the next one twice."""
    fragments = [f"fragment F{n} on Item {{ ...F{n + 1} parts {{ ...F{n + 1} }} }}" for n in range(levels)]
    return "{ item { ...F0 } } " + " ".join(fragments) + f" fragment F{levels} on Item {{ {innermost} }}"


@pytest.mark.parametrize(
    ("allowed", "refused", "limits", "code"),
    [
        ("{ hello }", "{ hello number }", {"max_tokens": 3}, "DOCUMENT_TOO_LONG"),
        ("{ a: hello }", "{ a: hello b: hello }", {"max_aliases": 1}, "DOCUMENT_TOO_COMPLEX"),
        ("{ hello }", "{ hello number }", {"max_fields": 1}, "DOCUMENT_TOO_COMPLEX"),
        ("{ hello }", "query A { hello } query B { hello }", {"max_definitions": 1}, "DOCUMENT_TOO_COMPLEX"),
        ("{ hello }", "query A { hello } query B { hello }", {"max_fields": 1}, "DOCUMENT_TOO_COMPLEX"),
        ("{ hello }", "{ hello @include(if: true) }", {"max_directives": 0}, "DOCUMENT_TOO_COMPLEX"),
        ("{ hello hello }", "{ hello hello hello }", {"max_merges": 1}, "DOCUMENT_TOO_COMPLEX"),
        (
            "{ hello hello }",
            "query A { hello hello } query B { hello hello }",
            {"max_merges": 1},
            "DOCUMENT_TOO_COMPLEX",
        ),
        (
            "query ($n: [String!]!) { named(names: $n) { name } }",
            "query ($n: String!, $c: Boolean!) { named(names: [$n]) { name @skip(if: $c) } }",
            {"max_variables": 1},
            "DOCUMENT_TOO_COMPLEX",
        ),
        ("{ item { name } }", "{ item { parts { name } } }", {"max_depth": 2}, "OPERATION_TOO_DEEP"),
        ('{ hello(name: "abc") }', '{ hello(name: "abcd") }', {"max_value_characters": 3}, "VALUE_TOO_LARGE"),
        (
            '{ named(names: ["a"]) { name } }',
            '{ named(names: ["", ""]) { name } }',
            {"max_list_items": 1},
            "VALUE_TOO_LARGE",
        ),
        (
            '{ named(names: ["a"]) { name } }',
            '{ named(names: [["a"]]) { name } }',
            {"max_value_depth": 1},
            "VALUE_TOO_LARGE",
        ),
        (
            '{ named(names: ["a"]) { name } }',
            "{ named(names: [{a: 1}]) { name } }",
            {"max_value_depth": 1},
            "VALUE_TOO_LARGE",
        ),
        (
            "query ($a: Int = 1) { number(of: $a) }",
            "query ($a: Any = {a: 1 b: 1}) { number(of: $a) }",
            {"max_object_fields": 1},
            "VALUE_TOO_LARGE",
        ),
    ],
)
def test_a_limit_holds_to_the_last_one(allowed, refused, limits, code):
    assert code_of(allowed, limits=Limits(**limits)) is None
    assert code_of(refused, limits=Limits(**limits)) == code


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("{ hello item { name a: parts { name @skip(if: true) } } b: item { parts { name } } }", "max_fields"),
        ("{ hello item { name a: parts { b: name @skip(if: true) } } b: item { parts { name } } }", "max_aliases"),
        ("{ item @skip(if: true) { a: parts @skip(if: false) { name @skip(if: true) } } }", "max_directives"),
        ("{ item { like { ... on Item { like { parts { name } } } } } }", "max_depth"),
        ("{ item { name name name } a: item { parts { name } parts { name } } a: item { name } }", "max_merges"),
    ],
)
def test_what_a_known_passage_holds_counts_as_what_is_new(text, limit):
    read = Reader()
    for most in range(len(text)):
        refusals = []
        for document in (parse(text), read(text), read(f"query Moved {text}")):
            try:
                check_document(document, Limits(**{limit: most}))
            except CaveatError as error:
                refusals.append(error.code)
        assert len(refusals) in (0, 3)
        if not refusals:
            break
    assert most > 2


def test_what_a_fragment_holds_counts_wherever_it_is_spread():
    query = "{ a: item { ...F } b: item { ...F } } fragment F on Item { name price }"

    assert code_of(query, limits=Limits(max_fields=6)) is None
    assert code_of(query, limits=Limits(max_fields=5)) == "DOCUMENT_TOO_COMPLEX"


def test_what_a_fragment_uses_of_variables_counts_wherever_it_is_spread():
    query = (
        "query ($n: String!) { ...F ... { ...F } } fragment F on Query { hello(name: $n) named(names: [$n]) { name } }"
    )

    assert code_of(query, limits=Limits(max_variables=4), n="a") is None
    assert code_of(query, limits=Limits(max_variables=3), n="a") == "DOCUMENT_TOO_COMPLEX"


def test_fragments_nest_no_deeper_than_fields():
    assert code_of(doubling(2), limits=Limits(max_depth=4)) is None
    assert code_of(doubling(2), limits=Limits(max_depth=3)) == "OPERATION_TOO_DEEP"


def test_variables_have_the_limits_of_literals():
    query = "query ($n: String, $l: [String!]! = []) { hello(name: $n) named(names: $l) { name } }"
    limits = Limits(max_value_characters=3, max_list_items=1, max_object_fields=1, max_value_depth=2)

    assert code_of(query, limits=limits, n="abc", l=["abc"]) is None
    assert code_of(query, limits=limits, n="abcd") == "VALUE_TOO_LARGE"
    assert code_of(query, limits=limits, l=["a", "b"]) == "VALUE_TOO_LARGE"
    assert code_of(query, limits=limits, l=["abcd"]) == "VALUE_TOO_LARGE"
    assert code_of(query, limits=limits, l=[[["a"]]]) == "VALUE_TOO_LARGE"
    assert code_of(query, limits=limits, l=[{"a": {"b": 1}}]) == "VALUE_TOO_LARGE"
    assert code_of(query, limits=limits, l=[{"a": 1, "b": 1}]) == "VALUE_TOO_LARGE"


@pytest.mark.parametrize("text", ["\0", "a\0b"])
def test_a_nul_in_a_value_is_refused(text):
    assert code_of("query ($n: String) { hello(name: $n) }", n=text) == "BAD_USER_INPUT"
    assert code_of('{ hello(name: "\\u0000") }') == "BAD_USER_INPUT"


def test_an_integer_of_thousands_of_digits_is_refused():
    assert code_of(f"{{ number(of: {'9' * 5000}) }}") == "VALUE_TOO_LARGE"


MONSTERS = {
    "tokens": "{ " + "hello " * 100_000 + "}",
    "aliases": "{ " + " ".join(f"a{n}: hello" for n in range(4_000)) + " }",
    "equal fields": "{ " + "hello " * 2_900 + "}",
    "fragments that double": doubling(60),
    "fragments beside one another": "{ "
    + " ".join(f"...F{n}" for n in range(5_000))
    + " } "
    + " ".join(f"fragment F{n} on Query {{ hello }}" for n in range(900)),
    "nesting": "{ item " + "{ parts " * 2_000 + "{ name }" + " }" * 2_001,
    "brackets": "{ hello(name: " + "[" * 5_000 + "]" * 5_000 + ") }",
    "merging at every level": "{ " + "item { " + ("parts { " + "name " * 5 + "} ") * 500 + "} }",
    "variables in fragments": " ".join(f"query Q{n}($v: String!) {{ ...F }}" for n in range(98))
    + " fragment F on Query { named(names: ["
    + "$v " * 900
    + "]) { name } }",
    "directives": "{ hello " + "@include(if: true) " * 1_500 + "}",
    "objects": "{ number(of: {" + " ".join(f"a{n}: 1" for n in range(1_500)) + "}) }",
    "comments": "#\n" * 200_000 + "{ hello }",
    "variables": "query (" + " ".join(f"$v{n}: Int" for n in range(3_000)) + ") { hello }",
    "fragments in a circle": "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
    "a circle below a field": "{ item { ...A } } fragment A on Item { parts { ...A } }",
    "circles of circles below fields": "{ item { ...F0 } } "
    + " ".join(
        f"fragment F{n} on Item {{ " + " ".join(f"p{m}: parts {{ ...F{m} }}" for m in range(20)) + " }"
        for n in range(20)
    ),
    "a fragment that nobody spreads": "{ hello } fragment F on Query { " + "item { name } " * 900 + "}",
    "a fragment of a name that is taken": "{ ...F } fragment F on Query { "
    + "item { name } " * 900
    + "} fragment F on Query { hello }",
}


@pytest.mark.parametrize("name", MONSTERS)
def test_monstrous_documents_are_done_with_in_no_time(name):
    assert min(seconds_to_refuse(MONSTERS[name]) for _ in range(3)) < 0.5


def seconds_to_refuse(text):
    """Seconds of processor time, of which the collector, which walks all that the tests keep, may take a part."""
    pipeline = make_pipeline()
    started = time.process_time()
    with pytest.raises(OperationRefusedError):
        prepare(pipeline, text)
    return time.process_time() - started
