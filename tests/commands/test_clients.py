"""`caveat clients` as an operator types it, on a database of its own."""

import datetime

import pytest
from click.testing import CliRunner

from server.access.keys import parse_key
from server.cli import main

PAGE = """What is Anemia?

AnemiaMay 15, 2026Navis AI

According to the World Health Organization, Anemia is a word.
"""


@pytest.fixture
def run(database_url, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.delenv("CAVEAT_ENV", raising=False)
    return lambda *words: CliRunner().invoke(main, ["clients", *map(str, words)], catch_exceptions=False)


@pytest.fixture
def topic(run, tmp_path):
    """A topic that is there."""
    page = tmp_path / "page.txt"
    page.write_text(PAGE)
    CliRunner().invoke(main, ["import", str(page)], catch_exceptions=False)
    return "anemia"


def rights(result):
    """What a command says of a client, by label."""
    return dict(line.split("\t", 1) for line in result.stdout.splitlines() if not line.startswith("key\t"))


def keys(result):
    """The keys that a command shows, each with its state."""
    return [tuple(line.split("\t")[1:]) for line in result.stdout.splitlines() if line.startswith("key\t")]


@pytest.mark.parametrize(("kind", "form"), [("web", "pk"), ("mobile", "pk"), ("partner", "sk"), ("server", "sk")])
def test_a_key_is_shown_once_and_alone_where_a_pipe_reads(run, kind, form):
    added = run("add", "app", "--kind", kind)
    key = parse_key(added.stdout.removesuffix("\n"))

    assert (added.exit_code, key.form) == (0, form)
    assert key.secret not in added.stderr
    for later in (run("show", "app"), run("list"), run("limit", "app", "--max-cost", 5)):
        assert key.public in later.output or later.stdout.startswith("name\tapp")
        assert key.secret not in later.output


def test_a_web_client_without_an_origin_is_told_that_no_page_may_call(run):
    assert "No page may call with it yet" in run("add", "a", "--kind", "web").stderr
    assert "No page" not in run("add", "b", "--kind", "web", "--origin", "https://a.example").stderr


def test_every_right_is_given_when_a_client_is_added(run):
    words = ["--origin", "https://B.example", "--origin", "https://*.a.example", "--locale", "es_mx", "--no-calls"]
    run("add", "app", "--kind", "partner", *words, "--default-locale", "en", "--trusted-only", "--apq", "--max-cost", 7)

    assert rights(run("show", "app")) == {
        "name": "app",
        "kind": "partner",
        "origins": "https://*.a.example, https://b.example",
        "topics": "any",
        "locales": "es-MX",
        "default locale": "en",
        "calls to action": "no",
        "trusted documents only": "yes",
        "automatic persisted queries": "yes",
        "introspection": "no",
        "requests per minute": "as the server's",
        "cost per minute": "as the server's",
        "max cost": "7",
        "max subscriptions": "as the server's",
    }


@pytest.mark.parametrize(
    ("words", "label", "value"),
    [
        (["--origin", "https://b.example"], "origins", "https://b.example"),
        (["--no-origins"], "origins", "none"),
        (["--locale", "es", "--locale", "de"], "locales", "de, es"),
        (["--any-locale"], "locales", "any"),
        (["--default-locale", "es"], "default locale", "es"),
        (["--no-default-locale"], "default locale", "none"),
        (["--any-topic"], "topics", "any"),
        (["--calls"], "calls to action", "yes"),
        (["--ad-hoc"], "trusted documents only", "no"),
        (["--no-apq"], "automatic persisted queries", "no"),
        (["--introspection"], "introspection", "yes"),
        (["--requests-per-minute", "60"], "requests per minute", "60"),
        (["--no-requests-per-minute"], "requests per minute", "as the server's"),
        (["--cost-per-minute", "60"], "cost per minute", "60"),
        (["--max-cost", "60"], "max cost", "60"),
        (["--no-max-cost"], "max cost", "as the server's"),
        (["--max-subscriptions", "60"], "max subscriptions", "60"),
    ],
)
def test_a_right_is_changed_and_the_others_stay(run, words, label, value):
    run("add", "app", "--kind", "partner", "--trusted-only", "--apq", "--no-calls", "--locale", "en")
    before = rights(run("limit", "app", "--origin", "https://a.example", "--max-cost", 7))

    after = rights(run("limit", "app", *words))

    assert after == before | {label: value} == rights(run("show", "app"))


def test_a_client_is_confined_to_topics_that_are_there(run, topic):
    added = run("add", "app", "--kind", "partner", "--topic", topic)
    refused = run("add", "other", "--kind", "partner", "--topic", topic, "--topic", "typo")

    assert (added.exit_code, rights(run("show", "app"))["topics"]) == (0, topic)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "there is no topic `typo`" in refused.stderr
    assert "there is no topic `typo`" in run("limit", "app", "--topic", "typo").stderr
    assert run("show", "other").exit_code == 1


def test_clients_are_listed_with_their_live_keys(run):
    run("add", "b", "--kind", "web", "--origin", "https://b.example", "--locale", "en")
    key = parse_key(run("add", "a", "--kind", "server").stdout.strip())
    run("revoke", "b")

    assert [line.split("\t") for line in run("list").stdout.splitlines()] == [
        ["name", "kind", "live keys", "topics", "locales", "origins"],
        ["a", "server", key.public, "any", "any", ""],
        ["b", "web", "", "any", "en", "https://b.example"],
    ]


def test_a_key_that_is_rotated_lives_on_for_the_overlap(run):
    old = parse_key(run("add", "app", "--kind", "server").stdout.strip())
    rotated = run("rotate", "app", "--overlap", 3)
    new = parse_key(rotated.stdout.strip())

    day = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=3)
    assert "lives for 3 days" in rotated.stderr
    assert [(public, state[:21]) for public, state in keys(run("show", "app"))] == [
        (new.public, "live"),
        (old.public, f"live until {day:%Y-%m-%d}"),
    ]


def test_without_an_overlap_a_key_that_is_rotated_is_dead(run):
    run("add", "app", "--kind", "server")

    assert "is dead" in run("rotate", "app", "--overlap", 0).stderr
    assert [state[:7] for _, state in keys(run("show", "app"))] == ["live", "expired"]


def test_one_key_is_revoked_by_its_public_part_or_all_are(run):
    old = parse_key(run("add", "app", "--kind", "server").stdout.strip())
    new = parse_key(run("rotate", "app").stdout.strip())

    assert run("revoke", "app", "--key", old.public).stdout == f"Revoked: {old.public}\n"
    assert run("revoke", "app").stdout == f"Revoked: {new.public}\n"
    assert [state[:7] for _, state in keys(run("show", "app"))] == ["revoked", "revoked"]
    assert run("revoke", "app").exit_code == 1


@pytest.mark.parametrize(
    ("said", "until"), [("2031-02-03", "2031-02-03 00:00"), ("2031-02-03T04:05+02:00", "2031-02-03 02:05")]
)
def test_a_key_expires_when_it_is_said(run, said, until):
    run("add", "app", "--kind", "server", "--expires", said)

    [(_, state)] = keys(run("show", "app"))
    assert state == f"live until {until} UTC"


def test_a_key_expires_after_so_many_days(run):
    run("add", "app", "--kind", "server", "--expires-in", 2)

    [(_, state)] = keys(run("show", "app"))
    day = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=2)
    assert state.startswith(f"live until {day:%Y-%m-%d}")


@pytest.mark.parametrize(
    "words",
    [
        ["add", "app"],
        ["add", "app", "--kind", "thing"],
        ["add", "app", "--kind", "web", "--expires", "soon"],
        ["add", "app", "--kind", "web", "--expires", "2031-02-03", "--expires-in", "2"],
        ["add", "app", "--kind", "web", "--expires-in", "0"],
        ["add", "app", "--kind", "web", "--max-cost", "0"],
        ["add", "app", "--kind", "web", "--locale", "not a locale"],
        ["limit", "app"],
        ["limit", "app", "--any-topic", "--topic", "heart"],
        ["limit", "app", "--no-max-cost", "--max-cost", "5"],
        ["rotate", "app", "--overlap", "-1"],
    ],
)
def test_what_makes_no_sense_is_misuse(run, words):
    assert run(*words).exit_code == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["add", "app", "--kind", "web", "--ad-hoc"], "trusted documents only"),
        (["add", "app", "--kind", "web", "--origin", "*"], "`*` is no origin"),
        (["add", "app", "--kind", "web", "--expires", "2001-01-01"], "expired already"),
        (["show", "nobody"], "no client is named `nobody`"),
        (["limit", "nobody", "--apq"], "no client is named `nobody`"),
        (["rotate", "nobody"], "no client is named `nobody`"),
        (["revoke", "nobody"], "no client is named `nobody`"),
    ],
)
def test_what_can_not_be_is_refused_with_its_reason(run, words, said):
    refused = run(*words)

    assert (refused.exit_code, refused.stdout) == (1, "")
    assert said in refused.stderr
    assert len(run("list").stdout.splitlines()) == 1
