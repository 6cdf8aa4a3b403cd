"""`caveat schema check`, on a database of its own."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from click.testing import CliRunner, Result

from schema.build import sdl
from server.access.documents.keeping import push, retire
from server.access.documents.values import Document
from server.access.served import record_served
from server.cli import main
from tests.access.registering import register

PAGE = Document(id="page", text='query Page {\n  answer(slug: "a") {\n    title\n    mood\n  }\n}', name="Page")
FINE = Document(id="fine", text='query Fine { answer(slug: "a") { title } }', name="Fine")
SERVED = sdl().replace("type Answer implements Node {\n", "type Answer implements Node {\n  mood: String!\n", 1)


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
        ["Answer.mood was removed: no registered document uses it.", "It breaks nobody."],
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
