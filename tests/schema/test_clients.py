"""What a client can ask about itself."""

import pytest

from server.access.audience import Audience
from tests.schema.drafts import answer
from tests.schema.served import ask_as_client

WHOLE = """{ client { name kind limits { requestsPerMinute costPerMinute maxCost maxSubscriptions } usage(days: 7) {
  since answers { revision count answer { slug } } fields { field count } } } }"""


@pytest.fixture
async def asking(asking):
    await asking.publish(answer())
    await ask_as_client(asking)
    return asking


async def test_a_client_sees_who_it_is_what_it_may_and_what_it_was_served(asking):
    seen = (await asking.ask(WHOLE))["client"]

    usage = seen.pop("usage")
    assert seen == {
        "name": "app",
        "kind": "PARTNER",
        "limits": {"requestsPerMinute": 10, "costPerMinute": 1_000, "maxCost": 100, "maxSubscriptions": 5},
    }
    assert usage["answers"] == [{"revision": 1, "count": 3, "answer": {"slug": "how-does-it-work"}}]
    assert usage["fields"] == [{"field": "Answer.slug", "count": 2**31 - 1}]
    assert asking.statements == 3


async def test_who_a_client_is_costs_no_statement(asking):
    await asking.ask("{ client { name kind limits { maxCost } usage { since } } }")
    assert asking.statements == 0


async def test_a_client_that_was_confined_since_is_not_told_of_what_lies_outside(asking):
    asking.audience = Audience(topics=("elsewhere",))
    assert (await asking.ask("{ client { usage { answers { revision } } } }"))["client"] == {"usage": {"answers": []}}


async def test_the_anonymous_client_has_no_account(asking):
    asking.account = None
    assert await asking.ask(WHOLE) == {"client": None}


async def test_a_number_of_days_out_of_range_is_refused(asking):
    assert (await asking.refusal("{ client { usage(days: 401) { since } } }"))[0] == "BAD_USER_INPUT"
