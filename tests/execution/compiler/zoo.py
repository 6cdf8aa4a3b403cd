"""A small schema with marks, whose objects are given by each test."""

import asyncio
from dataclasses import dataclass, field

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInt,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    GraphQLUnionType,
)

from server.execution.compiler.marks import Call


@dataclass
class Cat:
    name: object = "Tom"
    lives: object = 9
    keeper: object = None
    friends: object = ()


@dataclass
class Dog:
    name: object = "Rex"
    tricks: object = ("sit", "roll")
    keeper: object = None
    friends: object = ()


@dataclass
class Keeper:
    name: object = "Ada"
    pets: object = ()
    mood: object = "calm"


@dataclass
class Zoo:
    """The root: its fields are set by the tests."""

    pet: object = field(default_factory=Cat)
    pets: object = ()
    keeper: object = field(default_factory=Keeper)
    rows: object = ()
    slow: object = None


def read(type_, path):
    """A field that reads an attribute."""
    names = path.split(".")

    def resolve(value, _info):
        for name in names:
            value = getattr(value, name)
        return value

    return GraphQLField(type_, resolve=resolve, extensions={"execution": "attribute", "path": path})


def called(type_, function, kind="function", **arguments):
    """A field that calls a function with its object, the context and arguments."""
    call = Call(function=function, parent="parent", info="info")
    return GraphQLField(
        type_,
        arguments,
        resolve=lambda parent, info, **given: function(parent=parent, info=info, **given),
        extensions={"execution": kind, "call": call},
    )


async def _wait(parent, info):
    """The value of `slow`, after it was waited for; an exception is raised, a function called with the context."""
    await asyncio.sleep(0)
    value = parent.slow(info.context) if callable(parent.slow) else parent.slow
    if isinstance(value, BaseException):
        raise value
    return value


def _befriend(parent, info):
    """What the context gives for a pet, if it is asked; otherwise what the pet has, after it was waited for."""
    return info.context(parent) if callable(info.context) else _later(parent.friends)


async def _later(value):
    await asyncio.sleep(0)
    return value


def _repeat(parent, info, *, text="?", times=1, loud=None):
    return [f"{text}{'!' if loud else ''}"] * times


def must(type_):
    return GraphQLNonNull(type_)


def listed(type_):
    return GraphQLList(type_)


def marked(type_, **extensions):
    """A type with marks."""
    type_.extensions.update(extensions)
    return type_


MOOD = GraphQLEnumType("Mood", {"CALM": "calm", "ANGRY": 2})
LOUD = GraphQLInputObjectType(
    "Loud", {"by": GraphQLInputField(GraphQLInt, default_value=1), "at": GraphQLInputField(GraphQLString)}
)
PET = marked(
    GraphQLInterfaceType(
        "Pet",
        lambda: {
            "name": read(must(GraphQLString), "name"),
            "keeper": read(KEEPER, "keeper"),
            "friends": called(must(listed(must(PET))), _befriend, "waits"),
        },
    ),
    by_class=True,
)
CAT = marked(
    GraphQLObjectType(
        "Cat",
        lambda: PET.fields | {"lives": read(GraphQLInt, "lives")},
        interfaces=[PET],
        is_type_of=lambda value, _: isinstance(value, Cat),
    ),
    classes=(Cat,),
)
DOG = marked(
    GraphQLObjectType(
        "Dog",
        lambda: PET.fields | {"tricks": read(listed(must(GraphQLString)), "tricks")},
        interfaces=[PET],
        is_type_of=lambda value, _: isinstance(value, Dog),
    ),
    classes=(Dog,),
)
KEEPER = GraphQLObjectType(
    "Keeper",
    lambda: {
        "name": read(must(GraphQLString), "name"),
        "mood": read(MOOD, "mood"),
        "pets": read(listed(PET), "pets"),
        "some": read(listed(must(CAT_OR_DOG)), "pets"),
        "says": called(listed(GraphQLString), _repeat, times=GraphQLArgument(GraphQLInt), loud=GraphQLArgument(LOUD)),
    },
)
CAT_OR_DOG = marked(GraphQLUnionType("CatOrDog", [CAT, DOG]), by_class=True)
QUERY = GraphQLObjectType(
    "Query",
    lambda: {
        "pet": read(PET, "pet"),
        "pets": read(must(listed(must(PET))), "pets"),
        "keeper": read(KEEPER, "keeper"),
        "rows": read(listed(must(listed(must(GraphQLInt)))), "rows"),
        "slow": called(GraphQLString, _wait, "waits"),
        "slowly": called(must(PET), _wait, "waits"),
        "zoo": read(QUERY, "pet"),
        "unmarked": GraphQLField(GraphQLString, resolve=lambda *_: "by hand"),
        "repeat": called(
            listed(GraphQLString),
            _repeat,
            text=GraphQLArgument(GraphQLString, default_value="a"),
            times=GraphQLArgument(must(GraphQLInt), default_value=2),
            loud=GraphQLArgument(LOUD),
        ),
        "context": called(GraphQLString, lambda parent, info: info.context(parent)),
    },
)
MUTATION = GraphQLObjectType("Mutation", {"pet": read(PET, "pet")})
SUBSCRIPTION = GraphQLObjectType("Subscription", {"pet": read(PET, "pet")})
SCHEMA = GraphQLSchema(QUERY, MUTATION, SUBSCRIPTION, types=[CAT, DOG])
