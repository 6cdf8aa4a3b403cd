"""A list is read as ids, and its answers are those that are kept; one that has gone meanwhile is not in it."""

import pytest

from server.content.filters import AnswerFilter, AnswerOrder
from server.content.libraries import ForgetfulLibrary
from server.content.library import Library
from server.content.pages import PageRequest
from server.content.publishing import publish
from server.content.remembering import RememberingLibrary
from server.content.withdrawal import Named, erase, retract
from server.db.engine import Engine
from server.db.reads import Reads
from tests.content.memories import Memory
from tests.schema.drafts import answer

ALL, NEWEST, ORDER = AnswerFilter(), PageRequest(size=2), AnswerOrder()
SECOND = Named(slug="second", locale="en")


@pytest.fixture
async def content(engine: Engine) -> None:
    await publish(engine, [answer(slug, title=slug) for slug in ("first", "second", "third")])


async def slugs(library: RememberingLibrary, page: PageRequest = NEWEST, wanted: AnswerFilter = ALL) -> list[str]:
    return [each.slug for each in (await library.list_answers(wanted, ORDER, page=page)).nodes]


@pytest.mark.usefixtures("content")
async def test_a_list_is_what_the_library_gives(memory: Memory, library: Library) -> None:
    first = await library.list_answers(ALL, ORDER, page=NEWEST)
    for page in (NEWEST, PageRequest(size=2, after=first.cursors[1]), PageRequest(size=1, is_backward=True)):
        for wanted in (ALL, AnswerFilter(include_retracted=True), AnswerFilter(locales=("es",))):
            plain = await library.list_answers(wanted, ORDER, page=page)
            for _ in range(2):
                assert await memory.library().list_answers(wanted, ORDER, page=page) == plain


@pytest.mark.usefixtures("content")
async def test_where_nothing_is_kept_a_list_is_the_same(reads: Reads, library: Library) -> None:
    for wanted in (ALL, AnswerFilter(include_retracted=True), AnswerFilter(locales=("es",))):
        listed = await ForgetfulLibrary(reads).list_answers(wanted, ORDER, page=NEWEST)
        assert listed == await library.list_answers(wanted, ORDER, page=NEWEST)


@pytest.mark.usefixtures("content")
async def test_of_answers_that_are_kept_a_list_reads_the_ids_alone(memory: Memory) -> None:
    assert await memory.statements(lambda: slugs(memory.library(), PageRequest(size=3))) == 2

    assert await memory.statements(lambda: slugs(memory.library(), NEWEST)) == 1
    assert set(memory.reads.rows[0].keys()) == {"id", "day", "place"}


@pytest.mark.usefixtures("content")
@pytest.mark.parametrize("go", [retract, erase])
async def test_what_goes_while_a_list_is_read_is_not_in_it(memory: Memory, engine: Engine, go: object) -> None:
    async def leave() -> None:
        memory.reads.gate = None
        await (retract(engine, SECOND, reason="Out of date.") if go is retract else erase(engine, SECOND))

    memory.reads.gate = leave

    assert await slugs(memory.library(), PageRequest(size=3)) == ["third", "first"]
