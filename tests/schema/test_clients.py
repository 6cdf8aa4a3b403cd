"""What a client can ask about itself."""

from dataclasses import dataclass
from functools import partial

import pytest

from schema.context import Context
from server.access.audience import Audience
from server.access.receipts.account import Account, Bounds
from server.access.receipts.gathering import today
from server.access.receipts.lines import Asked, Lines, Served
from server.access.receipts.writing import Batch, write
from server.access.registration import find_client
from server.content.draft import Topic
from server.content.library import Library
from server.db.uuids import new_uuid
from server.search.query import search
from tests.access.registering import register
from tests.schema.asking import Asking
from tests.schema.drafts import answer

WHOLE = """{ client { name kind limits { requestsPerMinute costPerMinute maxCost maxSubscriptions } usage(days: 7) {
  since answers { revision count answer { slug } } fields { field count } } } }"""
BOUNDS = Bounds(requests_per_minute=10, cost_per_minute=1_000, max_cost=100, max_subscriptions=5)


@dataclass(kw_only=True)
class AskingAsClient(Asking):
    """Asks as a registered client."""

    account: Account | None = None

    def context(self):
        library = Library(self.reads, self.audience)
        finding = partial(search, reads=self.reads, library=library)
        return Context(library=library, search=finding, wakes=self.wakes, account=self.account)


@pytest.fixture
async def asking(schema, reads, engine):
    made = AskingAsClient(schema=schema, reads=reads, engine=engine)
    await made.publish(answer())
    await register(engine, "app")
    async with engine.transaction() as session:
        client = await find_client(session, "app")
    made.account = Account(client=client, bounds=BOUNDS, reads=reads)
    await note_served(made, await reads.fetch_value("select id from answer"), times=3)
    return made


async def note_served(asking, answer_id, *, times):
    lines = Lines(most=10)
    lines.add_served(Served(today(), asking.account.client.id, "abc", answer_id, 1), times)
    lines.add_asked(Asked(today(), asking.account.client.id, "Answer.slug"), 2**40)
    await write(asking.engine, Batch(writer=new_uuid(), number=1, lines=lines))


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


async def test_what_lies_outside_takes_no_place_of_what_it_may_see(asking):
    await asking.publish(answer("within", topics=(Topic(name="Heart", slug="heart"),)))
    await note_served(asking, await asking.reads.fetch_value("select id from answer where slug = 'within'"), times=1)
    asking.audience = Audience(topics=("heart",))

    usage = (await asking.ask("{ client { usage { answers(first: 1) { answer { slug } count } } } }"))["client"][
        "usage"
    ]

    assert usage["answers"] == [{"answer": {"slug": "within"}, "count": 1}], "the other was served three times"


async def test_the_anonymous_client_has_no_account(asking):
    asking.account = None
    assert await asking.ask(WHOLE) == {"client": None}


async def test_a_number_of_days_out_of_range_is_refused(asking):
    assert (await asking.refusal("{ client { usage(days: 401) { since } } }"))[0] == "BAD_USER_INPUT"
