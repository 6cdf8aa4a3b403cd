"""What is waited for: together, no longer than needed, and without anything left behind."""

import asyncio
import gc

import pytest
from graphql import parse
from strawberry.dataloader import DataLoader

from schema.loading import Loader
from server.execution.compiler.programs import By, Compiler
from tests.execution.compiler.comparing import program
from tests.execution.compiler.zoo import SCHEMA, Cat, Dog, Keeper, Zoo


def start(text, root, context=None):
    """Starts a compiled operation: gives its result, or what gives it."""
    compiler = Compiler(SCHEMA)
    started = program(compiler, parse(text)).start({}, context, root=root)
    assert compiler.runs[By.COMPILED] == 1
    return started


async def run(text, root, context=None):
    """The result of a compiled operation."""
    return await start(text, root, context)


class Friends:
    """Loads the friends of pets by name, and counts how often."""

    def __init__(self, found):
        self.batches = []
        self._found = found
        self._loader = DataLoader(self._load)

    async def _load(self, names):
        self.batches.append(sorted(names))
        return [self._found[name] for name in names]

    def __call__(self, pet):
        return self._loader.load(pet.name)


async def test_everything_on_one_level_is_loaded_at_once():
    friends = Friends({"a": [Cat("c"), Cat("d")], "b": [Dog("e")], "c": (), "d": (), "e": ()})
    root = Zoo(pets=[Cat("a"), Dog("b")], pet=Cat("b"))

    result = await run("{ pets { friends { friends { name } } } pet { friends { name } } }", root, friends)

    assert result.errors is None
    assert friends.batches == [["a", "b"], ["c", "d", "e"]]


async def test_what_waits_is_waited_for_together():
    both = asyncio.Barrier(2)

    async def meet(pet):
        await both.wait()
        return [Cat(f"friend of {pet.name}")]

    async with asyncio.timeout(5):
        result = await run("{ pets { friends { name } } }", Zoo(pets=[Cat("a"), Cat("b")]), meet)

    assert result.data == {"pets": [{"friends": [{"name": f"friend of {name}"}]} for name in "ab"]}


async def test_what_is_there_already_is_not_waited_for():
    ready = asyncio.get_running_loop().create_future()
    ready.set_result([Cat("Tim")])

    result = start("{ pets { name friends { name } } }", Zoo(pets=[Cat("Tom")]), lambda _: ready)

    assert result.data == {"pets": [{"name": "Tom", "friends": [{"name": "Tim"}]}]}


async def test_an_error_that_empties_everything_ends_what_is_waited_for():
    ended = []

    async def fail_or_wait(pet):
        if pet.name == "a":
            raise ValueError("no friends")
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(pet.name)

    async with asyncio.timeout(5):
        result = await run("{ pets { friends { name } } }", Zoo(pets=[Cat("b"), Cat("a"), Cat("c")]), fail_or_wait)

    assert result.data is None
    assert [error.path for error in result.errors] == [["pets", 1, "friends"]]
    assert sorted(ended) == ["b", "c"]


async def test_an_error_ends_what_is_waited_for_below_the_place_that_it_empties():
    ended = []

    async def fail_or_wait(pet):
        if pet.name == "a":
            raise ValueError("no friends")
        if pet.name == "d":
            return []
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(pet.name)

    before = asyncio.all_tasks()
    zoo = Zoo(pets=[Cat("b"), Cat("a"), Cat("c")])
    async with asyncio.timeout(5):
        text = "{ zoo { pets { friends { name } } } keeper { pets { friends { name } } } }"
        result = await run(text, Zoo(pet=zoo, keeper=Keeper(pets=[Cat("d")])), fail_or_wait)

    assert result.data == {"zoo": None, "keeper": {"pets": [{"friends": []}]}}
    assert [error.path for error in result.errors] == [["zoo", "pets", 1, "friends"]]
    assert sorted(ended) == ["b", "c"]
    assert asyncio.all_tasks() == before


async def test_an_error_ends_what_what_was_waited_for_waits_for():
    async def befriend(pet):
        if pet.name == "late":
            await asyncio.Event().wait()
        if pet.name == "a":
            for _ in range(8):
                await asyncio.sleep(0)
            raise ValueError("no friends")
        return [Cat("late")]

    async with asyncio.timeout(5):
        text = "{ zoo { pets { friends { friends { name } } } } }"
        result = await run(text, Zoo(pet=Zoo(pets=[Cat("a"), Cat("b")])), befriend)

    assert result.data == {"zoo": None}
    assert [error.path for error in result.errors] == [["zoo", "pets", 0, "friends"]]


async def test_what_fails_as_it_is_ended_is_not_told():
    async def fail(pet):
        if pet.name == "a":
            raise ValueError("no friends")
        try:
            await asyncio.Event().wait()
        finally:
            raise ValueError("ended")

    async with asyncio.timeout(5):
        result = await run("{ zoo { pets { friends { name } } } }", Zoo(pet=Zoo(pets=[Cat("a"), Cat("b")])), fail)

    assert result.data == {"zoo": None}
    assert [error.message for error in result.errors] == ["no friends"]


async def test_what_several_places_wait_for_is_not_ended_with_one_of_them():
    loading, failed = asyncio.Event(), asyncio.Event()

    async def load(names):
        loading.set()
        await failed.wait()
        return [[Cat(f"friend of {name}")] for name in names]

    async def fail():
        await loading.wait()
        asyncio.get_running_loop().call_later(0.01, failed.set)
        raise ValueError("no friends")

    loader = Loader(load)
    text = "{ zoo { pets { friends { name } } } keeper { pets { friends { name } } } }"
    root = Zoo(pet=Zoo(pets=[Cat("a"), Cat("b")]), keeper=Keeper(pets=[Cat("b")]))
    async with asyncio.timeout(5):
        result = await run(text, root, lambda pet: fail() if pet.name == "a" else loader.load(pet.name))

    assert result.data == {"zoo": None, "keeper": {"pets": [{"friends": [{"name": "friend of b"}]}]}}


async def test_an_error_empties_its_place_and_no_other():
    async def fail_or_not(pet):
        if pet.name == "a":
            raise ValueError("no friends")
        return []

    keeper = Keeper(pets=[Cat("b"), Cat("a"), Dog("c")])
    result = await run("{ keeper { pets { name friends { name } } } }", Zoo(keeper=keeper), fail_or_not)

    pets = [{"name": "b", "friends": []}, None, {"name": "c", "friends": []}]
    assert result.data == {"keeper": {"pets": pets}}
    assert [(error.message, error.path) for error in result.errors] == [
        ("no friends", ["keeper", "pets", 1, "friends"])
    ]


async def test_two_errors_in_one_place_are_told_once():
    async def fail(pet):
        raise ValueError(pet.name)

    keeper = Keeper(pets=[Cat(friends=[Cat("a"), Cat("b")])])
    text = "{ keeper { pets { a: friends { name } b: friends { name } } } }"
    result = await run(text, Zoo(keeper=keeper), fail)

    assert result.data == {"keeper": {"pets": [None]}}
    assert len(result.errors) == 1


async def test_an_error_in_what_was_waited_for_leaves_the_rest():
    async def befriend(pet):
        return [Cat(name=None) if pet.name == "a" else Cat("x")]

    keeper = Keeper(pets=[Cat("a"), Cat("b")])
    result = await run("{ keeper { pets { friends { name } } } }", Zoo(keeper=keeper), befriend)

    assert result.data == {"keeper": {"pets": [None, {"friends": [{"name": "x"}]}]}}
    assert [error.path for error in result.errors] == [["keeper", "pets", 0, "friends", 0, "name"]]


@pytest.mark.parametrize("turns", [1, 2, 3, 4])
async def test_a_run_that_is_cancelled_leaves_nothing_behind(turns):
    ended = []

    async def wait(pet):
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(pet.name)

    before = asyncio.all_tasks()
    root = Zoo(pets=[Cat("a"), Cat("b")], pet=Cat("c"))
    running = asyncio.ensure_future(start("{ pets { friends { name } } pet { friends { name } } }", root, wait))
    for _ in range(turns):
        await asyncio.sleep(0)

    running.cancel()
    await asyncio.wait([running])
    for _ in range(3):
        await asyncio.sleep(0)

    gc.collect()
    assert running.cancelled()
    assert asyncio.all_tasks() == before


async def test_the_cause_of_an_error_is_kept():
    cause = ValueError("why")
    result = await run("{ slow }", Zoo(slow=cause))

    assert [error.original_error for error in result.errors] == [cause]
