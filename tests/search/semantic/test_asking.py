"""What is found by meaning, and that every bound of search holds for it."""

from msgspec.structs import replace

from server.access.audience import Audience
from server.content.draft import Draft
from server.content.publishing import publish
from server.content.withdrawal import Named, erase, retract
from server.db.engine import Engine
from tests.search.conftest import Ask, slugs
from tests.search.samples import ASTHMA, FEVER, answer, section, topics


async def test_an_answer_is_found_by_what_is_meant(ask: Ask, library: None):
    page = await ask("breathless")
    assert slugs(page) == ["how-is-asthma-treated"]
    assert (page.total, page.corrected_query) == (1, None)
    assert [(facet.topic.slug, facet.count) for facet in await page.facets()] == [("asthma", 1)]


async def test_what_means_nothing_that_is_there_finds_nothing(ask: Ask, library: None):
    page = await ask("carburettor")
    assert (page.hits, page.total, await page.facets()) == ((), 0, ())


async def test_what_is_found_either_way_is_there_once_and_first(ask: Ask, engine: Engine):
    named = answer("wheezing-at-night", "Why does wheezing come at night?")
    await publish(engine, [ASTHMA, FEVER, named])
    page = await ask("wheezing")
    assert slugs(page) == ["wheezing-at-night", "how-is-asthma-treated"]
    assert page.total == 2
    assert page.hits[0].score > page.hits[1].score


async def test_what_words_find_first_stands_before_what_is_first_by_meaning_alone(ask: Ask, engine: Engine):
    zebra = answer("what-is-a-zebra", "What is a zebra?", topics=topics("Zebra"))
    await publish(engine, [ASTHMA, FEVER, zebra])
    assert slugs(await ask("breathless zebra")) == ["what-is-a-zebra", "how-is-asthma-treated"]


async def test_of_what_matches_by_words_the_nearer_gains_though_nothing_is_near_enough(ask: Ask, engine: Engine):
    """A long message, which is far from every answer."""
    named = [answer(f"named-{number}", "Has a zebra with stripes and hooves a fever?") for number in range(5)]
    nearer = answer("nearer", "Asthma", section("Zebra with stripes and hooves", "Leukaemia."))
    elsewhere = answer("breathing", "Why does wheezing come with a temperature?")
    await publish(engine, [*named, nearer, elsewhere])
    page = await ask("zebra stripes hooves breathless neoplasm anaemia hot remedy infant")
    assert page.total == 6
    assert slugs(page)[-1] != "nearer"


async def test_meaning_is_that_of_the_query_as_its_spelling_was_put_right(ask: Ask, engine: Engine):
    wheezing = answer("wheezing", "Why does wheezing come?")
    await publish(engine, [ASTHMA, FEVER, wheezing])
    page = await ask("asthmaa")
    assert (page.corrected_query, slugs(page)) == ("asthma", ["how-is-asthma-treated", "wheezing"])


async def test_what_must_not_be_there_is_not_found_by_meaning(ask: Ask, library: None):
    assert slugs(await ask("breathless -inhaler")) == []
    assert slugs(await ask('breathless -"blue inhaler"')) == []
    assert slugs(await ask("breathless -fever")) == ["how-is-asthma-treated"]
    assert slugs(await ask("-breathless")) == []


async def test_what_must_be_there_is_there_in_what_is_found_by_meaning(ask: Ask, library: None):
    assert slugs(await ask("breathless +inhaler")) == ["how-is-asthma-treated"]
    assert slugs(await ask("breathless +aspirin")) == []
    assert slugs(await ask('breathless "inhaler blue"')) == []


async def test_a_filter_holds_for_what_is_found_by_meaning(ask: Ask, library: None):
    assert slugs(await ask("breathless", topics=("asthma",))) == ["how-is-asthma-treated"]
    assert slugs(await ask("breathless", topics=("fever",))) == []


async def test_one_answer_of_a_set_is_found_by_meaning(ask: Ask, engine: Engine):
    spanish = answer("asma", "asthma", section(None, "asthma"), locale="es", topics=topics("Asthma"))
    mexican = replace(spanish, slug="asma-mx", locale="es-MX", translation_of="asma")
    await publish(engine, [ASTHMA, spanish])
    await publish(engine, [mexican])
    assert slugs(await ask("breathless", locales=("es",))) == ["asma"]
    assert slugs(await ask("breathless", locales=("es-MX",))) == ["asma-mx"]
    assert slugs(await ask("breathless")) == ["how-is-asthma-treated"]


async def test_a_confined_audience_finds_nothing_beyond_its_bounds_by_meaning(ask: Ask, library: None):
    fevers = Audience(topics=("fever",))
    assert slugs(await ask("breathless", audience=fevers)) == []
    assert slugs(await ask("hot", audience=fevers)) == ["when-is-a-fever-dangerous"]


async def test_what_lies_beyond_its_bounds_takes_no_place_from_what_a_confined_audience_finds(ask: Ask, engine: Engine):
    others = [answer(f"asthma-{number}", "asthma", topics=topics("Asthma")) for number in range(120)]
    await publish(engine, [*others, answer("own", "asthma and fever", topics=topics("Fever"))])
    page = await ask("breathless", audience=Audience(topics=("fever",)))
    assert (slugs(page), page.total) == (["own"], 1)


async def test_what_is_retracted_is_not_found_by_meaning_from_that_moment(
    ask: Ask, stale: Ask, engine: Engine, library: None
):
    await ask("breathless")
    await retract(engine, Named(slug="how-is-asthma-treated"), reason="Wrong.")
    assert slugs(await stale("breathless")) == []


async def test_what_is_erased_has_no_vector_from_that_moment(ask: Ask, engine: Engine, reads, library: None):
    await ask("breathless")
    count = "select count(*) from semantic.answer_vector"
    before = await reads.fetch_value(count)
    await erase(engine, Named(slug="how-is-asthma-treated"))
    assert await reads.fetch_value(count) == before - 1


async def test_pages_follow_each_other_though_vectors_are_made_meanwhile(ask: Ask, stale: Ask, engine: Engine):
    await publish(engine, [_about_asthma(number) for number in range(7)])
    first = await ask("breathless", first=3)
    await publish(engine, [_about_asthma(number) for number in range(7, 12)])
    await ask("fever")
    second = await stale("breathless", first=3, after=first.hits[-1].cursor)
    third = await stale("breathless", first=3, after=second.hits[-1].cursor)
    assert (first.total, third.total) == (7, 7)
    assert sorted(slugs(first) + slugs(second) + slugs(third)) == [f"a{number}" for number in range(7)]
    assert (second.has_next, third.has_next) == (True, False)


async def test_every_answer_of_a_long_result_has_one_place(ask: Ask, engine: Engine):
    """More than are fused, so that the last pages are of the index alone."""
    await publish(engine, [_about_asthma(number) for number in range(130)])
    found, cursor = [], None
    while True:
        page = await ask("asthma", first=50, after=cursor)
        found += page.hits
        if not page.has_next:
            break
        cursor = page.hits[-1].cursor
    assert sorted([hit.answer.slug for hit in found]) == sorted([f"a{number}" for number in range(130)])
    assert [hit.score for hit in found] == sorted([hit.score for hit in found], reverse=True)


def _about_asthma(number: int) -> Draft:
    return answer(f"a{number}", f"How does asthma number {number} begin?", section(None, f"It is asthma {number}."))
