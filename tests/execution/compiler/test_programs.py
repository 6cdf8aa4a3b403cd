"""What is compiled, what is handed over, and when."""

import gc
import inspect
import weakref
from itertools import product

import pytest
from graphql import parse
from graphql.execution.values import VariableValues
from hypothesis import given, settings
from hypothesis import strategies as st

from server.execution.compiler import programs
from server.execution.compiler.pieces import Pieces
from server.execution.compiler.programs import By, Compiler
from server.execution.compiler.selections import Selection
from server.execution.passages import passage_of
from tests.execution.compiler.comparing import compiled, same
from tests.execution.compiler.zoo import KEEPER, SCHEMA, Cat, Dog, Keeper, Zoo
from tests.execution.reading import Reader, below


async def run(compiler, text, *, program=None, root=None, read=parse, **values):
    """The data of one run, and what ran it."""
    document = read(text)
    program = program or compiler.program(document, document.definitions[0])
    before = dict(compiler.runs)
    result = program.start(values, None, root=root or Zoo())
    if inspect.isawaitable(result):
        result = await result
    [by] = [each for each in By if compiler.runs[each] > before[each]]
    return result.data, by


async def test_a_form_is_compiled_when_it_is_asked_for_again():
    compiler = Compiler(SCHEMA)

    ran = [
        (await run(compiler, text))[1] for text in ("{ pet { a: name } }", "{ pet { b: name } }", "{ keeper { name } }")
    ]

    assert ran == [By.NEW, By.COMPILED, By.NEW]


def written(read, text, type_=KEEPER):
    """What was written for what the first field of a text is asked for, on a type."""
    return passage_of(below(read(text))).finding((Selection, type_, None))


async def test_what_was_written_for_a_passage_is_taken_wherever_it_stands():
    compiler, read = Compiler(SCHEMA), Reader()
    one = "{ keeper { name pets { name } } }"
    other = "query Q { repeat b: keeper { mood pets { name } } }"
    texts = (one, one, other, other, "{ c: keeper { mood pets { name } } }")

    ran = [(await run(compiler, text, read=read))[1] for text in texts]

    assert ran == [By.NEW, By.COMPILED, By.NEW, By.COMPILED, By.COMPILED]
    assert written(read, one) is written(read, "{ elsewhere: keeper { name pets { name } } }")
    assert written(read, one) is not written(read, "{ keeper { name pets { name }} }")


async def test_what_takes_arguments_of_the_run_is_written_for_each_operation():
    compiler, read, root = Compiler(SCHEMA), Reader(), Zoo(pets=[Cat(keeper=Keeper()), Dog(keeper=Keeper())])
    keeper = "{ says(times: 2, loud: {by: 3}) }"
    texts = [f"{{ pets {{ keeper {keeper} }} }}"]
    texts += [f"query ($t: String) {{ repeat(times: 1, loud: null, text: $t) pets {{ keeper {keeper} }} }}"]
    for text in texts:
        await same(SCHEMA, text, values={}, root=root, is_still=True, compiler=compiler, read=read)

    assert compiler.runs[By.COMPILED] == 2
    assert written(read, f"{{ keeper {keeper} }}") is None


async def test_what_is_new_in_part_is_not_kept_before_it_is_whole():
    compiler, read, root = Compiler(SCHEMA), Reader(), Zoo(pets=[Cat(keeper=Keeper()), Dog(keeper=Keeper())])

    text = "{ pets { keeper { name } } }"
    ran = [(await run(compiler, text, root=root, read=read))[1]]
    kept = written(read, "{ keeper { name } }")
    data, by = await run(compiler, text, root=root, read=read)

    assert (ran, kept, by) == ([By.NEW], None, By.COMPILED)
    assert data == {"pets": [{"keeper": {"name": "Ada"}}] * 2}
    assert written(read, "{ keeper { name } }") is not None


async def test_what_waits_is_written_for_its_place():
    compiler, read = Compiler(SCHEMA), Reader()
    zoo = Zoo(pet=Cat(friends=[]), slow=ValueError("no"))
    for _ in range(2):
        await run(compiler, "{ zoo { slow } }", root=Zoo(pet=zoo), read=read)

    document = read("query Moved { zoo { slow } }")
    [error] = (await compiled(SCHEMA, document, values={}, root=Zoo(pet=zoo), compiler=compiler))[0].errors

    assert [(place.line, place.column) for place in error.locations] == [(1, 21)]


async def test_what_was_compiled_is_gone_without_the_collector():
    compiler = Compiler(SCHEMA)
    gc.disable()
    try:
        for read in (parse, Reader()):
            for _ in range(2):
                document = read("{ pets { keeper { name } } zoo { slow } }")
                gone = weakref.ref(document.loc.source)
                compiler.program(document, document.definitions[0]).routine(VariableValues({}, {}))
                del document
                assert gone() is None
    finally:
        gc.enable()


async def test_an_operation_is_compiled_once():
    compiler = Compiler(SCHEMA)
    document = parse("{ pet { name } }")
    program = compiler.program(document, document.definitions[0])

    ran = [(await run(compiler, "{ pet { name } }", program=program))[1] for _ in range(4)]

    assert ran == [By.NEW, By.COMPILED, By.COMPILED, By.COMPILED]
    assert len(program._routines) == 1


@pytest.mark.parametrize(
    "text",
    [
        "mutation { pet { name } }",
        "{ unmarked }",
        "{ pet { name } unmarked }",
        "{ __schema { description } }",
        '{ __type(name: "Cat") { name } }',
        "query @experimental_disableErrorPropagation { pet { name } }",
        "query ($a: Boolean = true) { pet @include(if: $a) { name } }",
    ],
)
async def test_what_the_compiler_does_not_know_is_handed_over(text):
    values = {"a": None} if "$a" in text else {}
    result, by = await compiled(SCHEMA, parse(text), values=values, root=Zoo())

    assert by is By.HANDED_OVER
    assert result.data is not None or result.errors


async def test_each_way_of_meeting_the_conditions_is_compiled_for_itself():
    compiler = Compiler(SCHEMA)
    text = "query ($a: Boolean!, $b: Boolean!) { pet { name @include(if: $a) __typename @skip(if: $b) } }"
    document = parse(text)
    program = compiler.program(document, document.definitions[0])
    found = {}
    for a, b in [*product([True, False], repeat=2)] * 2:
        data, by = await run(compiler, text, program=program, a=a, b=b)
        found[a, b] = (list(data["pet"]), by)

    assert found == {
        (True, True): (["name"], By.COMPILED),
        (True, False): (["name", "__typename"], By.COMPILED),
        (False, True): ([], By.COMPILED),
        (False, False): (["__typename"], By.COMPILED),
    }


async def test_the_conditions_of_a_fragment_decide_on_those_operations_alone_that_reach_it():
    compiler = Compiler(SCHEMA)
    text = """
        query A($a: Boolean!) { pet { ...Named } }
        query B { pet { __typename } }
        fragment Named on Pet { ...Conditional }
        fragment Conditional on Pet { name @include(if: $a) }
    """
    document = parse(text)
    asking, other = [compiler.program(document, each) for each in document.definitions[:2]]

    ran = [(await run(compiler, text, program=other))[1] for _ in range(2)]

    assert ran == [By.NEW, By.COMPILED]
    assert [(await run(compiler, text, program=asking, a=a))[0]["pet"] for a in (True, False)] == [{"name": "Tom"}, {}]


async def test_ways_beyond_the_bound_are_handed_over(monkeypatch):
    monkeypatch.setattr(programs, "MOST_ROUTINES", 1)
    compiler = Compiler(SCHEMA)
    text = "query ($a: Boolean!) { pet { __typename name @include(if: $a) } }"
    document = parse(text)
    program = compiler.program(document, document.definitions[0])

    ran = [(await run(compiler, text, program=program, a=a))[1] for a in (True, True, False, False)]

    assert ran == [By.NEW, By.COMPILED, By.HANDED_OVER, By.HANDED_OVER]


async def test_the_event_of_a_subscription_is_its_root():
    result, by = await compiled(SCHEMA, parse("subscription { pet { name } }"), values={}, root=Zoo(pet=Cat("Tim")))

    assert (result.data, by) == ({"pet": {"name": "Tim"}}, By.COMPILED)


def test_what_can_not_be_executed_at_all_is_told():
    text = "{ ...F } fragment F($of: Query!) on Query { pet { name } }"
    document = parse(text, experimental_fragment_arguments=True)

    [error] = Compiler(SCHEMA).program(document, document.definitions[0]).start({}, None, root=Zoo())

    assert error.message == "Variable '$of' expected value of type 'Query!' which cannot be used as an input type."


names = st.from_regex(r"[A-Za-z_][A-Za-z_0-9]{3,20}", fullmatch=True).filter(lambda name: not name.startswith("__"))


@settings(max_examples=60, deadline=None)
@given(
    names, names, st.text(st.characters(codec="utf-8", exclude_characters='"\\'), min_size=3).filter(str.isprintable)
)
async def test_nothing_that_a_client_sent_stands_in_the_source(alias, variable, text):
    sources = []

    class Watched(Pieces):
        def bound(self, source, values):
            sources.append(source)
            return super().bound(source, values)

    compiler = Compiler(SCHEMA)
    compiler.pieces = Watched()
    plain = parse('query ($v: Int) { a: repeat(text: "b", times: 4) pet { c: name } d: repeat(loud: {by: $v}) }')
    sent = parse(
        f'query ($v{variable}: Int) {{ a{alias}: repeat(text: "{text}", times: 7777)'
        f" pet {{ c{alias}: name }} d{alias}: repeat(loud: {{by: $v{variable}}}) }}"
    )
    for document in (plain, sent):
        compiler.program(document, document.definitions[0]).start({}, None, root=Zoo())

    assert sources[: len(sources) // 2] == sources[len(sources) // 2 :]
