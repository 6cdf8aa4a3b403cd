"""A pipeline that keeps, over a schema that counts what it is asked, and whoever says whether that is current."""

import asyncio
from collections.abc import Hashable
from dataclasses import dataclass, field

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLList,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    specified_rules,
)

from server.errors.machine import DatabaseUnavailableError
from server.execution.callers import Rights
from server.execution.keepable import NOT_KEPT
from server.execution.operation import Request
from server.execution.pipeline import Pipeline
from server.execution.responses import Responses
from server.execution.serving import Serving

ITEM = 'query ($name: String = "a") { item(name: $name) }'


@dataclass
class Shelf:
    """What the schema reads from, and what was read."""

    items: dict = field(default_factory=lambda: {"a": "tea", "b": "milk"})
    reads: list = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    is_away: bool = False

    async def read(self, name):
        """What a name stands for, once the gate is open, as it was before."""
        self.reads.append(name)
        found = self.items.get(name)
        await self.gate.wait()
        if self.is_away:
            raise DatabaseUnavailableError
        return found


class Freshness:
    """As current as it is said to be."""

    def __init__(self):
        self.age, self.confirms, self.now = 0.0, True, True

    def is_current(self):
        return self.now

    async def confirm(self):
        return self.now or self.confirms


class Look:
    """A context, which notes what was read through it."""

    def __init__(self, shelf):
        self.shelf, self.tags = shelf, set()


async def _item(_, info, name):
    info.context.tags.add(name)
    return await info.context.shelf.read(name)


async def _mine(_, info):
    return await info.context.shelf.read("mine")


def _echo(_, _info, **arguments):
    return repr(sorted(arguments.items()))


_VALUES = {
    "int": GraphQLInt,
    "float": GraphQLFloat,
    "id": GraphQLID,
    "text": GraphQLString,
    "list": GraphQLList(GraphQLInt),
}
schema = GraphQLSchema(
    GraphQLObjectType(
        "Query",
        {
            "item": GraphQLField(GraphQLString, {"name": GraphQLArgument(GraphQLString)}, resolve=_item),
            "mine": GraphQLField(GraphQLString, resolve=_mine, extensions={NOT_KEPT: True}),
            "echo": GraphQLField(
                GraphQLString, {name: GraphQLArgument(type_) for name, type_ in _VALUES.items()}, resolve=_echo
            ),
        },
    ),
    GraphQLObjectType("Mutation", {"buy": GraphQLField(GraphQLString, resolve=lambda *_: "bought")}),
)


class Shop:
    """A pipeline, and everything around it."""

    def __init__(self, *, most_bytes=1_000_000, stale_limit=300, **options):
        self.shelf, self.freshness = Shelf(), Freshness()
        self.shelf.gate.set()
        self.responses = Responses(most_bytes=most_bytes)
        new_context = lambda _: Look(self.shelf)  # noqa: E731 -- short
        self.pipeline = Pipeline(schema, rules=specified_rules, new_context=new_context, **options)
        self.serving = Serving(self.responses, self.freshness, stale_limit=stale_limit)
        self.pipeline.find_tags = lambda look: frozenset(look.tags)
        self.pipeline.serving = self.serving

    async def ask(self, query, *, audience=None, operation_name=None, extensions=None, **variables):
        """The result of an operation."""
        caller = Somebody(audience)
        request = Request(query=query, operation_name=operation_name, variables=variables, extensions=extensions or {})
        return await self.pipeline.execute(await self.pipeline.prepare(request, caller))


@dataclass(frozen=True)
class Somebody:
    """Whoever asks, of an audience."""

    audience: Hashable
    rights: Rights = field(default_factory=Rights)
    account: str = "somebody"


async def begun(shop, count):
    """Returns once so many reads of a shop have begun."""
    while len(shop.shelf.reads) < count:  # noqa: ASYNC110 -- it takes a turn of the loop or two
        await asyncio.sleep(0)
