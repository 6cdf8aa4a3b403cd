"""A small schema of its own: execution and web know nothing of health."""

import asyncio
from collections.abc import AsyncIterator

from graphql import (
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLField,
    GraphQLFloat,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    specified_rules,
)

from server.access.clients import Caller
from server.errors.machine import DatabaseUnavailableError
from server.errors.requests import BadUserInputError
from server.execution.callers import Rights
from server.execution.cost import ListSize
from server.execution.operation import Request
from server.execution.pipeline import Pipeline

STRANGER = Caller(address="192.0.2.1", rights=Rights())
"""Whoever asks where nothing else is said."""


class Visit:
    """A context that counts itself."""

    made = 0

    def __init__(self, caller):
        Visit.made += 1
        self.caller = caller


async def _wait_for_ever(*_):
    await asyncio.Event().wait()


def _fail(error):
    def resolve(*_):
        raise error

    return resolve


async def _count(_root, _info, *, to, fails=False) -> AsyncIterator[int]:
    for number in range(1, to + 1):
        yield number
    if fails:
        raise BadUserInputError("The counter is worn out.")


async def _tick(*_) -> AsyncIterator[int]:
    number = 0
    while True:
        number += 1
        yield number
        await asyncio.sleep(0.01)


async def _keep_quiet(*_) -> AsyncIterator[int]:
    await asyncio.Event().wait()
    yield 0


_WAITS = {"execution": "waits", "weight": 10}
_PAGED = {"list_size": ListSize(assumed=20, slicing_arguments=("first",), sized_fields=("nodes",))}
_item = GraphQLObjectType(
    "Item",
    lambda: {
        "name": GraphQLField(GraphQLNonNull(GraphQLString), resolve=lambda *_: "tea"),
        "price": GraphQLField(GraphQLFloat, resolve=lambda *_: 2.5),
        "parts": GraphQLField(GraphQLList(_item), resolve=lambda *_: []),
        "like": GraphQLField(
            GraphQLList(_item),
            {"first": GraphQLArgument(GraphQLNonNull(GraphQLInt), default_value=5)},
            resolve=lambda *_, first: [{}] * first,
            extensions=_WAITS | {"list_size": ListSize(slicing_arguments=("first",))},
        ),
    },
)
_page = GraphQLObjectType(
    "Page",
    {"nodes": GraphQLField(GraphQLList(_item), resolve=lambda size, _: [{}] * size, extensions={"weight": 10})},
)
_order = GraphQLInputObjectType("Order", lambda: {"by": GraphQLInputField(GraphQLString)})
_query = GraphQLObjectType(
    "Query",
    {
        "hello": GraphQLField(
            GraphQLNonNull(GraphQLString),
            {"name": GraphQLArgument(GraphQLString), "order": GraphQLArgument(_order)},
            resolve=lambda *_, name="world", **_order: f"hello {name}",
        ),
        "number": GraphQLField(GraphQLInt, {"of": GraphQLArgument(GraphQLInt)}, resolve=lambda *_, of=0: of),
        "big": GraphQLField(GraphQLFloat, resolve=lambda *_: 1e300),
        "item": GraphQLField(_item, resolve=lambda *_: {}, extensions=_WAITS),
        "items": GraphQLField(
            _page,
            {"first": GraphQLArgument(GraphQLInt)},
            resolve=lambda *_, first=20: first,
            extensions=_WAITS | _PAGED,
        ),
        "named": GraphQLField(
            GraphQLList(_item),
            {"names": GraphQLArgument(GraphQLNonNull(GraphQLList(GraphQLNonNull(GraphQLString))))},
            resolve=lambda *_, names: [{}] * len(names),
        ),
        "refused": GraphQLField(GraphQLString, resolve=_fail(BadUserInputError("Not like this."))),
        "away": GraphQLField(GraphQLNonNull(GraphQLString), resolve=_fail(DatabaseUnavailableError())),
        "broken": GraphQLField(GraphQLString, resolve=_fail(RuntimeError("SELECT secret FROM vault"))),
        "slow": GraphQLField(GraphQLString, resolve=_wait_for_ever),
        "visits": GraphQLField(GraphQLInt, resolve=lambda *_: Visit.made),
        "account": GraphQLField(GraphQLString, resolve=lambda _, info: info.context.caller.account),
    },
)
_mutation = GraphQLObjectType("Mutation", {"buy": GraphQLField(GraphQLString, resolve=lambda *_: "bought")})
_subscription = GraphQLObjectType(
    "Subscription",
    {
        "count": GraphQLField(
            GraphQLNonNull(GraphQLInt),
            {
                "to": GraphQLArgument(GraphQLNonNull(GraphQLInt)),
                "fails": GraphQLArgument(GraphQLBoolean, default_value=False),
            },
            subscribe=_count,
            resolve=lambda event, _info, **_arguments: event,
        ),
        "visit": GraphQLField(GraphQLInt, subscribe=lambda *_: _count(None, None, to=2), resolve=lambda *_: Visit.made),
        "tick": GraphQLField(GraphQLInt, subscribe=_tick, resolve=lambda event, _info: event),
        "sold": GraphQLField(
            GraphQLInt,
            subscribe=lambda *_: _count(None, None, to=3),
            resolve=lambda event, _info: event,
            extensions={"weight": 10},
        ),
        "quiet": GraphQLField(GraphQLInt, subscribe=_keep_quiet),
        "shut": GraphQLField(GraphQLInt, subscribe=_fail(BadUserInputError("Closed today."))),
    },
)
schema = GraphQLSchema(_query, _mutation, _subscription)


def make_pipeline(**arguments) -> Pipeline:
    """A pipeline over the shop."""
    return Pipeline(schema, **{"rules": specified_rules, "new_context": Visit} | arguments)


def prepare(pipeline, query, *, caller=STRANGER, **request):
    """The operation of a query, whose text is found in the request, so that nothing is waited for."""
    coroutine = pipeline.prepare(Request(query=query, **request), caller)
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError


async def ask(query, *, pipeline=None, caller=STRANGER, operation_name=None, **variables):
    """The payload of the result of a query."""
    pipeline = pipeline or make_pipeline()
    operation = prepare(pipeline, query, caller=caller, operation_name=operation_name, variables=variables)
    return (await pipeline.execute(operation)).payload
