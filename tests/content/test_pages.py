import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.content.filters import AnswerFilter, AnswerOrder, AnswerOrderField
from server.content.library import Library
from server.content.pages import PageRequest, decode_cursor, encode_cursor, page_request
from server.content.publishing import publish
from server.db.engine import Engine
from server.errors.requests import BadUserInputError, CursorInvalidError
from tests.schema.drafts import answer

DAY = datetime.date(2026, 5, 15)


async def slugs(library: Library, wanted: AnswerFilter, order: AnswerOrder | None = None) -> list[str]:
    page = await library.list_answers(wanted, order or AnswerOrder(), page=PageRequest(size=100))
    assert await library.count_answers(wanted) == len(page.nodes)
    return [found.slug for found in page.nodes]


@pytest.mark.parametrize("field", list(AnswerOrderField))
@pytest.mark.parametrize("is_descending", [True, False])
async def test_pages_from_either_end_are_the_whole_list(
    engine: Engine, library: Library, field: AnswerOrderField, is_descending: bool
) -> None:
    drafts = [
        answer(f"a{number}", question=f"Question {number % 4}?", published_on=DAY + datetime.timedelta(days=number % 3))
        for number in range(11)
    ]
    await publish(engine, drafts)
    order = AnswerOrder(field=field, is_descending=is_descending)
    whole = await slugs(library, AnswerFilter(), order)

    for size in (1, 3, 5, 11):
        assert await walked(library, order, size, is_backward=False) == whole
        assert await walked(library, order, size, is_backward=True) == whole


async def walked(library: Library, order: AnswerOrder, size: int, *, is_backward: bool) -> list[str]:
    found: list[str] = []
    cursor = None
    for number in range(20):
        request = PageRequest(size=size, is_backward=is_backward, **{"before" if is_backward else "after": cursor})
        page = await library.list_answers(AnswerFilter(), order, page=request)
        names = [each.slug for each in page.nodes]
        found = names + found if is_backward else found + names
        assert (page.has_next if is_backward else page.has_previous) == (number > 0)
        if not (page.has_previous if is_backward else page.has_next):
            return found
        cursor = page.cursors[0] if is_backward else page.cursors[-1]
    raise AssertionError("the list never ends")


async def test_a_page_lies_between_its_cursors(engine: Engine, library: Library) -> None:
    await publish(engine, [answer(f"a{number}") for number in range(6)])
    page = await library.list_answers(AnswerFilter(), AnswerOrder(), page=PageRequest())
    names = [each.slug for each in page.nodes]

    request = PageRequest(after=page.cursors[0], before=page.cursors[4], size=2)
    between = await library.list_answers(AnswerFilter(), AnswerOrder(), page=request)

    assert ([each.slug for each in between.nodes], between.has_next) == (names[1:3], True)


async def test_a_cursor_of_another_order_is_refused(engine: Engine, library: Library) -> None:
    await publish(engine, [answer()])
    page = await library.list_answers(AnswerFilter(), AnswerOrder(), page=PageRequest())
    topics = await library.list_topics(PageRequest())

    for cursor in (topics.cursors[0], "x", ""):
        with pytest.raises(CursorInvalidError, match="`after`"):
            await library.list_answers(AnswerFilter(), AnswerOrder(), page=PageRequest(after=cursor))
    order = AnswerOrder(field=AnswerOrderField.QUESTION)
    with pytest.raises(CursorInvalidError, match="`before`"):
        await library.list_answers(AnswerFilter(), order, page=PageRequest(before=page.cursors[0]))


async def test_a_cursor_from_before_punctuation_was_left_aside_is_refused(engine: Engine, library: Library) -> None:
    await publish(engine, [answer(question="¿Cómo?")])
    order = AnswerOrder(field=AnswerOrderField.QUESTION)
    (cursor,) = (await library.list_answers(AnswerFilter(), order, page=PageRequest())).cursors
    key, identity = decode_cursor("after", cursor, list_name="answers:QUESTION_WORDS:desc")
    old = encode_cursor("answers:QUESTION:desc", "¿como?", identity)
    assert key == "como"

    with pytest.raises(CursorInvalidError, match="start again without it"):
        await library.list_answers(AnswerFilter(), order, page=PageRequest(after=old))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50, database=None)
@given(cursor=st.text(max_size=60))
async def test_no_text_makes_a_cursor_fail_otherwise(library: Library, cursor: str) -> None:
    with pytest.raises(CursorInvalidError):
        await library.list_answers(AnswerFilter(), AnswerOrder(), page=PageRequest(after=cursor))


@pytest.mark.parametrize(
    ("asked", "message"),
    [({"first": 1, "last": 1}, "not both"), ({"first": -1}, "`first` is -1"), ({"last": 101}, "`last` is 101")],
)
def test_a_page_that_can_not_be_is_refused(asked: dict[str, int], message: str) -> None:
    with pytest.raises(BadUserInputError, match=message):
        page_request(**{"first": None, "after": None, "last": None, "before": None, **asked})
