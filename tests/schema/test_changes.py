import asyncio
from collections.abc import AsyncIterator

from graphql import ExecutionResult, parse, subscribe

from server.content.withdrawal import Named, retract
from tests.schema.asking import Asking
from tests.schema.drafts import answer

CHANGES = """
    query ($since: String, $filter: ChangeFilter, $first: Int! = 100) {
      changes(since: $since, filter: $filter, first: $first) {
        nodes { cursor kind answerId answer { id slug status } } cursor hasMore
      }
    }
"""
FOLLOW = """
    subscription ($since: String, $filter: ChangeFilter) {
      contentChanged(since: $since, filter: $filter) {
        kind answer { slug disclaimers { text } sections { answer { slug } } } }
    }
"""


def _told(page: dict) -> list[tuple[str, str | None]]:
    return [(node["kind"], node["answer"] and node["answer"]["slug"]) for node in page["nodes"]]


async def test_changes_come_oldest_first_and_each_answer_once(asking: Asking) -> None:
    await asking.publish(answer("one"))
    await asking.publish(answer("two"))
    await retract(asking.engine, Named(slug="one"), reason="It was wrong.")

    page = (await asking.ask(CHANGES))["changes"]

    assert _told(page) == [("PUBLISHED", "two"), ("RETRACTED", "one")]
    assert [node["answerId"] for node in page["nodes"]] == [node["answer"]["id"] for node in page["nodes"]]
    assert page["hasMore"] is False


async def test_a_cursor_leads_on_to_what_happened_after_it(asking: Asking) -> None:
    await asking.publish(*[answer(f"answer-{number}") for number in range(3)])
    first = (await asking.ask(CHANGES, first=2))["changes"]
    rest = (await asking.ask(CHANGES, since=first["cursor"]))["changes"]
    await asking.publish(answer("later"))
    later = (await asking.ask(CHANGES, since=rest["cursor"]))["changes"]

    assert (len(first["nodes"]), first["hasMore"]) == (2, True)
    assert (len(rest["nodes"]), rest["hasMore"]) == (1, False)
    assert _told(later) == [("PUBLISHED", "later")]


async def test_changes_are_narrowed_by_topic_slug_and_locale(asking: Asking) -> None:
    await asking.publish(answer("one"), answer("two", topics=()), answer("tres", locale="es-MX"))

    found = [
        _told((await asking.ask(CHANGES, filter=conditions))["changes"])
        for conditions in ({"topics": ["leukemia"], "locales": ["en"]}, {"slugs": ["two"]}, {"locales": ["es"]}, {})
    ]

    assert [len(each) for each in found] == [1, 1, 1, 3]
    assert found[:3] == [[("PUBLISHED", "one")], [("PUBLISHED", "two")], [("PUBLISHED", "tres")]]


async def test_a_feed_that_can_not_be_is_refused(asking: Asking) -> None:
    refusals = [
        await asking.refusal(CHANGES, first=1_001),
        await asking.refusal(CHANGES, since="nonsense"),
        await asking.refusal(CHANGES, filter={"slugs": ["a"] * 101}),
    ]

    assert [code for code, _ in refusals] == ["BAD_USER_INPUT", "CURSOR_INVALID", "BAD_USER_INPUT"]
    assert refusals[0][1] == "`first` is 1001: it takes 0 to 1000."
    assert refusals[2][1] == "`filter.slugs` has 101 entries: it takes at most 100."


async def _follow(asking: Asking, **variables: object) -> AsyncIterator[ExecutionResult]:
    stream = subscribe(asking.schema, parse(FOLLOW), context_value=asking.context(), variable_values=variables)
    return await stream if asyncio.iscoroutine(stream) else stream


async def _next(stream: AsyncIterator[ExecutionResult]) -> tuple[str, str]:
    async with asyncio.timeout(30):
        result = await anext(stream)
    assert result.errors is None
    change = result.data["contentChanged"]
    assert {section["answer"]["slug"] for section in change["answer"]["sections"]} <= {change["answer"]["slug"]}
    return change["kind"], change["answer"]["slug"]


async def test_a_subscriber_resumes_and_goes_on_with_what_is_committed(asking: Asking) -> None:
    start = (await asking.ask(CHANGES))["changes"]["cursor"]
    await asking.publish(answer("missed"))
    stream = await _follow(asking, since=start)

    missed = await _next(stream)
    await asking.publish(answer("one"))
    asking.wakes.wake()
    told = await _next(stream)
    await stream.aclose()

    assert (missed, told) == (("PUBLISHED", "missed"), ("PUBLISHED", "one"))


async def test_a_subscription_that_can_not_be_is_refused_before_it_starts(asking: Asking) -> None:
    result = await _follow(asking, filter={"slugs": ["a"] * 101})

    assert isinstance(result, ExecutionResult)
    assert result.errors[0].original_error.message == "`filter.slugs` has 101 entries: it takes at most 100."
