"""A registered client that was served an answer."""

from server.access.receipts.account import Account, Bounds
from server.access.receipts.gathering import today
from server.access.receipts.lines import Asked, Lines, Served
from server.access.receipts.writing import Batch, write
from server.access.registration import find_client
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
    lines, first = Lines(most=10), await asking.reads.fetch_value("select id from answer order by id limit 1")
    lines.add_served(Served(today(), client.id, "abc", first, 1), 3)
    lines.add_asked(Asked(today(), client.id, "Answer.slug"), 2**40)
    await write(asking.engine, Batch(writer=new_uuid(), number=1, lines=lines))
