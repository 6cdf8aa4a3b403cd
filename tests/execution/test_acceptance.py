"""What is accepted is valid: documents made at random, as they are and with a fault."""

from random import Random

import pytest
from graphql import GraphQLSyntaxError, build_schema, parse, specified_rules, validate
from hypothesis import given, settings
from hypothesis import strategies as st

from server.execution.acceptance import Acceptance
from tests.execution.compiler.operations import Asker
from tests.execution.compiler.worlds import World
from tests.execution.reading import Reader

numbers = st.integers(0, 1_000_000)
SCHEMA = build_schema(
    """
    interface Named { name(short: Boolean): String! }
    type Dog implements Named { name(short: Boolean): String! barks: Boolean size(unit: Unit = CM): Int owner: Person }
    type Person implements Named { name(short: Boolean): String! pets(first: Int!, like: Like): [Pet!]! size: Float }
    union Pet = Dog | Cat
    type Cat { meows: Boolean size(unit: Unit = CM): Int }
    enum Unit { CM INCH }
    input Like { name: String! = "x" sizes: [Int!] like: Like }
    input One @oneOf { a: Int b: String }
    type Query { dog: Dog named(ids: [ID!]!): [Named] pet: Pet one(of: One): Int person(like: Like): Person }
    type Subscription { dog: Dog }
    """
)


def accepts(text):
    return Acceptance(SCHEMA).accepts(parse(text))


@settings(max_examples=400, deadline=None)
@given(numbers, numbers, numbers)
def test_what_is_accepted_breaks_no_rule(schema, operation, fault):
    world = World(schema, fails=0, is_still=True)
    text, _ = Asker(world.schema, operation).operation()
    try:
        document = parse(faulty(text, Random(fault)))
    except GraphQLSyntaxError:
        return

    assert not Acceptance(world.schema).accepts(document) or validate(world.schema, document, specified_rules) == []


@settings(max_examples=100, deadline=None)
@given(numbers, st.lists(numbers, min_size=1, max_size=3), numbers)
def test_what_is_known_of_other_texts_changes_nothing(schema, operations, fault):
    schema, read, random = World(schema, fails=0, is_still=True).schema, Reader(), Random(fault)
    acceptance, texts = Acceptance(schema), [Asker(schema, each).operation()[0] for each in operations]
    for text in [*texts, *[faulty(text, random) for text in texts * 2]]:
        try:
            expected = Acceptance(schema).accepts(parse(text))
        except GraphQLSyntaxError:
            continue
        assert acceptance.accepts(read(text)) is expected, text


def faulty(text, random):
    """A text with up to two words of it dropped, doubled, or put in place of others."""
    words = text.split(" ")
    for _ in range(random.randrange(3)):
        place, other = random.randrange(len(words)), random.randrange(len(words))
        words[place : place + 1] = random.choice([[], [words[place]] * 2, [words[other]]])
    return " ".join(words)


@pytest.mark.parametrize(
    "text",
    [
        "{ dog { name barks __typename } }",
        "query A { dog { name } } query B { pet { ... on Dog { name } ... on Cat { meows } } }",
        "query ($n: Int!, $s: [Int!]) { person(like: {sizes: $s}) { pets(first: $n) { __typename } } }",
        "query ($n: Int = 3) { person { pets(first: $n, like: {like: {}}) { __typename } } }",
        "query ($b: Boolean!) { dog { name @include(if: $b) @skip(if: false) } }",
        "{ named(ids: 4) { name ... on Dog { ...D } ... on Person { id: size } } } fragment D on Dog { barks size }",
        "{ dog { ...D ...D owner { name } owner { size } } } fragment D on Dog { name owner { name } }",
        "{ pet { ... on Dog { size } ... on Cat { size } ... { __typename } } }",
        "query ($u: Unit) { dog { size(unit: $u) inches: size(unit: INCH) } }",
        'query ($l: Like = {name: "y"}) { person(like: $l) { name } }',
    ],
)
def test_what_clients_ask_is_accepted(text):
    assert validate(SCHEMA, parse(text)) == []
    assert accepts(text)


@pytest.mark.parametrize(
    "text",
    [
        "{ cat }",
        "{ dog }",
        "{ dog { name { x } } }",
        "{ dog { name(long: true) } }",
        "{ dog { name(short: 1) } }",
        "{ dog { name(short: true, short: true) } }",
        "{ person { pets { __typename } } }",
        "{ person { pets(first: null) { __typename } } }",
        '{ person(like: {nam: "x"}) { name } }',
        "{ person(like: {sizes: [1, null]}) { name } }",
        '{ person(like: {name: "x", name: "y"}) { name } }',
        "{ dog { size(unit: MILE) } }",
        "{ pet { name } }",
        "{ pet { ... on Person { name } } }",
        "{ pet { ... on Unit { name } } }",
        "{ pet { ... on Fish { name } } }",
        "{ dog { ...D } }",
        "{ dog { name } } fragment D on Dog { name }",
        "{ dog { ...D } } fragment D on Dog { ...E } fragment E on Dog { ...D }",
        "{ dog { ...D } } fragment D on Dog { owner { ...P } } fragment P on Person { pets(first: 1) { ...D } }",
        "{ dog { ...D } } fragment D on Dog { name } fragment D on Dog { barks }",
        "{ dog { ...D } } fragment D on Fish { name }",
        "{ pet { ...D } } fragment D on Person { name }",
        "query A { dog { name } } query A { dog { name } }",
        "query A { dog { name } } { dog { name } }",
        "query ($a: Int) { dog { name } }",
        "query ($a: Int, $a: Int) { person { pets(first: $a) { __typename } } }",
        "query ($a: Int) { person { pets(first: $a) { __typename } } }",
        "query ($a: String!) { person { pets(first: $a) { __typename } } }",
        "query ($a: Dog) { person { pets(first: $a) { __typename } } }",
        "query ($a: [Int]) { person(like: {sizes: $a}) { name } }",
        'query ($a: Int! = "x") { person { pets(first: $a) { __typename } } }',
        "{ person { pets(first: $a) { __typename } } }",
        "{ dog { ...D } } fragment D on Dog { name(short: $a) }",
        "{ dog { name @upper } }",
        "{ dog { name @skip } }",
        "{ dog { name @skip(if: true) @skip(if: true) } }",
        "query @skip(if: true) { dog { name } }",
        "{ dog { name: barks name } }",
        "{ dog { size size(unit: INCH) } }",
        "{ named(ids: []) { ... on Dog { size } ... on Person { size } } }",
        "{ dog { owner { name } ...D } } fragment D on Dog { owner { name: size } }",
        '{ one(of: {a: 1, b: ""}) }',
        "type Fish { name: String }",
        "mutation { dog { name } }",
    ],
)
def test_what_is_wrong_is_not_accepted(text):
    assert validate(SCHEMA, parse(text)) != []
    assert not accepts(text)


@pytest.mark.parametrize(
    "text",
    [
        "subscription { dog { name } }",
        "{ __schema { description } }",
        "{ one(of: {a: 1}) }",
        "{ dog { size(unit: CM) size(unit: CM) } }",
    ],
)
def test_what_is_doubtful_is_left_to_the_rules(text):
    assert validate(SCHEMA, parse(text)) == []
    assert not accepts(text)
