import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.errors.requests import CursorInvalidError
from tests.search.conftest import Ask

PIECES = st.sampled_from(
    ["\0", "\ud800", '"', "“", "'", "-", "--", "|", "&", "!", ":*", "<->", "<2>", "(", ")", "\\", "%", "_", "$1", ";--",
     "{}", "fever", "-fever", '"fever', "the", "漢字", "é", "\u0301", "😀", "😀fever", "\u200d", "ﷺ", "½",
     "[", "]", ":", "title:", "^2", "~", "*", "\u202efever",
     "حمى", "חום",
     "x" * 3000, " "]
)  # fmt: skip
QUERIES = st.lists(PIECES | st.text(max_size=4), max_size=30).map("".join)
thorough = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.usefixtures("library")
class TestHostileQueries:
    @thorough
    @given(query=QUERIES, locale=st.sampled_from(["en", "es", "zh-Hant", "xx", "no"]))
    async def test_whatever_is_typed_gives_a_page(self, ask: Ask, query: str, locale: str) -> None:
        page = await ask(query, locales=(locale,), first=2)

        assert len(page.hits) == min(page.total, 2)

    @pytest.mark.parametrize("query", ["", " ", '"', '""', "-", '-"', "?!…", "the of and", "\0", "\udfff", "😀"])
    async def test_what_holds_no_word_to_look_for_finds_nothing(self, ask: Ask, query: str) -> None:
        page = await ask(query)

        assert (page.hits, page.total, await page.facets(), page.corrected_query) == ((), 0, (), None)

    async def test_ten_thousand_characters_are_searched_by_their_beginning(self, ask: Ask) -> None:
        assert (await ask("leukemia " + "the " * 2_500)).total == 1
        assert (await ask("x" * 10_000)).total == 0

    @thorough
    @given(cursor=st.text(st.characters(max_codepoint=0x17F), max_size=40))
    async def test_whatever_cursor_is_sent_is_refused_with_its_code(self, ask: Ask, cursor: str) -> None:
        with pytest.raises(CursorInvalidError):
            await ask("fever", after=cursor)
