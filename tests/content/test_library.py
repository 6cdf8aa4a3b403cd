import datetime

from server.content import evidence, withdrawal
from server.content.answer import EvidenceStatus, SourceStatus
from server.content.draft import Code, Draft, Provenance, Question, Topic
from server.content.filters import AnswerFilter, AnswerOrder, AnswerOrderField, SourceFilter
from server.content.library import Library
from server.content.pages import PageRequest
from server.content.publishing import publish
from server.content.vocabulary import CodeSystem, ProductionMethod, SourceKind
from server.content.withdrawal import Named
from server.db.engine import Engine
from server.db.reads import Reads
from tests.schema.drafts import GUIDELINE, TRIAL, answer, cited, section

DAY = datetime.date(2026, 5, 15)
HEART = Topic(name="Heart", slug="heart", codes=(Code(system=CodeSystem.UMLS, code="C0018787"),))
VALVE = Topic(name="Valve", slug="valve", parent="heart")


async def slugs(library: Library, wanted: AnswerFilter, order: AnswerOrder | None = None) -> list[str]:
    page = await library.list_answers(wanted, order or AnswerOrder(), page=PageRequest(size=100))
    assert await library.count_answers(wanted) == len(page.nodes)
    return [found.slug for found in page.nodes]


async def test_each_filter_narrows_a_list(engine: Engine, library: Library) -> None:
    ai = Provenance(method=ProductionMethod.AI_GENERATED)
    uncited = (section(),)
    await publish(
        engine,
        [
            answer("heart", topics=(HEART,), external_id="page:1", published_on=datetime.date(2026, 1, 1)),
            answer("valve", topics=(HEART, VALVE)[::-1], provenance=ai, published_on=datetime.date(2026, 1, 2)),
            answer("otro", topics=(), locale="es-MX", sections=uncited, published_on=datetime.date(2026, 1, 3)),
            answer("gone", topics=(HEART,), sources=(TRIAL,), sections=(section(None, paragraph_citing_trial()),)),
        ],
    )
    await withdrawal.retract(engine, Named(slug="gone"), reason="Old.")
    source = (await library.answer_by_slug("heart", None)).caveats.sources[0]

    noon = datetime.datetime(2026, 1, 2, 12, tzinfo=datetime.UTC)
    for wanted, expected in (
        (AnswerFilter(), ["otro", "valve", "heart"]),
        (AnswerFilter(include_retracted=True), ["gone", "otro", "valve", "heart"]),
        (AnswerFilter(topics=("heart",)), ["valve", "heart"]),
        (AnswerFilter(topics=("valve", "nowhere")), ["valve"]),
        (AnswerFilter(codes=((CodeSystem.UMLS, "C0018787"),)), ["valve", "heart"]),
        (AnswerFilter(codes=((CodeSystem.MESH, "C0018787"),)), []),
        (AnswerFilter(codes=((CodeSystem.UMLS, "c0018787"),)), []),
        (AnswerFilter(codes=()), []),
        (AnswerFilter(sources=(source.uuid,)), ["valve", "heart"]),
        (AnswerFilter(slugs=("otro", "heart")), ["otro", "heart"]),
        (AnswerFilter(external_ids=("page:1",)), ["heart"]),
        (AnswerFilter(locales=("es",)), ["otro"]),
        (AnswerFilter(locales=("es-MX", "en")), ["otro", "valve", "heart"]),
        (AnswerFilter(locales=("e",)), []),
        (AnswerFilter(published_after=noon), ["otro"]),
        (AnswerFilter(published_before=noon), ["valve", "heart"]),
        (AnswerFilter(methods=(ProductionMethod.AI_GENERATED,)), ["valve"]),
        (AnswerFilter(evidence=(EvidenceStatus.CURRENT,)), ["valve", "heart"]),
        (AnswerFilter(evidence=(EvidenceStatus.UNCITED,)), ["otro"]),
        (AnswerFilter(evidence=(EvidenceStatus.UNCITED,), include_retracted=True), ["gone", "otro"]),
        (AnswerFilter(topics=("heart",), methods=(ProductionMethod.HUMAN_WRITTEN,)), ["heart"]),
        (AnswerFilter(topics=()), []),
        (AnswerFilter(evidence=()), []),
    ):
        assert await slugs(library, wanted) == expected, wanted


def paragraph_citing_trial() -> object:
    return type(section().blocks[0])(content=cited("Says ", "Maude", TRIAL))


async def test_evidence_follows_the_sources(engine: Engine, library: Library) -> None:
    both = (
        section(None, paragraph_citing_trial()),
        section("B", type(section().blocks[0])(content=cited("Says ", "X"))),
    )
    await publish(engine, [answer("one"), answer("two", sources=(GUIDELINE, TRIAL), sections=both)])

    await evidence.supersede(engine, GUIDELINE.title, by=TRIAL.title)
    assert await slugs(library, AnswerFilter(evidence=(EvidenceStatus.OUTDATED,))) == ["two", "one"]
    await evidence.withdraw(engine, TRIAL.title)

    assert await slugs(library, AnswerFilter(evidence=(EvidenceStatus.OUTDATED,))) == ["one"]
    assert await slugs(library, AnswerFilter(evidence=(EvidenceStatus.WITHDRAWN,))) == ["two"]


async def test_questions_are_ordered_by_their_words_whatever_opens_them(engine: Engine, library: Library) -> None:
    questions = {"z": "Zoster?", "c": "¿Cómo?", "d": "Does “Yes” help?", "e": "Does no help?", "b": "“Beta” blockers?"}
    await publish(engine, [answer(slug, question=question) for slug, question in questions.items()])

    for is_descending, expected in ((False, ["b", "c", "e", "d", "z"]), (True, ["z", "d", "e", "c", "b"])):
        order = AnswerOrder(field=AnswerOrderField.QUESTION, is_descending=is_descending)
        assert await slugs(library, AnswerFilter(), order) == expected


async def test_questions_are_ordered_without_regard_to_case_and_accents(engine: Engine, library: Library) -> None:
    questions = {"a": "Édema?", "b": "edema and heart?", "c": "Zoster?", "d": "EDEMA: how?"}
    await publish(engine, [answer(slug, question=question) for slug, question in questions.items()])

    order = AnswerOrder(field=AnswerOrderField.QUESTION, is_descending=False)

    assert await slugs(library, AnswerFilter(), order) == ["a", "b", "d", "c"]


async def test_a_slug_finds_its_set_and_the_locale_picks_from_it(engine: Engine, library: Library) -> None:
    await publish(
        engine,
        [
            answer("one"),
            answer("uno", locale="es", translation_of="one"),
            answer("one", locale="pt-BR"),
            answer("uno-mx", locale="es-MX", translation_of="one"),
        ],
    )

    for slug, locale, expected in (
        ("one", None, "en"),
        ("uno", None, "es"),
        ("one", "es", "es"),
        ("one", "es-MX", "es-MX"),
        ("one", "es-AR", "es"),
        ("uno", "fr", "es"),
        ("one", "fr", "en"),
        ("uno", "pt", "es"),
        ("uno", "pt-BR", "pt-BR"),
    ):
        found = await library.answer_by_slug(slug, locale)
        assert found is not None
        assert (slug, locale, found.locale) == (slug, locale, expected)
    assert await library.answer_by_slug("nowhere", "en") is None


async def test_related_answers_share_topics_and_sources(engine: Engine, library: Library) -> None:
    both, one, none = (HEART, VALVE), (HEART,), ()
    drafts = [
        answer("it", topics=both[::-1]),
        answer("both", topics=both[::-1], sections=(section(),)),
        answer("topic-and-source", topics=one),
        answer("topic", topics=one, sections=(section(),)),
        answer("source", topics=none),
        answer("stranger", topics=none, sections=(section(),)),
        answer("it", locale="es", topics=both[::-1]),
    ]
    await publish(engine, drafts)
    found = await library.answer_by_slug("it", "en")

    (related,) = await library.related_answers([found.uuid], 20)
    (first,) = await library.related_answers([found.uuid], 1)

    assert [each.slug for each in related] == ["both", "topic-and-source", "topic", "source"]
    assert [each.slug for each in first] == ["both"]


async def test_a_question_finds_the_answer_that_it_names_or_that_asks_the_same(
    engine: Engine, library: Library
) -> None:
    asking = (Question(text="what is  CAR-T"), Question(text="And then?", answer="next"), Question(text="Who knows?"))
    await publish(
        engine,
        [answer("it", questions=asking), answer("car", question="What is CAR-T?"), answer("next")],
    )
    found = await library.answer_by_slug("it", None)

    answers = await library.answers_to(found.published.follow_up_questions)

    assert [each and each.slug for each in answers] == ["car", "next", None]


async def test_topics_form_a_tree(engine: Engine, library: Library) -> None:
    await publish(engine, [answer("one", topics=(HEART, VALVE)), answer("two", topics=(VALVE,))])
    heart, valve = (await library.list_topics(PageRequest())).nodes

    assert await library.children_of_topics([heart.uuid, valve.uuid]) == [[valve], []]
    assert await library.count_answers_of_topics([valve.uuid, heart.uuid]) == [2, 2]
    (pages,) = await library.answers_of_topics([heart.uuid], AnswerOrder(), page=PageRequest(size=1))
    assert ([each.slug for each in pages.nodes], pages.has_next) == (["two"], True)
    assert await library.topic_by_slug("heart") == heart


async def test_sources_are_listed_by_title_and_narrowed(engine: Engine, library: Library) -> None:
    both = (
        section(None, paragraph_citing_trial()),
        section("B", type(section().blocks[0])(content=cited("Says ", "X"))),
    )
    await publish(engine, [answer("two", sources=(GUIDELINE, TRIAL), sections=both)])
    await evidence.withdraw(engine, TRIAL.title)

    for wanted, titles in (
        (SourceFilter(), [GUIDELINE.title, TRIAL.title]),
        (SourceFilter(kinds=(SourceKind.GUIDELINE,)), [GUIDELINE.title]),
        (SourceFilter(statuses=(SourceStatus.WITHDRAWN,)), [TRIAL.title]),
        (SourceFilter(publishers=("Nobody",)), []),
    ):
        page = await library.list_sources(wanted, PageRequest())
        assert [each.title for each in page.nodes] == titles
        assert await library.count_sources(wanted) == len(titles)


async def many(engine: Engine, count: int) -> None:
    drafts: list[Draft] = [answer(f"m{count}-{number}", topics=(HEART, VALVE)) for number in range(count)]
    await publish(engine, drafts)


async def test_every_read_is_one_statement_whatever_it_returns(engine: Engine, library: Library, reads: Reads) -> None:
    await many(engine, 12)
    page = await library.list_answers(AnswerFilter(), AnswerOrder(), page=PageRequest())
    ids = [each.uuid for each in page.nodes]
    topics = [topic.uuid for topic in page.nodes[0].caveats.topics]
    sources = [source.uuid for source in page.nodes[0].caveats.sources]

    for read in (
        lambda: library.answers_by_id(ids),
        lambda: library.answer_by_slug("m12-1", "en"),
        lambda: library.list_answers(AnswerFilter(topics=("heart",)), AnswerOrder(), page=PageRequest()),
        lambda: library.translations(ids),
        lambda: library.related_answers(ids, 5),
        lambda: library.answers_to(page.nodes[0].published.follow_up_questions),
        lambda: library.answers_of_topics(topics, AnswerOrder(), page=PageRequest()),
        lambda: library.answers_of_sources(sources, PageRequest()),
        lambda: library.count_answers_of_topics(topics),
        lambda: library.topics_by_id(topics),
        lambda: library.sources_by_id(sources),
    ):
        before = reads.statements
        await read()
        assert reads.statements - before == 1
