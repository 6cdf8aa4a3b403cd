"""Worlds made by number: a schema with marks, and objects whose fields give what fits, or what does not."""

import asyncio
import math
from functools import partial
from random import Random

from graphql import (
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLError,
    GraphQLField,
    GraphQLFloat,
    GraphQLID,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInt,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLString,
    GraphQLUnionType,
    Undefined,
    get_named_type,
    is_abstract_type,
    is_list_type,
    is_non_null_type,
)

from server.errors.requests import BadUserInputError
from server.execution.compiler.marks import Call


def _even(value):
    if value % 2:
        raise ValueError(f"{value} is odd.")
    return value or None


EVEN = GraphQLScalarType("Even", coerce_output_value=_even)
COLOR = GraphQLEnumType("Color", {"RED": "red", "GREEN": 2, "BLUE": (1, 2)})
LEAVES = [GraphQLString, GraphQLInt, GraphQLFloat, GraphQLBoolean, GraphQLID, EVEN, COLOR]
INNER = GraphQLInputObjectType(
    "Inner", {"x": GraphQLInputField(GraphQLInt), "color": GraphQLInputField(COLOR, default_value="red")}
)
INPUT = GraphQLInputObjectType(
    "Input",
    lambda: {
        "a": GraphQLInputField(GraphQLNonNull(GraphQLInt), default_value=3),
        "b": GraphQLInputField(GraphQLList(GraphQLString)),
        "inner": GraphQLInputField(INNER, out_name="within"),
    },
)
CHOICE = GraphQLInputObjectType(
    "Choice", {"x": GraphQLInputField(GraphQLInt), "y": GraphQLInputField(GraphQLString)}, is_one_of=True
)
ARGUMENTS = {
    "n": GraphQLArgument(GraphQLInt, default_value=2),
    "s": GraphQLArgument(GraphQLString, out_name="text"),
    "must": GraphQLArgument(GraphQLNonNull(GraphQLInt), default_value=1),
    "many": GraphQLArgument(GraphQLList(GraphQLNonNull(GraphQLInt))),
    "input": GraphQLArgument(INPUT),
    "choice": GraphQLArgument(CHOICE),
    "color": GraphQLArgument(COLOR),
}
FITTING = {
    "String": ["", "a", "ü"],
    "Int": [0, 1, -7],
    "Float": [0.5, 2.0, 3],
    "Boolean": [True, False],
    "ID": ["1", 2],
    "Even": [2, 4],
    "Color": ["red", 2, (1, 2)],
}
ODD = [3, 0, -1.5, math.nan, math.inf, 2**40, "1", "x", True, [], [1], {"a": 1}, {1}, b"", (1,), object, Undefined]
"""What may come in place of any value."""


class Later:
    """A value that is there when it is waited for."""

    def __init__(self, value):
        self._value = value

    def __repr__(self):
        return f"Later {self._value!r}"

    def __await__(self):
        yield
        return self._value


class Thing:
    """An object of a world; its fields give the same whenever they are read."""

    def __init__(self, seed):
        self.seed = seed

    def __repr__(self):
        return f"Thing {self.seed}"


def _of_type(name, world, possible):
    """Whether a value is of a type: by the class, as types of ours are."""
    return lambda value, _info: isinstance(value, world.classes[name]) if possible else True


class World:
    """A schema, the classes of its objects, and the values that they hold.

    `fails` is how many of a hundred values do not fit; `is_still` says that nothing has to be waited for.
    """

    def __init__(self, seed, *, fails, is_still):
        self.random = Random(f"schema {seed}")
        self.seed, self.fails, self.is_still = seed, fails, is_still
        names = ["A", "B", "C", "D"][: self.random.randint(2, 4)]
        self.classes = {name: type(name, (Thing,), {}) for name in [*names, "Query"]}
        self.interface = GraphQLInterfaceType("Named", lambda: self._fields("Named"))
        self.interface.extensions["by_class"] = True
        self.objects = [self._object(name) for name in names]
        self.union = GraphQLUnionType("Any", self.objects[:2])
        self.union.extensions["by_class"] = True
        self.query = GraphQLObjectType("Query", lambda: self._fields("Query"))
        self._made = {}
        self.schema = GraphQLSchema(self.query, types=self.objects)
        self.root = self.classes["Query"](f"root {seed}")

    def _object(self, name):
        world = self
        type_ = GraphQLObjectType(
            name,
            lambda: self._fields("Named") | self._fields(name),
            interfaces=[self.interface],
            is_type_of=lambda value, _info: isinstance(value, world.classes[name]),
        )
        type_.extensions["classes"] = (self.classes[name],)
        return type_

    def _fields(self, name):
        """The fields of a type; those of the interface are the same on all."""
        if name not in self._made:
            random = Random(f"fields {self.seed} {name}")
            self._made[name] = {f"{name.lower()}{n}": self._shape(random) for n in range(random.randint(2, 5))}
        return {key: self._field(key, *shape) for key, shape in self._made[name].items()}

    def _shape(self, random):
        composite = [*self.objects, self.interface, self.union]
        type_ = random.choice(random.choice([LEAVES, composite]))
        for wrapper in random.choice([(), (), (), (GraphQLList,), (GraphQLList,), (GraphQLList, GraphQLList)]):
            type_ = wrapper(GraphQLNonNull(type_) if random.random() < 0.5 else type_)
        if random.random() < 0.4:
            type_ = GraphQLNonNull(type_)
        kind = random.choice(["attribute", "function"] if self.is_still else ["attribute", "function", "waits"])
        names = random.sample(list(ARGUMENTS), random.randint(0, 3)) if kind != "attribute" else []
        return type_, kind, names

    def _field(self, key, type_, kind, names):
        read = partial(self._read, key, type_)
        extensions = {"execution": kind}
        if kind == "attribute":
            for class_ in self.classes.values():
                setattr(class_, key, property(lambda thing: read(thing, {})))
            return GraphQLField(type_, resolve=lambda x, _: getattr(x, key), extensions=extensions | {"path": key})
        call = (lambda parent, **given: read(parent, given)) if kind == "function" else partial(self._wait, read)
        plain = [name for name in ("n", "text", "must", "color") if self.random.random() < 0.7]
        extensions["call"] = Call(function=call, parent="parent", parameters=dict(zip(plain, plain, strict=True)))
        arguments = {name: ARGUMENTS[name] for name in names}
        return GraphQLField(
            type_, arguments, resolve=lambda parent, _info, **given: call(parent=parent, **given), extensions=extensions
        )

    def _wait(self, read, parent, **given):
        """A call of a field that waits: it gives a coroutine, a future or, as it happens, a value."""
        random = Random(f"{parent.seed} waits {sorted(given)}")
        way = random.choice(["coroutine", "coroutine", "future", "value", "later"])
        if way == "value":
            return read(parent, given)
        if way == "coroutine":
            return self._slowly(partial(read, parent, given), random.randint(0, 3))
        value = self._attempt(partial(read, parent, given))
        if way == "later":
            return Later(value)
        future = asyncio.get_running_loop().create_future()
        future.set_result(value)
        return future

    @staticmethod
    async def _slowly(read, turns):
        for _ in range(turns):
            await asyncio.sleep(0)
        return read()

    @staticmethod
    def _attempt(read):
        try:
            return read()
        except Exception as error:  # noqa: BLE001 -- whatever it is
            return error

    def _read(self, key, type_, thing, given):
        random = Random(f"{thing.seed}.{key}{sorted(given.items(), key=str)}")
        return self._value(type_, random, f"{thing.seed}.{key}.{random.random()}")

    def _value(self, type_, random, seed):
        if random.randrange(100) < self.fails:
            return self._odd(random, seed)
        if is_non_null_type(type_):
            return self._value(type_.of_type, random, seed)
        if random.randrange(100) < 8:
            return None
        if is_list_type(type_):
            items = [self._value(type_.of_type, random, f"{seed}.{n}") for n in range(random.randint(0, 3))]
            return random.choice([list, tuple])(items)
        named = get_named_type(type_)
        if is_abstract_type(named):
            named = random.choice(self.schema.get_possible_types(named))
        if isinstance(named, GraphQLObjectType):
            return self.classes[named.name](seed)
        return random.choice(FITTING[named.name])

    def _odd(self, random, seed):
        """What does not fit, or is odd."""
        match random.randrange(8):
            case 0:
                raise ValueError(f"No {seed}.")
            case 1:
                raise GraphQLError("Refused.", extensions={"code": "X"})
            case 2:
                raise BadUserInputError("Not like this.")
            case 3:
                return LookupError("given")
            case 4 if not self.is_still:
                return Later(random.choice(["1", 1, None]))
            case 5:
                return self.classes[random.choice(list(self.classes))](seed)
            case 6:
                return None
        return random.choice(ODD)
