import pytest

from server.execution import passages
from server.execution.passages import LONGEST, MOST_FINDINGS, found, passage_of
from tests.execution.reading import Reader, below, read


@pytest.mark.parametrize(
    "text",
    ["{ a }", "{ b: a(c: [1, {d: E}]) @skip(if: true) { f } }", "{ ... on A { b } ...on,B { c } }", "{ a # c\n }"],
)
def test_a_selection_that_needs_nothing_around_it_is_known_by_its_text(text):
    passage = passage_of(below(read(f"query Q($q: Int) {{ p(q: $q) {text} r }}")))

    assert passage is not None
    assert passage.text == text


@pytest.mark.parametrize(
    "text",
    [
        "{ a(b: $q) }",
        "{ a @skip(if: $q) }",
        "{ ...F }",
        "{ b { ... F } }",
        "{ ...only }",
        "{ ... { a } }",
        "{ a # $\n }",
    ],
)
def test_a_selection_that_may_need_something_around_it_is_no_passage(text):
    assert passage_of(below(read(f"query Q($q: Int) {{ p {text} }}"))) is None


def test_what_is_longer_than_the_bound_is_no_passage():
    longest = f"{{ a {' ' * (LONGEST - len('{ a  }'))} }}"

    found = [
        passage_of(below(read(f"query ($q: Int) {{ p {text} a(b: $q) }}"))) for text in (longest, f"{longest[:-1]} }}")
    ]

    assert [passage is not None for passage in found] == [True, False]


def test_what_nests_deeper_than_the_bound_is_no_passage(monkeypatch):
    monkeypatch.setattr("server.execution.parsing.DEEPEST", 3)
    texts = ["{ a(b: [1]) { c } }", "{ a(b: [[1]]) { c } }", "{ a(b: [[[1]]]) { c } }", "{ a { b { c { d } } } }"]

    assert [passage_of(below(read(f"{{ p {text} }}"))) is not None for text in texts] == [True, True, False, False]


def test_what_is_found_of_a_passage_is_found_once():
    read, looked = Reader(), []

    def look():
        looked.append(True)
        return 0

    for text in ("{ a { b } }", "query Q { c a { b } x: a { b } }", "{ a { b} }"):
        for field in read(text).definitions[0].selection_set.selections:
            if field.selection_set:
                assert found(field.selection_set, "key", find=look) == 0

    assert len(looked) == len(["{ b }", "{ b}"])


def test_what_is_no_passage_is_looked_at_each_time():
    read = Reader()

    assert [found(below(read("{ a { ...F } }")), "key", find=lambda number=number: number) for number in range(3)] == [
        0,
        1,
        2,
    ]


def test_no_passage_has_more_findings_than_it_may():
    passage = passage_of(below(read("{ a { b } }")))

    for number in range(MOST_FINDINGS + 1):
        passage.note(number, finding=number)

    assert [passage.finding(number) for number in (0, MOST_FINDINGS)] == [None, MOST_FINDINGS]


def test_passages_make_room_for_one_another(monkeypatch):
    monkeypatch.setattr(passages, "MOST_KEPT", 8)
    read = Reader()
    for number in range(40):
        read(f"{{ a {{ b{number} }} }}")

    assert len(read.passages) <= 8
