"""Clients' own disclaimers as an operator types them, on a database of their own."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from server.cli import main


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.delenv("CAVEAT_ENV", raising=False)
    invoke = lambda *words: CliRunner().invoke(main, list(words), catch_exceptions=False)  # noqa: E731
    assert invoke("clients", "add", "Clinic", "--kind", "partner").exit_code == 0
    return lambda *words: invoke("disclaimers", *words)


def rows(result: Result) -> list[list[str]]:
    return [line.split("\t")[1:] for line in result.stdout.splitlines()[1:]]


def test_a_clients_own_disclaimer_is_added_reworded_and_removed(run: Callable[..., Result]) -> None:
    added = run("add", "hotline", "--client", "Clinic", "--text", "Call us.", "--placement", "BEFORE_CONTENT")
    identity = added.stdout.removeprefix("Added: ").strip()

    assert run("reword", identity, "--text", "Do call us.").stdout == "Version 2\n"
    listed = rows(run("list", "--client", "Clinic"))
    assert listed == [["CLIENT", "Clinic: hotline", "PARTNER", "BEFORE_CONTENT", "en", "2", "", "Do call us."]]
    assert run("remove", identity).stdout == f"Removed: {identity}\n"
    assert rows(run("list", "--client", "Clinic")) == []


def test_a_standing_one_is_replaced_once_it_may_be(run: Callable[..., Result]) -> None:
    replace = ("add", "ours", "--client", "Clinic", "--replaces", "general", "--text", "Ask us.")

    refused = run(*replace)
    allowed = run("replaceable", "general", "on")
    added = run(*replace)

    assert (refused.exit_code, "`caveat disclaimers replaceable general on` allows it" in refused.stderr) == (1, True)
    assert (allowed.stdout, added.exit_code) == ("Replaceable: general on\n", 0)
    listed = rows(run("list", "--client", "Clinic"))
    assert [row[1:4] for row in listed] == [["Clinic: ours for general", "INFORMATIONAL", "AFTER_CONTENT"]]


def test_the_standing_ones_are_listed_without_those_of_clients(run: Callable[..., Result]) -> None:
    before = run("list", "--standing").stdout

    run("add", "hotline", "--client", "Clinic", "--text", "Call us.")

    assert run("list", "--standing").stdout == before
    assert "Clinic: hotline" in run("list").stdout


def test_a_standing_one_can_not_be_removed(run: Callable[..., Result]) -> None:
    identity = run("list", "--standing").stdout.splitlines()[1].split("\t")[0]

    refused = run("remove", identity)

    assert (refused.exit_code, "only a client's own" in refused.stderr) == (1, True)


@pytest.mark.parametrize(
    "words",
    [
        ("add", "x", "--replaces", "general", "--text", "Words."),
        ("add", "x", "--client", "Clinic", "--rule", "EVERY_ANSWER", "--text", "Words."),
        ("add", "x", "--client", "Clinic", "--kind", "EDUCATIONAL", "--text", "Words."),
        ("add", "x", "--client", "Clinic", "--replaces", "general", "--placement", "AFTER_CONTENT", "--text", "Words."),
        ("add", "x", "--rule", "CLIENT", "--text", "Words."),
        ("replaceable", "general", "maybe"),
    ],
)
def test_what_does_not_go_together_is_misuse(run: Callable[..., Result], words: tuple[str, ...]) -> None:
    before = run("list").stdout

    assert run(*words).exit_code == 2

    assert run("list").stdout == before
