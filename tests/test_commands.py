"""The commands as an editor types them, on a database of their own."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from server.cli import main
from server.commands.running import opened_engine
from server.errors.machine import DatabaseUnavailableError
from tests.importers.medquad.xml import document, pair
from tests.schema.drafts import GUIDELINE

PAGE = """What is {name}?

{name}May 15, 2026Navis AI

According to the World Health Organization, {name} is a word.
"""


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.delenv("CAVEAT_ENV", raising=False)
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(PAGE.format(name="Anemia"))
    return path


def test_a_page_is_imported_once(run: Callable[..., Result], page: Path) -> None:
    first, second = run("import", page), run("import", page)

    assert (first.exit_code, first.stdout) == (0, "1 file: 1 published\n")
    assert "published: what-is-anemia (en, revision 1)" in first.stderr
    assert (second.exit_code, second.stdout) == (0, "1 file: 1 unchanged\n")


def test_a_file_that_can_not_be_read_is_refused_with_its_name_and_exit_code_1(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    (tmp_path / "bad.txt").write_text("What is it?\n\nNo date here\n")

    result = run("import", tmp_path)

    assert (result.exit_code, result.stdout) == (1, "1 file: 1 refused\n")
    assert "bad.txt: refused: line" in result.stderr


def test_a_dry_run_prints_the_outline_and_writes_nothing(run: Callable[..., Result], page: Path) -> None:
    result = run("import", page, "--dry-run")

    assert (result.exit_code, '"slug": "what-is-anemia"' in result.stdout) == (0, True)
    assert run("export", "what-is-anemia").exit_code == 1


def test_a_library_is_imported_with_a_summary_of_its_pairs(run: Callable[..., Result], tmp_path: Path) -> None:
    pairs = [pair(1, "What is gout?", "It hurts."), pair(2, "Who has it?")]
    (tmp_path / "1.xml").write_bytes(document(*pairs))
    (tmp_path / "2.xml").write_bytes(document(*pairs, focus="Zinc"))
    (tmp_path / "readme.txt").write_text("MedQuAD\n")

    first, second = run("import", tmp_path), run("import", tmp_path, "--format", "medquad")
    dated = run("import", tmp_path, "--published-on", "2020-02-29")

    assert (first.exit_code, first.stdout) == (0, "2 files: 2 published, 2 without text\n")
    assert (second.exit_code, second.stdout) == (0, "2 files: 2 unchanged, 2 without text\n")
    assert (dated.exit_code, dated.stdout) == (0, "2 files: 2 updated, 2 without text\n")


def test_a_broken_file_of_a_library_is_named_and_the_others_go_in(run: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "1.xml").write_bytes(document(pair(1, "What is gout?", "It hurts.")))
    (tmp_path / "2.xml").write_bytes(b"<Document>\n<Focus>")

    result = run("import", tmp_path)

    assert (result.exit_code, result.stdout) == (1, "2 files: 1 published, 1 refused\n")
    assert "2.xml: refused: line 2: the XML is broken: no element found." in result.stderr


def test_what_a_file_of_a_library_can_not_keep_is_named_in_each_import_and_the_rest_of_it_goes_in(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    path = tmp_path / "1.xml"
    path.write_bytes(document(pair(1, "What is gout?", "It hurts."), pair(2, "", "Acid."), cuis=["C0000001*"]))

    outlined, first, second = run("import", path, "--dry-run"), run("import", path), run("import", path)

    assert (first.exit_code, first.stdout) == (1, "1 file: 1 published, 2 refused\n")
    assert (second.exit_code, second.stdout) == (1, "1 file: 2 refused, 1 unchanged\n")
    assert (outlined.exit_code, outlined.stdout.count('"question": ')) == (1, 1)
    assert outlined.stderr == first.stderr == second.stderr
    assert first.stderr.splitlines() == [
        f"{path}: refused: line 7: `C0000001*` has a form that no code has: write letters, digits, dots, hyphens.",
        f"{path}: refused: line 18: the pair has an answer and no question: write it.",
    ]


def test_a_file_of_a_library_of_which_nothing_can_be_kept_is_refused(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    (tmp_path / "1.xml").write_bytes(document(pair("", "What is gout?", "It hurts.")))

    result = run("import", tmp_path)

    assert (result.exit_code, result.stdout) == (1, "1 file: 1 refused\n")
    assert "1.xml: refused: line 14: the pair has no `pid`: number it." in result.stderr


def test_a_command_that_is_misused_exits_with_2(run: Callable[..., Result]) -> None:
    misused = [run("import"), run("export"), run("retract", "x"), run("nonsense")]

    assert [result.exit_code for result in misused] == [2, 2, 2, 2]


@pytest.mark.parametrize(
    "words",
    [
        ("import", "page.txt"),
        ("retract", "x", "--reason", "Wrong."),
        ("disclaimers", "add", "general", "--text", "Words."),
    ],
)
def test_a_locale_that_is_no_language_tag_is_misuse(run: Callable[..., Result], words: tuple[str, ...]) -> None:
    result = run(*words, "--locale", "not a tag")

    assert (result.exit_code, "`not a tag` is not a language tag" in result.stderr) == (2, True)


def test_a_locale_is_taken_in_any_form(run: Callable[..., Result]) -> None:
    run("disclaimers", "add", "general", "--locale", "ES-mx", "--text", "Palabras.")

    assert "\tes-MX\t1\t\tPalabras." in run("disclaimers", "list", "--standing").stdout


def test_an_export_imported_elsewhere_is_the_same_export(
    run: Callable[..., Result], page: Path, tmp_path: Path
) -> None:
    run("import", page)
    run("export", "--to", tmp_path / "out")
    exported = (tmp_path / "out" / "what-is-anemia.md").read_text()

    result = run("import", tmp_path / "out")

    assert (result.exit_code, result.stdout) == (0, "1 file: 1 unchanged\n")
    assert run("export", "what-is-anemia").stdout == exported


def test_an_answer_is_retracted_reinstated_and_erased(run: Callable[..., Result], page: Path) -> None:
    run("import", page)

    outcomes = [
        run("retract", "what-is-anemia", "--reason", "Wrong.").stdout,
        run("import", page).stdout,
        run("reinstate", "what-is-anemia").stdout,
        run("erase", "what-is-anemia", "--yes").stdout,
        run("import", page).stdout,
    ]

    assert outcomes == [
        "Retracted: what-is-anemia\nServed in the last 30 days to nobody.\n",
        "1 file: 1 left retracted\n",
        "Reinstated: what-is-anemia\n",
        "Erased: what-is-anemia\n",
        "1 file: 1 left erased\n",
    ]


def test_what_is_not_there_is_a_message_and_exit_code_1(run: Callable[..., Result]) -> None:
    result = run("retract", "nowhere", "--reason", "Wrong.")

    assert (result.exit_code, result.stderr) == (1, "Error: no answer has the slug `nowhere`.\n")


def test_a_source_is_superseded_by_name(run: Callable[..., Result], page: Path, tmp_path: Path) -> None:
    run("import", page)
    newer = tmp_path / "newer.txt"
    newer.write_text(PAGE.format(name="Zinc").replace("World Health Organization", GUIDELINE.title))
    run("import", newer)

    done = run("sources", "supersede", "World Health Organization", "--by", GUIDELINE.title)

    assert (done.exit_code, done.stdout) == (0, "Superseded: World Health Organization\n")
    assert "SUPERSEDED\tWorld Health Organization" in run("sources", "list").stdout


def test_a_disclaimer_is_reworded_by_its_id(run: Callable[..., Result]) -> None:
    listed = [line.split("\t") for line in run("disclaimers", "list").stdout.splitlines()]
    identity = next(line[0] for line in listed if line[1:6:4] == ["EVERY_ANSWER", "en"])

    done = run("disclaimers", "reword", identity, "--text", "Ask a doctor.")

    assert (done.exit_code, done.stdout) == (0, "Version 2\n")
    assert "\t2\tGeneral health information\tAsk a doctor." in run("disclaimers", "list", "--standing").stdout


def test_a_heading_stays_without_the_option_and_goes_with_an_empty_one(run: Callable[..., Result]) -> None:
    words = ("disclaimers", "add", "in-clinic", "--heading", "Here", "--text", "Come and see us.")
    identity = run(*words).stdout.removeprefix("Added: ").strip()

    for option, cells in (((), "\t2\tHere\tAsk."), (("--heading", ""), "\t3\t\tAsk.")):
        assert run("disclaimers", "reword", identity, "--text", "Ask.", *option).exit_code == 0

        assert cells in run("disclaimers", "list", "--standing").stdout


def test_a_standing_disclaimer_is_added_in_one_more_language(run: Callable[..., Result]) -> None:
    words = ("disclaimers", "add", "general", "--locale", "fr", "--text", "Parlez-en à un médecin.")

    added, again = run(*words), run(*words)

    assert (added.exit_code, again.exit_code) == (0, 1)
    assert "has a wording in fr already" in again.stderr


def test_the_schema_is_written_out(run: Callable[..., Result]) -> None:
    written = run("schema", "export").stdout

    assert written == (Path(__file__).parents[1] / "schema" / "schema.graphql").read_text()


@pytest.mark.parametrize("number", [0, -1])
def test_entries_are_pruned_by_whole_days(run: Callable[..., Result], number: int) -> None:
    assert (run("changes", "prune", "--days", number).exit_code, run("changes", "prune", "--days", "1").stdout) == (
        2,
        "Pruned: 0\n",
    )


def test_a_database_url_that_leads_nowhere_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")

    result = CliRunner().invoke(main, ["sources", "list"])

    assert result.exit_code == 1
    assert "DATABASE_URL" in result.stderr
    assert os.environ["DATABASE_URL"] not in result.stderr


def test_a_postgres_that_does_not_do_its_work_says_why(database_url: str) -> None:
    async def fill() -> None:
        async with opened_engine(database_url) as engine, engine.transaction() as session:
            statement = "do $$ begin raise 'No space left on device' using errcode = '53100', hint = 'Buy one.'; end $$"
            await (await session.connection()).exec_driver_sql(statement)

    failing = click.Command("fill", callback=lambda: asyncio.run(fill()))
    result = CliRunner().invoke(type(main)(commands=[failing]), ["fill"])

    assert result.exit_code == 1
    said = f"{DatabaseUnavailableError().message} Postgres says: No space left on device."
    assert result.stderr == f"Error: {said}\n"
