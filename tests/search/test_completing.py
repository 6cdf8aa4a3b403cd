import pytest

from server.access.audience import Audience
from server.content import withdrawal
from server.content.library import Library
from server.content.publishing import publish
from server.content.withdrawal import Named
from server.db.engine import Engine
from server.db.reads import Reads
from server.search.completing import Completion
from server.search.results import SuggestRequest
from tests.search.indexed import IndexedSearch
from tests.search.samples import LEUKEMIA, answer, topics


@pytest.fixture
def suggest(reads: Reads, indexed: IndexedSearch):
    async def suggesting(prefix: str, *, first: int = 8, locale: str | None = None) -> list[str]:
        request = SuggestRequest(prefix=prefix, first=first, locale=locale)
        return [each.text for each in await indexed.suggest(request, library=Library(reads))]

    return suggesting


@pytest.mark.usefixtures("library")
class TestSuggestions:
    @pytest.mark.parametrize("prefix", ["leuk", "LEUK", "  leuk", "léuk", "le\u200buk\ufeff", "\u202eleuk"])
    async def test_topics_come_before_questions(self, suggest, prefix: str) -> None:
        assert await suggest(prefix) == ["Leukemia", "What is leukemia?"]

    async def test_a_hyphen_that_may_be_is_not_typed(self, suggest, engine: Engine) -> None:
        await publish(engine, [answer("gout", "What is podo\u00adgra?", topics=topics("Podo\u00adgra"))])

        assert await suggest("podogr") == ["Podo\u00adgra", "What is podo\u00adgra?"]

    async def test_a_question_is_completed_from_its_beginning_too(self, suggest) -> None:
        assert await suggest("what is leu") == ["Leukemia", "What is leukemia?"]

    @pytest.mark.parametrize("prefix", ["w", "what", "What is", "what is "])
    async def test_what_only_leads_up_to_a_question_is_completed_by_questions(self, suggest, prefix: str) -> None:
        assert "What is leukemia?" in await suggest(prefix)

    async def test_a_word_that_is_being_typed_may_begin_like_a_common_one(self, suggest) -> None:
        assert await suggest("what is as") == ["Asthma", "How is asthma treated?"]
        assert await suggest("what is as ") == []

    async def test_a_space_ends_a_word(self, suggest) -> None:
        assert await suggest("leuk ") == []

    @pytest.mark.parametrize("prefix", ["", " ", "?", "zzz", "\x1f", "x" * 10_000, "😀", '"', "漢"])
    async def test_what_nothing_begins_with_is_completed_by_nothing(self, suggest, prefix: str) -> None:
        assert await suggest(prefix) == []

    async def test_one_locale_is_completed_at_a_time(self, suggest) -> None:
        assert await suggest("que es la an", locale="es") == ["Anemia", "¿Qué es la anemia?"]
        assert await suggest("que es la an") == []

    async def test_a_retracted_question_is_not_suggested(self, suggest, engine: Engine) -> None:
        await withdrawal.retract(engine, Named(slug=LEUKEMIA.slug), reason="It was wrong.")

        assert await suggest("leuk") == []

    async def test_as_many_come_as_are_wanted(self, suggest, engine: Engine) -> None:
        await publish(engine, [answer(f"gout-{n}", f"Gout {n}?", topics=topics("Gout")) for n in range(9)])

        assert await suggest("gou", first=3) == ["Gout", "Gout 0?", "Gout 1?"]
        assert await suggest("gou", first=0) == []

    async def test_a_topic_of_one_answer_stands_among_questions(self, suggest, engine: Engine) -> None:
        await publish(engine, [answer("goblet", "Goblet cells?", topics=topics("Goitre"))])

        assert await suggest("go") == ["Goblet cells?", "Goitre"]

    async def test_topics_of_more_answers_come_before_any_question(self, suggest, engine: Engine) -> None:
        both = topics("Gout", "Gout of the toe", "Gout of the thumb", "Gout of a knee")
        await publish(engine, [answer(f"gout-{n}", f"Gout {n}?", topics=both) for n in range(2)])

        assert await suggest("gou", first=1) == ["Gout"]
        assert await suggest("gou", first=5) == [
            "Gout", "Gout of a knee", "Gout of the thumb", "Gout of the toe", "Gout 0?",
        ]  # fmt: skip

    async def test_what_was_retracted_takes_no_place(self, suggest, engine: Engine) -> None:
        questions = [f"Word number {n:02}?" for n in range(40)]
        await publish(engine, [answer(f"word-{n}", question) for n, question in enumerate(questions)])
        await suggest("word")
        for number in range(38):
            await withdrawal.retract(engine, Named(slug=f"word-{number}"), reason="It was wrong.")

        assert await suggest("word number", first=8) == questions[38:]
        assert await suggest("word number", first=1) == questions[38:39]

    async def test_nothing_beyond_the_bounds_is_suggested(self, indexed: IndexedSearch, reads: Reads) -> None:
        library = Library(reads, Audience(topics=("asthma",)))

        assert await indexed.suggest(SuggestRequest(prefix="leuk", first=8), library=library) == ()

    async def test_it_is_one_statement(self, suggest, reads: Reads) -> None:
        await suggest("leuk")
        before = reads.statements
        await suggest("leuk")

        assert reads.statements - before == 1

    async def test_a_stale_index_suggests_nothing_that_is_not_there(
        self, indexed: IndexedSearch, reads, engine
    ) -> None:
        await indexed.catch_up()
        await withdrawal.erase(engine, Named(slug=LEUKEMIA.slug))

        found = await indexed.stale.suggest(SuggestRequest(prefix="leuk", first=8), library=Library(reads))

        assert [each.text for each in found] == ["Leukemia"]


def test_a_completion_says_where_it_leads() -> None:
    assert Completion.__slots__ == ("text", "kind", "slug", "id")
