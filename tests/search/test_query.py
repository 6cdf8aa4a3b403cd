import pytest

from server.access.audience import Audience
from server.content import withdrawal
from server.content.filters import AnswerFilter
from server.content.publishing import publish
from server.content.vocabulary import ProductionMethod
from server.content.withdrawal import Named
from server.db.engine import Engine
from server.errors.requests import BadUserInputError, CursorInvalidError
from tests.search.conftest import Ask, slugs
from tests.search.samples import ANEMIA_IN_SPANISH, FEVER, answer, section, topics


@pytest.mark.usefixtures("library")
class TestWhatIsFound:
    async def test_a_single_term_finds_its_answer(self, ask: Ask) -> None:
        found = await ask("leukemia")

        assert (slugs(found), found.total, found.corrected_query) == (["what-is-leukemia"], 1, None)

    @pytest.mark.parametrize(
        ("question", "slug"),
        [
            ("How is asthma treated?", "how-is-asthma-treated"),
            ("which treatments are there for someone who has asthma attacks", "how-is-asthma-treated"),
            ("When should I worry about my baby's fever?", "when-is-a-fever-dangerous"),
            ("My son bruises without a fall and is tired for weeks, could it be cancer", "what-is-leukemia"),
        ],
    )
    async def test_a_whole_question_finds_the_answer_to_it_first(self, ask: Ask, question: str, slug: str) -> None:
        found = await ask(question)

        assert slugs(found)[:1] == [slug]

    async def test_a_word_in_the_question_counts_more_than_one_in_the_text(self, ask: Ask) -> None:
        found = await ask("fever")

        assert slugs(found) == ["when-is-a-fever-dangerous", "what-is-leukemia"]
        assert found.hits[0].score > found.hits[1].score

    async def test_of_the_answers_on_a_topic_the_one_that_is_asked_for_comes_first(
        self, ask: Ask, engine: Engine
    ) -> None:
        advice = section("Overview", "Gout is treated with rest. The treatment of gout takes days.")
        asked = answer("gout-treatment", "What are the treatments for a gout attack?", section("Drugs", "Colchicine."))
        await publish(engine, [answer("gout", "What is a gout attack?", advice), asked])

        assert slugs(await ask("gout attack treatments"))[:2] == ["gout-treatment", "gout"]

    async def test_two_words_have_both_to_be_there_unless_one_is_a_subject(self, ask: Ask) -> None:
        assert slugs(await ask("forehead bruising")) == []
        assert slugs(await ask("tiredness bruising")) == ["what-is-leukemia"]
        assert slugs(await ask("fever ambulance")) == ["when-is-a-fever-dangerous"]

    async def test_of_three_words_one_that_is_a_topic_is_enough_where_each_is_known(
        self, ask: Ask, engine: Engine
    ) -> None:
        gout = answer("gout", "What is gout?", section("Overview", "Crystals in a joint."), topics=topics("Gout"))
        await publish(engine, [gout])

        assert slugs(await ask("ambulance bruising gout")) == ["gout"]
        assert slugs(await ask("bicycle bruising gout")) == []

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("gout ozempic", ["gout"]),
            ("gout semaglutide crystals", ["gout"]),
            ("crystals ozempic", []),
            ("gout ozempic zumba", []),
            ("ozempic zumba", []),
        ],
    )
    async def test_a_word_that_no_answer_has_may_be_missing_beside_a_subject(
        self, ask: Ask, engine: Engine, query: str, found: list[str]
    ) -> None:
        overview = section("Overview", "Crystals in a joint.")
        many = [answer(f"gout-{n}", f"What is gout {n}?", topics=topics("Gout")) for n in range(9)]
        others = [answer(f"other-{n}", f"What is part {n}?") for n in range(60)]
        await publish(engine, [*many, *others, answer("gout", "What is gout?", overview, topics=topics("Gout"))])

        assert slugs(await ask(query))[:1] == found

    async def test_an_answer_on_the_topic_that_a_query_names_comes_first(self, ask: Ask, engine: Engine) -> None:
        longer = answer("after", "What is done after heart surgery?", topics=topics("After heart surgery"))
        named = answer("heart", "What is done in heart surgery?", topics=topics("Heart surgery"))
        await publish(engine, [longer, named])

        assert slugs(await ask("done heart surgery"))[:1] == ["heart"]

    async def test_what_nothing_answers_well_finds_nothing(self, ask: Ask) -> None:
        found = await ask("where can I have the brakes of my bicycle brought down to size")

        assert (found.hits, found.total, await found.facets(), found.has_next) == ((), 0, (), False)

    async def test_a_phrase_has_to_be_there_word_by_word(self, ask: Ask) -> None:
        assert slugs(await ask('"high temperature"')) == ["when-is-a-fever-dangerous"]
        assert slugs(await ask('"temperature high"')) == []

    async def test_a_phrase_spans_the_common_words_in_it(self, ask: Ask) -> None:
        assert slugs(await ask("“cancer of the blood”")) == ["what-is-leukemia"]
        assert slugs(await ask('"cancer blood"')) == []

    async def test_an_excluded_word_is_nowhere_in_what_is_found(self, ask: Ask) -> None:
        assert slugs(await ask("fever -bruising")) == ["when-is-a-fever-dangerous"]
        assert slugs(await ask('fever -"newborn babies"')) == ["what-is-leukemia"]

    async def test_an_exclusion_alone_looks_for_nothing(self, ask: Ask) -> None:
        assert (await ask("-bruising")).total == 0

    async def test_a_topic_finds_the_answers_on_it(self, ask: Ask) -> None:
        assert slugs(await ask("cancer")) == ["what-is-leukemia"]

    async def test_a_retracted_answer_is_never_found(self, ask: Ask, engine: Engine) -> None:
        await withdrawal.retract(engine, Named(slug="what-is-leukemia"), reason="A dose was wrong.")

        assert slugs(await ask("tiredness bruising", include_retracted=True)) == []
        await withdrawal.reinstate(engine, Named(slug="what-is-leukemia"))
        assert slugs(await ask("tiredness bruising")) == ["what-is-leukemia"]

    async def test_an_erased_answer_is_never_found(self, ask: Ask, engine: Engine) -> None:
        await withdrawal.erase(engine, Named(slug="what-is-leukemia"))

        assert slugs(await ask("leukemia")) == []

    async def test_a_new_revision_is_found_by_its_own_words_only(self, ask: Ask, engine: Engine) -> None:
        await publish(engine, [answer(FEVER.slug, FEVER.question, section("Overview", "Cool the forehead."))])

        assert slugs(await ask("cooling foreheads")) == [FEVER.slug]
        assert slugs(await ask("paracetamol")) == []


@pytest.mark.usefixtures("library")
class TestLocales:
    async def test_english_is_searched_unless_another_locale_is_asked_for(self, ask: Ask) -> None:
        assert slugs(await ask("anemia")) == []
        assert slugs(await ask("anemia", locales=("es",))) == ["que-es-la-anemia"]

    async def test_the_default_of_the_audience_comes_before_english(self, ask: Ask) -> None:
        assert slugs(await ask("anemia", audience=Audience(default_locale="es"))) == ["que-es-la-anemia"]
        assert slugs(await ask("anemia", audience=Audience(default_locale="es-MX"))) == ["que-es-la-anemia"]

    @pytest.mark.parametrize(
        "query",
        ["síntoma", "sintomas", "SÍNTOMAS", "si\u0301ntomas", "médico", "medicos", "inflamaciones", "inflamacion"],
    )
    async def test_spanish_words_are_found_in_any_form_and_without_their_accents(self, ask: Ask, query: str) -> None:
        assert slugs(await ask(query, locales=("es",))) == ["que-es-la-anemia"]

    @pytest.mark.parametrize(
        "query", ["¿Cómo se trata la anemia?", "como se trata la anemia", "cual es el tratamiento"]
    )
    async def test_a_spanish_question_is_asked_with_or_without_accents(self, ask: Ask, query: str) -> None:
        assert slugs(await ask(query, locales=("es",))) == ["que-es-la-anemia"]

    async def test_several_locales_are_refused(self, ask: Ask) -> None:
        with pytest.raises(BadUserInputError, match=r"`filter\.locales` names several locales"):
            await ask("anemia", locales=("en", "es"))

    async def test_of_a_set_the_answer_in_the_very_locale_is_found_once(self, ask: Ask, engine: Engine) -> None:
        mexican = answer("anemia", "¿Qué es la anemia?", locale="es-MX", translation_of=ANEMIA_IN_SPANISH.slug)
        await publish(engine, [mexican])

        for locale, expected in (("es", "que-es-la-anemia"), ("es-MX", "anemia")):
            found = await ask("anemia", locales=(locale,))
            assert (slugs(found), found.total) == ([expected], 1)

    async def test_a_parent_locale_finds_what_is_only_there_below_it(self, ask: Ask, engine: Engine) -> None:
        await publish(engine, [answer("la-gripa", "¿Qué es la gripa?", locale="es-MX")])

        assert slugs(await ask("gripa", locales=("es",))) == ["la-gripa"]


@pytest.mark.usefixtures("library")
class TestFilters:
    async def test_only_what_meets_the_filter_is_found(self, ask: Ask) -> None:
        assert slugs(await ask("fever", topics=("cancer",))) == ["what-is-leukemia"]
        assert slugs(await ask("fever", methods=(ProductionMethod.AI_GENERATED,))) == []
        assert slugs(await ask("fever", slugs=())) == []

    async def test_facets_count_the_topics_of_all_pages_most_first(self, ask: Ask, engine: Engine) -> None:
        await publish(engine, [answer("a-cold", "Is a fever part of a cold?", topics=topics("Cold", "Fever"))])

        found = await ask("fever", first=1)

        counted = [(facet.topic.slug, facet.count) for facet in await found.facets()]
        assert counted == [("fever", 2), ("cancer", 1), ("cold", 1), ("leukemia", 1)]

    async def test_twenty_topics_are_counted_at_most(self, ask: Ask, engine: Engine) -> None:
        await publish(engine, [answer("a-cold", "What is a cold?", topics=topics(*[f"Virus {n}" for n in range(25)]))])

        assert len(await (await ask("cold")).facets()) == 20


class TestPages:
    @pytest.fixture(autouse=True)
    async def _colds(self, engine: Engine) -> None:
        same = [answer(f"cold-{number}", "What helps against a cold?") for number in range(7)]
        more = [answer("a-cough", "What helps against a cough?", section("Colds", "A cold often leaves one."))]
        await publish(engine, same + more)

    @pytest.mark.parametrize("size", [1, 2, 3, 8])
    async def test_pages_follow_each_other_without_gap_or_repeat(self, ask: Ask, size: int) -> None:
        whole, pages = await ask("cold", first=100), []
        page = await ask("cold", first=size)
        pages += slugs(page)
        while page.has_next:
            page = await ask("cold", first=size, after=page.hits[-1].cursor)
            pages += slugs(page)
            assert (page.has_previous, page.total) == (True, 8)

        assert pages == slugs(whole)
        assert (len(set(pages)), pages[-1], whole.has_next, whole.has_previous) == (8, "a-cough", False, False)

    async def test_a_page_is_filled_up_however_many_of_the_best_are_gone(
        self, ask: Ask, stale: Ask, engine: Engine
    ) -> None:
        await ask("cold")
        for number in range(7):
            await withdrawal.retract(engine, Named(slug=f"cold-{number}"), reason="It was wrong.")

        page = await stale("cold", first=1)

        assert (slugs(page), page.has_next, page.total) == (["a-cough"], False, 1)

    async def test_a_page_of_none_still_counts(self, ask: Ask) -> None:
        page = await ask("cold", first=0)

        assert (page.hits, page.total, page.has_next) == ((), 8, True)

    @pytest.mark.parametrize("first", [-1, 101])
    async def test_a_page_is_of_at_most_a_hundred(self, ask: Ask, first: int) -> None:
        with pytest.raises(BadUserInputError, match=f"`first` is {first}: it takes 0 to 100"):
            await ask("cold", first=first)

    async def test_a_cursor_is_of_one_query_locale_and_filter(self, ask: Ask) -> None:
        cursor = (await ask("cold", first=1)).hits[0].cursor

        for query, wanted in (("colds", {}), ("cold", {"locales": ("en",)}), ("cold", {"topics": ("cough",)})):
            with pytest.raises(CursorInvalidError, match="`after` is not a cursor"):
                await ask(query, after=cursor, **wanted)

    async def test_a_cursor_that_search_did_not_make_is_refused(self, ask: Ask) -> None:
        for cursor in ("", "x", "WyJzZWFyY2giXQ", "\ud800", "=" * 1000):
            with pytest.raises(CursorInvalidError):
                await ask("cold", after=cursor)


def test_every_part_of_the_filter_is_in_the_digest_of_a_cursor() -> None:
    """The digest is of the whole value; this names the fields, so that a new one is thought of."""
    assert len(AnswerFilter.__slots__) == 11
