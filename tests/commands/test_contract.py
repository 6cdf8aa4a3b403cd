"""`caveat schema check`, on a database of its own."""

import asyncio
import datetime
from collections.abc import Awaitable, Callable

import pytest
from click.testing import CliRunner, Result

from schema.build import sdl
from server.access.documents.keeping import push, retire
from server.access.documents.values import Document
from server.access.receipts.lines import Asked, Lines
from server.access.receipts.writing import Batch, write
from server.access.served import record_served
from server.cli import main
from server.days import today
from server.db.uuids import new_uuid
from tests.access.registering import register

PAGE = Document(id="page", text='query Page {\n  answer(slug: "a") {\n    title\n    mood\n  }\n}', name="Page")
FINE = Document(id="fine", text='query Fine { answer(slug: "a") { title } }', name="Fine")
SERVED = sdl().replace("type Answer implements Node {\n", "type Answer implements Node {\n  mood: String!\n", 1)
ASKED_ON = today()  # once for the module: its tests may run on after midnight


@pytest.fixture
def check(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Awaitable[Result]]:
    monkeypatch.setenv("DATABASE_URL", database_url)
    words = ["schema", "check"]
    return lambda *more: asyncio.to_thread(CliRunner().invoke, main, [*words, *more], catch_exceptions=False)


async def test_a_schema_that_is_as_it_was_breaks_nobody(check, engine):
    await register(engine)
    await push(engine, [FINE], client="app", version="1")
    await record_served(engine, sdl())

    result = await check()

    assert result.exit_code == 0
    assert result.stdout.startswith("Compared with the schema served since ")
    assert result.stdout.endswith("and with 1 document of 1 client.\nIt breaks nobody.\n")


async def test_a_removal_that_nobody_uses_passes(check, engine):
    await register(engine)
    await push(engine, [FINE], client="app", version="1")
    await record_served(engine, SERVED)

    result = await check()

    assert (result.exit_code, result.stdout.splitlines()[1:]) == (
        0,
        ["Answer.mood was removed: nobody uses it.", "It breaks nobody."],
    )


async def test_a_removal_breaks_the_versions_that_use_it(check, engine):
    for name, versions in (("app", ("1", "2")), ("site", ("1",))):
        await register(engine, name)
        for version in versions:
            await push(engine, [PAGE, FINE], client=name, version=version)
    await record_served(engine, SERVED)

    result = await check()

    assert (result.exit_code, result.stdout.splitlines()[1:]) == (
        1,
        ["Answer.mood was removed: breaks", "  app 1, 2: Page (page): line 4", "  site 1: Page (page): line 4"],
    )
    assert result.stderr == "Error: the schema would break app 1, app 2, site 1.\n"


async def note_asked(engine, reads, name, *fields, day=None):
    """Writes that a client asked for fields; None is the anonymous one."""
    client_id = None if name is None else await reads.fetch_value("select id from client where name = $1", name)
    lines = Lines(most=10)
    for field in fields:
        lines.add_asked(Asked(day or ASKED_ON, client_id, field), 3)
    await write(engine, Batch(writer=new_uuid(), number=1, lines=lines))


async def test_a_removal_breaks_whoever_asked_for_it_ad_hoc(check, engine, reads):
    await register(engine, "portal")
    await record_served(engine, SERVED)
    await note_asked(engine, reads, "portal", "Answer.mood", "Answer.title")
    await note_asked(engine, reads, None, "Answer.mood")

    result = await check()

    assert result.stdout.splitlines()[1:] == [
        "Answer.mood was removed: breaks",
        f"  (anonymous): asked for Answer.mood 3 times, last on {ASKED_ON}",
        f"  portal: asked for Answer.mood 3 times, last on {ASKED_ON}",
    ]
    assert (result.exit_code, result.stderr) == (1, "Error: the schema would break (anonymous), portal.\n")
    assert (await check("--accept", "Answer.mood")).exit_code == (await check("--days", "0")).exit_code == 0


async def test_of_a_client_that_is_bound_its_documents_say_everything(check, engine, reads):
    await register(engine, is_bound=True)
    await push(engine, [FINE], client="app", version="2")
    await record_served(engine, SERVED)
    await note_asked(engine, reads, "app", "Answer.mood")

    assert (await check()).exit_code == 0, "the version that asked for it is retired"


async def test_what_was_asked_long_ago_is_used_by_nobody(check, engine, reads):
    await record_served(engine, SERVED)
    await note_asked(engine, reads, None, "Answer.mood", day=today() - datetime.timedelta(days=30))

    assert (await check()).exit_code == 0
    assert (await check("--days", "31")).exit_code == 1


async def test_a_client_is_told_once_where_its_documents_say_it(check, engine, reads):
    await register(engine)
    await push(engine, [PAGE], client="app", version="1")
    await record_served(engine, SERVED)
    await note_asked(engine, reads, "app", "Answer.mood")

    lines = (await check()).stdout.splitlines()[1:]
    assert lines == ["Answer.mood was removed: breaks", "  app 1: Page (page): line 4"]


async def test_a_version_that_is_retired_is_broken_by_nothing(check, engine):
    await register(engine)
    await push(engine, [PAGE], client="app", version="1")
    await retire(engine, client="app", version="1")
    await record_served(engine, SERVED)

    assert (await check()).exit_code == 0


async def test_a_change_that_clients_were_told_of_is_accepted(check, engine):
    await register(engine)
    await push(engine, [PAGE], client="app", version="1")
    await record_served(engine, SERVED)

    result = await check("--accept", "Answer.mood")

    assert (result.exit_code, result.stdout.splitlines()[1]) == (0, "Answer.mood was removed: breaks, as accepted,")


async def test_a_document_is_checked_though_no_schema_was_served(check, engine):
    await register(engine)
    await push(engine, [PAGE], client="app", version="1")

    result = await check()

    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "Compared with no schema: none was served, and with 1 document of 1 client.",
        "These would be refused for another reason:",
        "  app 1: Page (page): line 4: Cannot query field 'mood' on type 'Answer'.",
    ]


async def test_a_document_that_no_longer_fits_the_limits_of_its_client_is_told(check, engine):
    await register(engine, max_cost=1)
    await push(engine, [FINE], client="app", version="1")
    await record_served(engine, sdl())

    result = await check()

    assert (result.exit_code, "app 1: Fine (fine): The operation `Fine` may give" in result.stdout) == (1, True)
