"""`caveat search` as an operator types it where a model is configured."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.cli import main
from server.search.semantic.folder import Model
from tests.commands.test_clients import PAGE
from tests.commands.test_search import lines


@pytest.fixture
def run(has_pgvector: None, database_url: str, tmp_path: Path, tiny_folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("CAVEAT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CAVEAT_SEMANTIC_MODEL", str(tiny_folder))
    page = tmp_path / "anemia.txt"
    page.write_text(PAGE)

    def running(*words: object):
        return CliRunner().invoke(main, list(map(str, words)), catch_exceptions=False)

    assert running("import", page).exit_code == 0
    return running


def test_where_there_are_no_vectors_that_is_told(run):
    assert run("search", "status").stdout.splitlines()[1:] == [
        "There are no vectors yet: a server makes them, or `caveat search rebuild`."
    ]


def test_vectors_that_were_made_have_a_status(run, tiny: Model):
    built = lines(run("search", "rebuild"))
    assert (built["model"], built["vectors"], built["vectors behind"]) == (tiny.digest[:12], "1 of 1", "0")
    assert lines(run("search", "status")) == built


def test_search_is_scored_by_meaning_too(run, tmp_path: Path):
    file = tmp_path / "judged.jsonl"
    file.write_text(json.dumps({"query": "pallor", "relevant": {"what-is-anemia": 3}}))
    assert lines(run("search", "eval", file))["success_at_1"] == "1.0000"


@pytest.mark.usefixtures("log_configuration")
@pytest.mark.parametrize("command", [("serve",), ("search", "status")])
def test_a_model_that_is_not_there_is_refused(run, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]):
    monkeypatch.setenv("CAVEAT_SEMANTIC_MODEL", "nowhere")
    monkeypatch.setenv("CAVEAT_PORT", "0")
    result = run(*command)
    assert (result.exit_code, "CAVEAT_SEMANTIC_MODEL is no directory" in result.stderr) == (1, True)
