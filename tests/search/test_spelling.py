import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.content import withdrawal
from server.content.withdrawal import Named
from server.db.engine import Engine
from server.search.spelling import Candidate, changes, nearest_word
from tests.search.conftest import Ask, slugs

WORDS = st.text("abcd", max_size=7)


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("query", "searched"),
    [
        ("lukemia", "leukemia"),
        ("leukaemia", "leukemia"),
        ("astma", "asthma"),
        ("asthmma", "asthma"),
        ("ashtma", "asthma"),
        ("fevre", "fever"),
        ("eukemia", "leukemia"),
        ("bruizing and fever", "bruising and fever"),
        ('"hihg temperature"', '"high temperature"'),
        ("  Lukemia?! -asthma ", "  leukemia?! -asthma "),
    ],
)
async def test_a_misspelt_query_is_searched_as_it_was_meant(ask: Ask, query: str, searched: str) -> None:
    found = await ask(query)

    assert (found.total, found.corrected_query) == (len(found.hits), searched)
    assert found.total > 0


@pytest.mark.usefixtures("library")
class TestCorrection:
    async def test_a_spanish_word_is_put_right_with_its_accents(self, ask: Ask) -> None:
        found = await ask("inflamasion cronica", locales=("es",))

        assert (slugs(found), found.corrected_query) == (["que-es-la-anemia"], "inflamación cronica")

    async def test_a_query_that_matches_is_searched_as_it_stands(self, ask: Ask) -> None:
        found = await ask("asthma inhaler atack")

        assert (slugs(found), found.corrected_query) == (["how-is-asthma-treated"], None)

    async def test_a_correction_that_finds_nothing_is_not_told(self, ask: Ask) -> None:
        found = await ask("lukemia inhaler")

        assert (found.total, found.corrected_query) == (0, None)

    async def test_a_word_of_another_language_is_not_proposed(self, ask: Ask) -> None:
        assert (await ask("cansansio")).corrected_query is None

    async def test_a_word_that_was_withdrawn_is_not_proposed(self, ask: Ask, engine: Engine) -> None:
        await withdrawal.retract(engine, Named(slug="how-is-asthma-treated"), reason="A dose was wrong.")

        assert (await ask("astma")).corrected_query is None

    async def test_the_next_page_of_a_corrected_query_is_of_the_same_correction(self, ask: Ask) -> None:
        first = await ask("feverr", first=1)

        second = await ask("feverr", first=1, after=first.hits[0].cursor)

        assert slugs(first) + slugs(second) == ["when-is-a-fever-dangerous", "what-is-leukemia"]
        assert (second.corrected_query, second.has_next) == ("fever", False)


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("", "", 0), ("fever", "fever", 0), ("fever", "fevr", 1), ("fever", "fevers", 1), ("fever", "fewer", 1),
     ("fever", "fevre", 1), ("lukemia", "leukemias", 2), ("abc", "xyz", 3)],
)  # fmt: skip
def test_a_change_is_a_letter_more_less_other_or_swapped(one: str, other: str, distance: int) -> None:
    assert changes(one, other, most=3) == distance


@given(WORDS, WORDS, st.integers(0, 3))
def test_a_bound_changes_no_distance_within_it(one: str, other: str, most: int) -> None:
    exact = changes(one, other, most=10)

    assert changes(other, one, most=10) == exact
    assert changes(one, other, most=most) == exact if exact <= most else changes(one, other, most=most) > most


@given(WORDS.filter(bool), st.integers(0, 6), st.sampled_from("abcd"))
def test_one_letter_more_is_one_change(word: str, place: int, letter: str) -> None:
    assert changes(word, word[:place] + letter + word[place:], most=2) == 1


def test_of_words_as_near_the_most_frequent_is_meant() -> None:
    candidates = [
        Candidate(text=text, folded=text, uses=uses) for text, uses in (("liver", 9), ("lives", 2), ("diver", 50))
    ]

    assert nearest_word("livr", candidates) == "liver"
    assert nearest_word("lver", candidates) == "liver"
    assert nearest_word("livex", candidates) == "liver"
    assert nearest_word("xxxx", candidates) is None
