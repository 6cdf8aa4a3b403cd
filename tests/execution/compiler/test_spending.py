"""What an operation fetches counts while it runs, too, whatever runs it."""

import inspect

import pytest
from graphql import GraphQLField, GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString, parse

from server.errors.limits import OperationTooCostlyError
from server.execution.compiler.marks import Call
from server.execution.compiler.programs import By, Compiler
from tests.execution.compiler.comparing import program

LONG = 10
"""Lists that nothing says are so long."""


class Box:
    """Holds boxes, which hold boxes."""

    name = "box"
    inner = property(lambda self: [self] * LONG)


BOX = Box()


async def _wait(box):
    return box.inner


def _fetched(type_, function, *, execution="function"):
    extensions = {"execution": execution, "call": Call(function=function, parent="box"), "weight": 10}
    return GraphQLField(type_, resolve=lambda box, _: function(box=box), extensions=extensions)


_box = GraphQLObjectType(
    "Box",
    lambda: {
        "name": GraphQLField(GraphQLString, extensions={"execution": "attribute", "path": "name"}),
        "inner": GraphQLField(GraphQLList(_box), extensions={"execution": "attribute", "path": "inner"}),
        "itself": _fetched(GraphQLNonNull(_box), lambda box: box),
        "every": _fetched(GraphQLList(_box), lambda box: box.inner),
        "nothing": _fetched(_box, lambda **_: None),
        "none": _fetched(GraphQLList(_box), lambda **_: ()),
        "late": _fetched(GraphQLList(_box), _wait, execution="waits"),
    },
)
_root = _fetched(_box, lambda **_: BOX)
SCHEMA = GraphQLSchema(GraphQLObjectType("Query", {"box": _root}))


async def run(text, *, most, is_compiled):
    """The result of an operation, run by the function that it is compiled to or by graphql-core."""
    compiler, document = Compiler(SCHEMA, most_cost=most), parse(text)
    make = program if is_compiled else lambda compiler, document: compiler.program(document, document.definitions[0])
    result = make(compiler, document).start({}, None)
    result = await result if inspect.isawaitable(result) else result
    assert compiler.runs[By.COMPILED if is_compiled else By.NEW] == 1
    return result


@pytest.mark.parametrize("is_compiled", [True, False])
@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("{ box { name inner { name } } }", 10),
        ("{ box { nothing { name } } }", 10 + 10),
        ("{ box { inner { itself { name } } } }", 10 + LONG * 10),
        ("{ box { inner { itself { inner { itself { name } } } } } }", 10 + LONG * (10 + LONG * 10)),
        ("{ box { every { every { name } } } }", 10 + LONG * (10 + LONG * 10)),
        ("{ box { itself { nothing { name } every { name } } } }", 10 + 10 + 10 + LONG * 10),
        ("{ box { none { name } inner { none { name } } } }", 10 + 10 + LONG * 10),
        ("{ box { late { late { name } } } }", 10 + LONG * (10 + LONG * 10)),
        ("{ box { late { inner { itself { name } } } } }", 10 + LONG * (10 + LONG * 10)),
    ],
)
async def test_an_operation_is_ended_once_it_has_fetched_too_much(text, cost, is_compiled):
    whole = await run(text, most=cost, is_compiled=is_compiled)
    ended = await run(text, most=cost - 1, is_compiled=is_compiled)

    assert whole.errors is None
    assert {type(error.original_error) for error in ended.errors} == {OperationTooCostlyError}


@pytest.mark.parametrize("is_compiled", [True, False])
async def test_little_goes_on_once_it_is_ended(is_compiled):
    nested = "inner { itself { " * 8 + "name" + " } }" * 8

    ended = await run(f"{{ box {{ {nested} }} }}", most=1_000, is_compiled=is_compiled)

    assert len(ended.errors) <= LONG * 8


async def test_what_is_waited_for_leaves_nothing_behind_once_it_is_ended():
    nested = "late { " * 6 + "name" + " }" * 6

    ended = await run(f"{{ box {{ {nested} }} }}", most=5_000, is_compiled=True)

    assert {type(error.original_error) for error in ended.errors} == {OperationTooCostlyError}
