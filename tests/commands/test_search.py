"""`caveat search` as an operator types it, on a database and in a folder of its own."""

import json

import pytest
from click.testing import CliRunner

from server.cli import main
from tests.commands.test_clients import PAGE


@pytest.fixture
def run(database_url, tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("CAVEAT_DATA_DIR", str(tmp_path / "data"))
    page = tmp_path / "anemia.txt"
    page.write_text(PAGE)

    def running(*words):
        return CliRunner().invoke(main, list(map(str, words)), catch_exceptions=False)

    assert running("import", page).exit_code == 0
    return running


def lines(result):
    return dict(line.split("\t") for line in result.stdout.splitlines())


def test_where_there_is_no_index_that_is_told(run):
    assert run("search", "status").stdout == "There is no index yet: a server builds it, or `caveat search rebuild`.\n"


def test_an_index_that_was_built_has_a_status(run):
    built = lines(run("search", "rebuild"))

    assert (built["behind"], built["answers in en"]) == ("0", "1")
    assert lines(run("search", "status")) == built


def test_search_is_scored_on_a_judged_file(run, tmp_path):
    judged = [
        {"query": "anemia", "relevant": {"what-is-anemia": 3}},
        {"query": "xylophone", "relevant": {"what-is-anemia": 3}},
    ]
    file = tmp_path / "judged.jsonl"
    file.write_text("\n".join(map(json.dumps, judged)))

    found = lines(run("search", "eval", file))

    assert found == {
        "questions": "2",
        "success_at_1": "0.5000",
        "success_at_5": "0.5000",
        "mean_reciprocal_rank": "0.5000",
        "ndcg_at_10": "0.5000",
    }


def test_a_broken_judged_file_is_refused_with_its_line(run, tmp_path):
    file = tmp_path / "judged.jsonl"
    file.write_text('{"query": "anemia"}')

    result = run("search", "eval", file)

    assert (result.exit_code, "line 1" in result.stderr) == (1, True)
