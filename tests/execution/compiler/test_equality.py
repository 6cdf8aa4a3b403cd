"""What is compiled gives what graphql-core gives: schemas, data and operations made at random."""

import gc

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from server.execution.compiler.programs import By, Compiler
from tests.execution.compiler.comparing import same
from tests.execution.compiler.operations import valid
from tests.execution.compiler.worlds import World
from tests.execution.reading import Reader

numbers = st.integers(0, 1_000_000)
pytestmark = [
    pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning"),
    pytest.mark.filterwarnings("ignore:Exception ignored in. <coroutine:pytest.PytestUnraisableExceptionWarning"),
]
"""graphql-core leaves coroutines behind that it cancels before they began."""


@settings(max_examples=300, deadline=None)
@given(numbers, numbers, st.sampled_from([0, 0, 2, 10]))
async def test_what_is_there_at_once_is_the_same(schema, operation, fails):
    await _compare(World(schema, fails=fails, is_still=True), operation)


@settings(max_examples=300, deadline=None)
@given(numbers, numbers, st.sampled_from([0, 0, 2, 10]))
async def test_what_has_to_be_waited_for_is_the_same(schema, operation, fails):
    await _compare(World(schema, fails=fails, is_still=False), operation)


@settings(max_examples=100, deadline=None)
@given(numbers, st.lists(numbers, min_size=1, max_size=3), st.sampled_from([0, 2, 10]), st.booleans())
async def test_what_was_compiled_for_another_text_is_the_same_elsewhere(schema, operations, fails, is_still):
    world = World(schema, fails=fails, is_still=is_still)
    known = {"compiler": Compiler(world.schema), "read": Reader()}
    for operation in operations:
        for moved in ("query Q", "\n  query Elsewhere", "query Q"):
            await _compare(world, operation, moved=moved, **known)


@pytest.fixture(autouse=True)
def _clean():
    """Leaves nothing of it to the tests that follow."""
    yield
    gc.collect()


async def _compare(world, operation, *, moved="query Q", **known):
    made = valid(world.schema, operation)
    assume(made)
    text, _, values = made
    text = text.replace("query Q", moved, 1)
    by = await same(world.schema, text, values=values, root=world.root, is_still=world.is_still, **known)
    assert by in (By.COMPILED, By.HANDED_OVER, None)
