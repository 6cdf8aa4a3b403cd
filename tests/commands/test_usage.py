"""`caveat usage` as an operator types it, on a database of its own."""

import asyncio

import pytest
from click.testing import CliRunner
from graphql import build_schema

from server.access.receipts.lines import Asked, Lines, Served
from server.access.receipts.writing import Batch, write
from server.cli import main
from server.commands import usage
from server.commands.usage import states_of
from server.days import today
from server.db.engine import Engine
from server.db.reads import Reads
from server.db.uuids import new_uuid
from tests.access.registering import register
from tests.commands.test_clients import PAGE

SLUG = "what-is-anemia"
SERVED_ON = today()  # once for the module: its tests may run on after midnight
DAY = str(SERVED_ON)


@pytest.fixture
def run(database_url, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.delenv("CAVEAT_ENV", raising=False)
    return lambda *words: CliRunner().invoke(main, list(map(str, words)), catch_exceptions=False)


def rows(result):
    return [tuple(line.split("\t")) for line in result.stdout.splitlines() if "\t" in line]


async def _serve(url, day):
    """A client was served the page twice by its document, the anonymous one once; a field is older than the schema."""
    engine = Engine(url)
    await register(engine, "app")
    async with Reads(url) as reads:
        app = await reads.fetch_value("select id from client")
        answer = await reads.fetch_value("select id from answer")
    lines = Lines(most=100)
    lines.add_served(Served(day, app, "abc", answer, 1), 2)
    lines.add_served(Served(day, None, "", answer, 1), 1)
    lines.add_asked(Asked(day, app, "Answer.title"), 2)
    lines.add_asked(Asked(day, None, "Answer.headline"), 1)
    await write(engine, Batch(writer=new_uuid(), number=1, lines=lines))
    await engine.close()


@pytest.fixture
def served(run, database_url, tmp_path):
    page = tmp_path / "page.txt"
    page.write_text(PAGE)
    run("import", page)
    asyncio.run(_serve(database_url, SERVED_ON))


RECIPIENTS = [
    ("client", "revision", "document", "count", "first", "last"),
    ("(anonymous)", "1", "ad hoc", "1", DAY, DAY),
    ("app", "1", "abc", "2", DAY, DAY),
]


def test_who_was_served_an_answer_is_listed(run, served):
    assert rows(run("usage", "served", SLUG)) == RECIPIENTS
    assert rows(run("usage", "served", SLUG, "--revision", 2)) == RECIPIENTS[:1]


def test_a_retraction_lists_whom_to_call(run, served):
    retracted = run("retract", SLUG, "--reason", "It was wrong.")

    assert retracted.stdout.startswith(f"Retracted: {SLUG}\nServed in the last 30 days to these:\n")
    assert rows(retracted) == RECIPIENTS
    assert f"`caveat usage served {SLUG}` lists that too" in retracted.stderr


def test_the_top_answers_of_clients_are_listed(run, served):
    head = ("client", "answer", "locale", "revision", "count", "last")
    of_app = ("app", SLUG, "en", "1", "2", DAY)

    assert rows(run("usage", "answers")) == [head, ("(anonymous)", SLUG, "en", "1", "1", DAY), of_app]
    assert rows(run("usage", "answers", "--client", "app")) == [head, of_app]


def test_who_asks_for_a_field_is_listed(run, served):
    head = ("field", "client", "count", "last", "state")
    title, gone = (
        ("Answer.title", "app", "2", DAY, ""),
        ("Answer.headline", "(anonymous)", "1", DAY, "not in this schema"),
    )

    assert rows(run("usage", "fields")) == [head, gone, title]
    assert rows(run("usage", "fields", "Answer.title")) == [head, title]
    assert rows(run("usage", "fields", "--deprecated")) == [head]


SCHEMA = """
type Query implements Titled { title: String @deprecated(reason: "Ask for `heading`.") heading: String }
interface Titled { title: String heading: String @deprecated }
"""


def test_a_field_is_deprecated_where_the_schema_marks_it():
    states = {name: state for name, state in states_of(build_schema(SCHEMA)).items() if not name.startswith("__")}

    assert states == {
        "Query.title": "deprecated",
        "Query.heading": "",
        "Titled.title": "",
        "Titled.heading": "deprecated",
    }


def test_who_asks_for_a_deprecated_field_is_listed(run, served, monkeypatch):
    schema = build_schema("type Query { a: Answer } type Answer { title: String @deprecated headline: String }")
    monkeypatch.setattr(usage, "build_schema", lambda: schema)  # ours deprecates nothing yet

    assert rows(run("usage", "fields", "--deprecated"))[1:] == [("Answer.title", "app", "2", DAY, "deprecated")]


def test_what_is_not_there_is_refused(run, served):
    assert run("usage", "served", "nothing").exit_code == 1
    assert run("usage", "answers", "--client", "nobody").exit_code == 1
    assert run("usage", "fields", "title").exit_code == 1
