from server.access.audience import Audience
from server.content.draft import Topic
from server.content.library import Library
from server.content.publishing import publish
from server.db.engine import Engine
from server.db.reads import Reads
from tests.schema.drafts import answer

ALL = Topic(name="Acute lymphocytic leukemia", slug="all", synonyms=("ALL", "Acute lymphoblastic leukaemia"))
ALLERGY = Topic(name="All", slug="allergy")
MENIERE = Topic(name="Ménière’s disease", slug="meniere", synonyms=("Vertigo, Ménière's",))
IN_SPANISH = Topic(name="Enfermedad de Ménière", slug="meniere", synonyms=("Vértigo de Ménière",))


async def named(library: Library, *names: str) -> list[list[str]]:
    return [[topic.slug for topic in topics] for topics in await library.topics_named(names)]


async def test_a_name_or_a_synonym_finds_its_topic_in_any_locale(engine: Engine, library: Library) -> None:
    await publish(engine, [answer(topics=(ALL, MENIERE)), answer("otro", locale="es", topics=(IN_SPANISH,))])

    found = await named(
        library, "Meniere's disease", "VERTIGO MENIERE’S", "vertigo de meniere", "lymphocytic leukemia", "", "?"
    )

    assert found == [["meniere"], ["meniere"], ["meniere"], [], [], []]


async def test_whom_a_name_belongs_to_comes_before_whom_it_is_a_synonym_of(engine: Engine, library: Library) -> None:
    await publish(engine, [answer(topics=(ALL, ALLERGY))])

    assert await named(library, "all", "Acute lymphoblastic leukaemia") == [["allergy", "all"], ["all"]]


async def test_a_synonym_that_comes_later_finds_its_topic_too(engine: Engine, library: Library) -> None:
    await publish(engine, [answer(topics=(Topic(name="Cold", slug="cold"),))])

    await publish(engine, [answer("other", topics=(Topic(name="Cold", slug="cold", synonyms=("Catarrh",)),))])

    assert await named(library, "catarrh", "cold") == [["cold"], ["cold"]]


async def test_no_name_finds_what_lies_beyond_the_bounds(engine: Engine, reads: Reads) -> None:
    await publish(engine, [answer(topics=(ALL, MENIERE)), answer("otro", locale="es", topics=(IN_SPANISH,))])

    by_topic = await named(Library(reads, Audience(topics=("all",))), "ALL", "Ménière’s disease")
    by_locale = await named(Library(reads, Audience(locales=("es",))), "ALL", "Ménière’s disease", "Vértigo de Ménière")

    assert (by_topic, by_locale) == ([["all"], []], [[], [], ["meniere"]])
