"""A registered client that was served an answer."""

from uuid import UUID

from server.access.receipts.account import Account, Bounds
from server.access.receipts.lines import Asked, Lines, Served
from server.access.receipts.writing import Batch, write
from server.access.registration import find_client
from server.days import today
from server.db.uuids import new_uuid
from tests.access.registering import register
from tests.schema.asking import Asking

BOUNDS = Bounds(requests_per_minute=10, cost_per_minute=1_000, max_cost=100, max_subscriptions=5)


async def ask_as_client(asking: Asking) -> None:
    """Registers the client `app`, which was served the first answer three times, and has it ask from now on."""
    await register(asking.engine, "app")
    async with asking.engine.transaction() as session:
        client = await find_client(session, "app")
    asking.account = Account(client=client, bounds=BOUNDS, reads=asking.reads)
    await note_served(asking, await asking.reads.fetch_value("select id from answer order by id limit 1"), times=3)


async def note_served(asking: Asking, answer_id: UUID, *, times: int) -> None:
    """Writes down that the client was served the first revision of an answer so many times."""
    client = asking.account.client
    lines = Lines(most=10)
    lines.add_served(Served(today(), client.id, "abc", answer_id, 1), times)
    lines.add_asked(Asked(today(), client.id, "Answer.slug"), 2**40)
    await write(asking.engine, Batch(writer=new_uuid(), number=1, lines=lines))
