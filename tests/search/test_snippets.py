import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.content.publishing import publish
from server.content.vocabulary import Mark
from server.content.words import words
from server.db.engine import Engine
from server.search.snippets import LENGTH, passage, snippet
from tests.search.conftest import Ask, shown
from tests.search.samples import answer, section

FILLER = "Nothing of interest stands here at all. " * 30


@pytest.mark.usefixtures("library")
class TestSnippet:
    async def test_it_is_the_section_that_matches_best(self, ask: Ask) -> None:
        found = await ask("severe asthma attacks")

        found_snippet = snippet(found.hits[0].answer, found.hits[0].looked)
        assert found_snippet is not None
        assert found_snippet.section_anchor == "attacks"
        assert shown(found) == ("A blue inhaler brings relief within minutes. A [severe] [attack] needs an ambulance.")

    async def test_it_is_the_opening_where_only_the_question_matched(self, ask: Ask) -> None:
        found = await ask("dangerous")

        found_snippet = snippet(found.hits[0].answer, found.hits[0].looked)
        assert found_snippet is not None
        assert found_snippet.section_anchor is None
        assert shown(found).startswith("A high temperature mostly goes by itself.")
        assert [span for span in found_snippet.spans if span.marks] == []

    async def test_words_are_set_off_in_the_form_that_they_stand_in(self, ask: Ask) -> None:
        found = await ask("la circulacion y los medicos", locales=("es",))

        assert shown(found) == ("¿Cómo se trata? Los [médicos] recomiendan tabletas de hierro para la [circulación].")

    async def test_it_begins_with_the_sentence_in_a_long_section(self, ask: Ask, engine: Engine) -> None:
        text = f"{FILLER}Then a rare word appears: zebra😀 stripes 漢字 of a zebra. {FILLER}"
        await publish(engine, [answer("zebras", "What has stripes?", section("Overview", text))])

        found = await ask("zebra")

        assert shown(found).startswith("Then a rare word appears: [zebra]😀 stripes 漢字 of a [zebra]. Nothing")

    async def test_a_section_of_many_words_is_found_to_its_end(self, ask: Ask, engine: Engine) -> None:
        text = f"{FILLER * 100} The last word is zebra."
        await publish(engine, [answer("zebras", "What has stripes?", section("Overview", text))])

        assert (await ask("zebra")).total == 1


def plain(text: str) -> str:
    return " ".join(text.split())


@given(st.text(), st.sets(st.sampled_from(["a", "the", "é", "漢", "1"])))
def test_a_passage_is_a_stretch_of_its_text(text: str, matched: set[str]) -> None:
    shown_text = "".join([span.text for span in passage(text, matched)])

    assert plain(shown_text) in plain(text)
    assert "\n" not in shown_text
    assert len(list(words(shown_text))) <= LENGTH + 1


@given(st.lists(st.sampled_from(["fever", "a", "cold", "É", "x. ", "\n"]), min_size=1, max_size=200))
def test_exactly_the_matched_words_of_a_passage_are_strong(parts: list[str]) -> None:
    spans = passage(" ".join(parts), {"fever", "é"})

    assert all(span.text.lower() in {"fever", "é"} for span in spans if span.marks == (Mark.STRONG,))
    assert not {"fever", "é"} & {word.text for span in spans if not span.marks for word in words(span.text)}
    assert ("fever" in parts or "É" in parts) == any(span.marks for span in spans)


def test_a_passage_holds_the_place_where_most_words_stand() -> None:
    text = f"One fever. {FILLER}A fever and a cough. {FILLER}"

    assert "".join([span.text for span in passage(text, {"fever", "cough"})]).startswith("A fever and a cough.")
