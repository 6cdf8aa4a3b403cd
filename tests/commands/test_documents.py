"""Trusted documents as an operator types them, on a database of their own."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.cli import main
from tests.access.documents.manifests import by_hash, sha256

PAGE = "query Page($slug: String!) { answer(slug: $slug) { title disclaimers { text } summary { text } } }"
LIST = "query List { answers(first: 5) { nodes { title } } }"
BARE = 'query Bare {\n  answer(slug: "a") {\n    summary { text }\n  }\n}'


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("DATABASE_URL", database_url)
    invoke = lambda *words: CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)  # noqa: E731
    assert invoke("clients", "add", "app", "--kind", "web").exit_code == 0
    return lambda *words: invoke("documents", *words)


@pytest.fixture
def manifest(tmp_path: Path) -> Callable[..., Path]:
    def write(*texts: str) -> Path:
        path = tmp_path / "manifest.json"
        path.write_bytes(by_hash(*texts))
        return path

    return write


def listed(run: Callable[..., Result]) -> list[list[str]]:
    return [line.split("\t") for line in run("list").stdout.splitlines()[1:]]


def test_a_manifest_is_pushed_once(run: Callable[..., Result], manifest: Callable[..., Path]) -> None:
    path = manifest(PAGE, LIST)
    first, second = [run("push", path, "--client", "app", "--version", "1.0") for _ in range(2)]

    assert first.stdout == second.stdout == f"{sha256(PAGE)}\tPage\n{sha256(LIST)}\tList\n"
    assert first.stderr == "Pushed: app 1.0, 2 documents, 2 of them new to the client.\n"
    assert second.stderr == "Unchanged: app 1.0, 2 documents.\n"
    assert listed(run) == [["app", sha256(LIST), "List", "1.0", ""], ["app", sha256(PAGE), "Page", "1.0", ""]]


def test_a_manifest_with_faults_is_refused_whole_and_every_fault_told(
    run: Callable[..., Result], manifest: Callable[..., Path]
) -> None:
    result = run("push", manifest(PAGE, BARE, "query Wrong { nothing }"), "--client", "app", "--version", "1.0")

    told = result.stderr.splitlines()
    assert (result.exit_code, result.stdout, len(told)) == (1, "", 3)
    assert told[0].startswith(
        f"manifest.json: Bare ({sha256(BARE)[:12]}…): line 3: `answer` selects `summary` of Answer"
    )
    assert "Wrong (" in told[1]
    assert "line 1: Cannot query field 'nothing' on type 'Query'." in told[1]
    assert told[2] == "Error: 2 errors in 2 documents: nothing was registered."
    assert listed(run) == []


def test_a_check_registers_nothing_and_needs_no_database(
    run: Callable[..., Result], manifest: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/nothing")

    fine, wrong = run("check", manifest(PAGE)), run("check", manifest(BARE))

    assert (fine.exit_code, fine.stdout, fine.stderr) == (
        0,
        f"{sha256(PAGE)}\tPage\n",
        "Nothing is wrong with 1 document.\n",
    )
    assert (wrong.exit_code, "`answer` selects `summary`" in wrong.stderr) == (1, True)


def test_a_check_for_a_client_takes_its_limits_and_its_texts(
    run: Callable[..., Result], tmp_path: Path, manifest: Callable[..., Path]
) -> None:
    (tmp_path / "old.json").write_text(json.dumps({"page": PAGE}))
    (tmp_path / "new.json").write_text(json.dumps({"page": LIST}))
    assert run("push", tmp_path / "old.json", "--client", "app", "--version", "1.0").exit_code == 0

    assert run("check", tmp_path / "old.json", "--client", "app").exit_code == 0
    assert "another text under that id" in run("check", tmp_path / "new.json", "--client", "app").stderr
    assert CliRunner().invoke(main, ["clients", "limit", "app", "--max-cost", "1"]).exit_code == 0
    assert (
        "objects, with its variables at their largest, and has 1"
        in run("check", manifest(LIST), "--client", "app").stderr
    )


def test_a_folder_is_pushed_with_the_ids_told(run: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "list.graphql").write_text(LIST)

    result = run("push", tmp_path, "--client", "app", "--version", "1.0")

    [[identity, name]] = [line.split("\t") for line in result.stdout.splitlines()]
    assert (name, identity) == (
        "List",
        sha256("query List {\n  answers(first: 5) {\n    nodes {\n      title\n    }\n  }\n}"),
    )


def test_a_version_is_retired_and_what_is_served_no_longer_told(
    run: Callable[..., Result], manifest: Callable[..., Path]
) -> None:
    run("push", manifest(PAGE, LIST), "--client", "app", "--version", "1.0")
    run("push", manifest(PAGE), "--client", "app", "--version", "2.0")

    result = run("retire", "--client", "app", "--version", "1.0")

    assert (result.stdout, result.stderr) == (
        f"{sha256(LIST)}\tList\n",
        "Retired: app 1.0; 1 document served no longer.\n",
    )
    assert listed(run) == [["app", sha256(LIST), "List", "", "1.0"], ["app", sha256(PAGE), "Page", "2.0", "1.0"]]


def test_a_version_that_is_pushed_again_is_served_again(
    run: Callable[..., Result], manifest: Callable[..., Path]
) -> None:
    words = ("--client", "app", "--version", "1.0")
    run("push", manifest(PAGE), *words)
    run("retire", *words)

    assert run("push", manifest(PAGE), *words).stderr == "Served again: app 1.0, 1 document.\n"
    assert listed(run) == [["app", sha256(PAGE), "Page", "1.0", ""]]


@pytest.mark.parametrize("words", [("--client", "nobody", "--version", "1"), ("--client", "app", "--version", " ")])
def test_what_is_for_no_client_or_no_version_is_refused(
    run: Callable[..., Result], manifest: Callable[..., Path], words: tuple[str, ...]
) -> None:
    assert run("push", manifest(PAGE), *words).exit_code == 1
    assert listed(run) == []


def test_a_client_that_may_not_see_the_schema_registers_no_document_that_asks_for_it(
    run: Callable[..., Result], manifest: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAVEAT_ENV", "production")

    result = run("push", manifest("query Types { __schema { types { name } } }"), "--client", "app", "--version", "1.0")

    assert (result.exit_code, "This server does not show its schema" in result.stderr) == (1, True)
    assert listed(run) == []
