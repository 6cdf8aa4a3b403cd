"""What is compiled gives what graphql-core gives: schemas, data and operations made at random."""

import gc

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from server.execution.compiler.programs import By
from tests.execution.compiler.comparing import same
from tests.execution.compiler.operations import valid
from tests.execution.compiler.worlds import World

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


@pytest.fixture(autouse=True)
def _clean():
    """Leaves nothing of it to the tests that follow."""
    yield
    gc.collect()


async def _compare(world, operation):
    made = valid(world.schema, operation)
    assume(made)
    text, _, values = made
    by = await same(world.schema, text, values=values, root=world.root, is_still=world.is_still)
    assert by in (By.COMPILED, By.HANDED_OVER, None)
