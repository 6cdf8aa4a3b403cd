"""Section 6 of the specification, case by case: the same by graphql-core and compiled.

https://spec.graphql.org/draft/#sec-Execution
"""

import pytest

from server.execution.compiler.programs import By
from tests.execution.compiler.comparing import same
from tests.execution.compiler.zoo import SCHEMA, Cat, Dog, Keeper, Zoo

PETS = [Cat(), Dog(), Cat(name="Tim", lives=None)]
CASES = {
    "nothing but the type": "{ __typename }",
    "an alias, twice": "{ pet { a: name b: name name } }",
    "fields that merge": "{ pet { name } pet { keeper { name } } pet { keeper { mood } } }",
    "fields that merge through fragments": "{ ...A ...B } fragment A on Query { keeper { name } }"
    " fragment B on Query { keeper { pets { name } } ...A }",
    "a fragment spread again": "{ pet { ...P ...P } } fragment P on Pet { name }",
    "inline fragments on types": "{ pets { ... on Cat { lives } ... on Dog { tricks } name } }",
    "inline fragments on interfaces": "{ pet { ... on Pet { name ... on Cat { ... on Pet { __typename } } } } }",
    "an inline fragment on nothing": "{ pet { ... { name } ... @include(if: true) { __typename } } }",
    "a union": "{ keeper { some { __typename ... on Cat { lives } ... on Pet { name } } } }",
    "a fragment that never applies": "{ pet { ... on Dog { tricks } } }",
    "the order of fields": "{ pet { ... on Cat { lives } name ... on Pet { __typename name n: name } } }",
    "constant conditions": "{ pet @skip(if: true) { name } keeper @include(if: false) { name } __typename }",
    "everything skipped": "{ pet { name @skip(if: true) } }",
    "skip and include": "{ a: __typename @skip(if: false) @include(if: false) b: __typename @skip(if: true) }",
    "a list of lists": "{ rows }",
    "arguments by default": "{ repeat }",
    "arguments": '{ repeat(text: "b", times: 3, loud: {at: "x"}) }',
    "a null for an argument": "{ repeat(text: null, loud: null) }",
    "an enum": "{ keeper { mood } }",
    "the whole": "{ pets { name friends { name } keeper { name mood pets { name } } } }",
}


def zoo():
    keeper = Keeper(pets=PETS)
    return Zoo(pets=[Dog(keeper=keeper), Cat(friends=PETS)], keeper=keeper, rows=[[1, 2], (), [3]])


@pytest.mark.parametrize("name", CASES)
async def test_what_fits_is_the_same(name):
    assert await same(SCHEMA, CASES[name], values={}, root=zoo(), is_still=False) is By.COMPILED


@pytest.mark.parametrize("values", [{"a": a, "b": b} for a in (True, False) for b in (True, False)])
async def test_conditions_of_variables_hold_at_every_level(values):
    text = """query ($a: Boolean!, $b: Boolean!) {
        pet @include(if: $a) { name }
        pet @skip(if: $b) { ...P keeper { name } }
        ...Q @skip(if: $a)
      }
      fragment P on Pet { n: name @include(if: $b) ... on Cat @skip(if: $a) { lives } }
      fragment Q on Query { keeper @include(if: $b) { name } }"""

    assert await same(SCHEMA, text, values=values, root=zoo(), is_still=True) is By.COMPILED


@pytest.mark.parametrize(
    ("declared", "values"),
    [
        ("$t: String, $n: Int!", {"t": "x", "n": 2}),
        ("$t: String, $n: Int!", {"n": 2}),
        ("$t: String, $n: Int!", {"t": None, "n": 2}),
        ('$t: String = "y", $n: Int = 3', {}),
        ('$t: String = "y", $n: Int = 3', {"t": None}),
        ('$t: String = "y", $n: Int = 3', {"n": None}),
        ("$t: String, $n: Int = 3", {"n": 0}),
    ],
)
async def test_variables_and_their_defaults_are_the_same(declared, values):
    text = f"query ({declared}) {{ repeat(text: $t, times: $n) }}"

    await same(SCHEMA, text, values=values, root=zoo(), is_still=True)


@pytest.mark.parametrize("loud", [{}, {"by": None}, {"at": "x"}, None])
async def test_input_objects_are_the_same(loud):
    text = "query ($l: Loud, $by: Int) { repeat(loud: $l) b: repeat(loud: {by: $by, at: null}) }"

    assert await same(SCHEMA, text, values={"l": loud}, root=zoo(), is_still=True) is By.COMPILED


@pytest.mark.parametrize("values", [{"n": "1"}, {}, {"n": None}, {"n": 2**40}, {"n": [1]}, {"n": {"a": 1}}])
async def test_variables_that_do_not_fit_are_told_the_same(values):
    assert await same(SCHEMA, "query ($n: Int!) { repeat(times: $n) }", values=values, is_still=True) is None


MISFITS = {
    "no string": Cat(name=["x"]),
    "no name": Cat(name=None),
    "a number for a string": Cat(name=3),
    "an integer that is too long": Cat(lives=2**31),
    "an integer that is just not too long": Cat(lives=-(2**31)),
    "a float for an integer": Cat(lives=9.0),
    "text for an integer": Cat(lives="9"),
    "an exception for a value": Cat(lives=ValueError("gone")),
    "a value of no class that is known": object(),
    "a value of a class below a known one": type("Lion", (Cat,), {})(),
    "nothing": None,
    "an exception for an object": LookupError("lost"),
    "an enum that is none": Cat(keeper=Keeper(mood="sad")),
    "an enum that can't be looked up": Cat(keeper=Keeper(mood=["calm"])),
    "a list that is none": Cat(keeper=Keeper(pets="Tom")),
    "a list that is another iterable": Cat(keeper=Keeper(pets={1: 2}.values())),
    "a list with a null": Cat(keeper=Keeper(pets=[None, Cat()])),
    "a list with an exception": Cat(keeper=Keeper(pets=[Cat(), KeyError("x")])),
    "an attribute that is not there": Cat(keeper=object()),
}


@pytest.mark.parametrize("name", MISFITS)
async def test_what_does_not_fit_is_told_the_same(name):
    text = "{ pet { name ... on Cat { lives } keeper { mood pets { name } some { __typename } } } pets { name } }"

    assert await same(SCHEMA, text, values={}, root=Zoo(pet=MISFITS[name]), is_still=True) is By.COMPILED


@pytest.mark.parametrize("name", MISFITS)
async def test_what_does_not_fit_once_it_was_waited_for_is_told_the_same(name):
    text = "{ slow slowly { name ... on Cat { lives } keeper { mood pets { name } some { __typename } } } }"

    await same(SCHEMA, text, values={}, root=Zoo(slow=MISFITS[name]), is_still=True)


async def test_a_null_that_may_not_be_empties_the_nearest_place_that_may():
    broken = Dog(friends=[Cat(friends=[Cat(), None])])
    text = "{ pets { name } keeper { name pets { name friends { name friends { name } } } } }"
    root = Zoo(keeper=Keeper(pets=[Cat(), broken, Cat()]))

    assert await same(SCHEMA, text, values={}, root=root, is_still=True) is By.COMPILED
