from collections.abc import Sequence
from typing import NoReturn
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.context import Context
from schema.meeting import grouped
from server.content.filters import AnswerFilter, AnswerOrder
from server.content.library import Library
from server.content.pages import PageRequest
from server.content.touching import ANY, answer_tag, index_tag
from server.db.reads import Reads
from server.events.stream import Wakes
from server.search.results import SearchPage, SearchRequest
from tests.schema.asking import Asking
from tests.schema.drafts import answer

keys = st.lists(st.tuples(st.integers(0, 5).map(lambda number: UUID(int=number)), st.sampled_from("ab")), max_size=12)


@given(keys)
async def test_keys_with_equal_arguments_are_loaded_in_one_call(asked: list[tuple[UUID, str]]) -> None:
    calls: list[str] = []

    async def load(ids: Sequence[UUID], argument: str) -> list[tuple[UUID, str]]:
        calls.append(argument)
        return [(uuid, argument) for uuid in ids]

    assert await grouped(asked, load) == asked
    assert sorted(calls) == sorted({argument for _, argument in asked})


async def test_an_answer_that_was_read_is_remembered_with_its_sources_and_topics(asking: Asking) -> None:
    await asking.publish(answer())
    context = asking.context()
    found = await context.library.answer_by_slug("how-does-it-work", "en")
    assert found is not None
    before = asking.reads.statements

    context.remember([found, None])

    assert await context.answers.load(found.uuid) is found
    assert await context.sources.load(found.caveats.sources[0].uuid) is found.caveats.sources[0]
    assert await context.topics.load_many([topic.uuid for topic in found.caveats.topics]) == list(found.caveats.topics)
    assert asking.reads.statements == before


async def test_what_touches_answers_is_told_of_all_that_were_met_and_of_no_list(asking: Asking) -> None:
    await asking.publish(answer("one"), answer("two"))
    context = asking.context()
    listed = await context.library.list_answers(AnswerFilter(), AnswerOrder(), page=PageRequest(size=5))
    context.remember(listed.nodes)

    assert context.touched == {ANY}
    assert context.met == listed.nodes[0].tags | listed.nodes[1].tags
    assert {answer_tag(each.uuid) for each in listed.nodes} < context.met


async def test_what_one_request_remembers_another_does_not(asking: Asking) -> None:
    await asking.publish(answer())
    context = asking.context()
    found = await context.library.answer_by_slug("how-does-it-work", "en")
    context.remember([found])

    again = await asking.context().answers.load(found.uuid)

    assert (again == found, again is found) == (True, False)


@pytest.mark.parametrize("is_lasting", [True, False])
async def test_what_was_found_may_be_kept_as_long_as_the_index_is_in_one_state_where_it_lasts(
    reads: Reads, *, is_lasting: bool
) -> None:
    async def found(_: SearchRequest) -> SearchPage:
        return SearchPage(
            hits=(), has_next=False, has_previous=False, total=0, facets=nobody_asks, is_lasting=is_lasting
        )

    context = Context(library=Library(reads), search=found, suggest=nobody_asks, wakes=Wakes())
    await context.search(SearchRequest(query="leukemia", filter=AnswerFilter(), first=1))

    assert context.touched == ({index_tag("")} if is_lasting else None)


async def nobody_asks(*_: object) -> NoReturn:
    raise AssertionError
