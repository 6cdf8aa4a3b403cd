import datetime

from msgspec.structs import replace

from server.access.audience import Audience
from server.content import withdrawal
from server.content.draft import Code, Topic
from server.content.library import Library
from server.content.publishing import publish
from server.content.vocabulary import CodeSystem
from server.content.withdrawal import Named
from server.db.engine import Engine
from server.db.reads import Reads
from tests.content.infobutton.feeds import V, ask, on, pages, slugs
from tests.schema.drafts import CANCER, LEUKEMIA, answer

ICD9 = "2.16.840.1.113883.6.103"
CODED = replace(CANCER, codes=(Code(system=CodeSystem.UMLS, code="C0006826"),), synonyms=("Malignancy",))
IN_SPANISH = Topic(name="Leucemia", slug="leukemia")
HEART = Topic(name="Heart", slug="heart", codes=(Code(system=CodeSystem.UMLS, code="C0018787"),))


async def test_a_code_finds_what_is_on_its_topic_and_below_the_main_topic_first(
    engine: Engine, library: Library
) -> None:
    early, late = datetime.date(2026, 1, 1), datetime.date(2026, 2, 1)
    await publish(
        engine,
        [
            answer("aside", topics=(HEART, CODED), published_on=late),
            answer("old", topics=(CODED,), published_on=early),
            answer("below", topics=(LEUKEMIA, HEART), published_on=late),
            answer("other", topics=(HEART,)),
        ],
    )

    assert slugs(await ask(library, on("C0006826"))) == ["below", "old", "aside"]
    assert slugs(await ask(library, on("C0023418"))) == ["below"]
    assert slugs(await ask(library, on("C9999999"))) == []


async def test_a_name_counts_where_its_code_says_nothing(engine: Engine, library: Library) -> None:
    await publish(engine, [answer("on-cancer", topics=(CODED,)), answer("on-heart", topics=(HEART,))])

    found = [
        slugs(await ask(library, parameters))
        for parameters in (
            [(f"{V}.dn", "malignancy")],
            on("250.33", oid=ICD9, name="Heart"),
            on("C9999999", name="HEART"),
            on("C0018787", name="Cancer"),
            on("250.33", oid=ICD9),
            on("", name="Malignancy"),
        )
    ]

    assert found == [["on-cancer"], ["on-heart"], ["on-heart"], ["on-heart"], [], ["on-cancer"]]


async def test_whatever_is_asked_about_is_found_once(engine: Engine, library: Library) -> None:
    await publish(engine, [answer("both", topics=(CODED, HEART)), answer("one", topics=(HEART,))])
    several = [*on("C0006826"), *[(f"{name}1", value) for name, value in on("C0018787")]]

    assert sorted(slugs(await ask(library, several))) == ["both", "one"]
    assert sorted(slugs(await ask(library, [*on("C0018787"), *on("C0018787")]))) == ["both", "one"]


async def test_each_set_of_translations_is_answered_in_the_language_that_is_asked(
    engine: Engine, library: Library, reads: Reads
) -> None:
    await publish(
        engine,
        [
            answer("one"),
            answer("one", locale="es", topics=(IN_SPANISH,)),
            answer("one", locale="es-MX", topics=(IN_SPANISH,)),
            answer("two"),
        ],
    )

    async def asked(language: str | None, library: Library = library) -> list[str]:
        more = {"language": language} if language else {}
        return sorted(
            page.removeprefix("https://example.org/") for page in pages(await ask(library, on("C0023418", **more)))
        )

    english = ["en/answers/one", "en/answers/two"]
    assert (await asked(None), await asked("en-US"), await asked("fr")) == (english, english, [])
    assert (await asked("es"), await asked("es-MX")) == (["es/answers/one"], ["es-MX/answers/one"])
    assert await asked("es-AR") == ["es/answers/one"]
    assert await asked(None, Library(reads, Audience(default_locale="es"))) == ["es/answers/one"]


async def test_at_most_twenty_answers_are_given(engine: Engine, library: Library) -> None:
    await publish(engine, [answer(f"a{number}") for number in range(21)])

    assert len(slugs(await ask(library, on("C0023418")))) == 20


async def test_a_retracted_answer_is_not_there(engine: Engine, library: Library) -> None:
    await publish(engine, [answer("gone", title="Gone for good"), answer("here")])
    await withdrawal.retract(engine, Named(slug="gone"), reason="It was wrong.")

    feed = await ask(library, on("C0023418"))

    assert slugs(feed) == ["here"]
    assert b"Gone for good" not in feed.xml()


async def test_whoever_is_confined_is_told_of_nothing_beyond_its_bounds(
    engine: Engine, library: Library, reads: Reads
) -> None:
    await publish(engine, [answer("within", topics=(LEUKEMIA, CODED)), answer("beyond", topics=(CODED, HEART))])
    confined = Library(reads, Audience(topics=("leukemia",)))

    for parameters, whole in ((on("C0006826"), 2), (on("C0018787", name="Heart"), 1), ([(f"{V}.dn", "Malignancy")], 2)):
        assert slugs(await ask(confined, parameters)) == []
        assert len(slugs(await ask(library, parameters))) == whole
    feed = await ask(confined, on("C0023418"))
    assert slugs(feed) == ["within"]
    assert b"C0006826" not in feed.xml()


async def test_a_request_takes_three_statements_at_most(engine: Engine, library: Library, reads: Reads) -> None:
    await publish(engine, [answer(f"a{number}") for number in range(5)])

    async def statements(parameters: list[tuple[str, str]]) -> int:
        before = reads.statements
        await ask(library, parameters)
        return reads.statements - before

    assert await statements(on("C0023418", name="Leukemia")) == 2
    assert await statements([*on("C0023418"), *on("C9999999", name="Leukemia")]) == 3
    assert await statements(on("250.33", oid=ICD9)) == 0
