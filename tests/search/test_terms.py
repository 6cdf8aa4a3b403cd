from hypothesis import given
from hypothesis import strategies as st

from server.search.terms import LONGEST_QUERY, MOST_WORDS, Term, read_terms


def looked_for(query: str, locale: str = "en") -> list[str]:
    return [term.text for term in read_terms(query, locale) if not term.group]


def phrases(query: str, *, excluded: bool) -> list[list[str]]:
    groups: dict[int, list[str]] = {}
    for term in read_terms(query, "en"):
        if term.group and term.is_excluded is excluded:
            groups.setdefault(term.group, []).append(term.text)
    return list(groups.values())


def test_a_term_says_where_it_stands() -> None:
    assert read_terms("A Fièvre!", "en")[1] == Term(start=2, end=8, text="fièvre", folded="fievre", stem="fievr")


def test_quotes_make_phrases() -> None:
    query = 'rash "side effects" “night sweats” «sore throat»'

    assert looked_for(query) == ["rash"]
    assert phrases(query, excluded=False) == [["side", "effects"], ["night", "sweats"], ["sore", "throat"]]


def test_a_quote_without_its_fellow_says_nothing() -> None:
    assert looked_for('a 5" cut') == ["a", "5", "cut"]
    assert looked_for('"side effects') == ["side", "effects"]


def test_a_hyphen_before_a_word_excludes_and_one_within_does_not() -> None:
    query = 'x-ray - of bones -follow-up -"bone scan" --dose'

    assert looked_for(query) == ["x", "ray", "of", "bones", "dose"]
    assert phrases(query, excluded=True) == [["follow", "up"], ["bone", "scan"]]


def test_a_plus_before_a_word_requires_it_and_one_within_does_not() -> None:
    query = "a+b + c +gout +x-ray"

    assert looked_for(query) == ["a", "b", "c"]
    assert phrases(query, excluded=False) == [["gout"], ["x", "ray"]]


def test_a_query_beyond_its_limits_is_read_up_to_them() -> None:
    assert looked_for("gout " * 2_000) == ["gout"] * MOST_WORDS
    assert looked_for("x" * 10_000) == ["x" * LONGEST_QUERY]


def test_a_word_that_is_cut_is_left_aside() -> None:
    before = "a" + " " * (LONGEST_QUERY - 5)

    assert looked_for(before + "gout") == looked_for(before + "gout is") == ["a", "gout"]
    assert looked_for(before + "goutiness") == looked_for(before + "gout\u00adiness") == ["a"]
    assert looked_for("漢" * 2_001)[-1] == "漢"


@given(st.text(st.sampled_from('ab"-+“” \t\0\ud800é漢.')) | st.text(max_size=700), st.sampled_from(["en", "es", "ja"]))
def test_every_term_stands_where_it_says(query: str, locale: str) -> None:
    terms = read_terms(query, locale)

    assert len(terms) <= MOST_WORDS
    assert [term.start for term in terms] == sorted({term.start for term in terms})
    assert all(term.start < term.end <= len(query) for term in terms)
