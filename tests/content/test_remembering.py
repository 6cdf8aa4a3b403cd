"""The library with a memory gives what the library gives, as soon as the news is told."""

import datetime
from collections.abc import Awaitable, Callable

import msgspec
import pytest

from server.access.audience import ANONYMOUS, Audience
from server.access.clients import ClientKind
from server.access.registration import add_client, find_client
from server.content import disclaimers, evidence, turns, withdrawal
from server.content.draft import Question, Review, Topic
from server.content.filters import AnswerFilter, AnswerOrder
from server.content.library import Library
from server.content.pages import PageRequest
from server.content.publishing import publish
from server.content.vocabulary import DisclaimerPlacement, QuestionAudience
from server.content.withdrawal import Named
from server.content.wording import Wording, add_wording
from server.db.engine import Engine
from server.events.news import LEASE
from tests.content.memories import Memory
from tests.schema.drafts import CANCER, DAY, GUIDELINE, LEUKEMIA, answer, rich

CONFINED = Audience(topics=("leukemia",), locales=("en", "es"), shows_calls=False)
ASKS = (Question(text="Other?", audience=QuestionAudience.READER),)


@pytest.fixture
async def content(engine: Engine) -> None:
    await publish(
        engine,
        [
            answer("one", questions=ASKS, review=Review(reviewed_on=DAY, reviewer=answer().author, next_review_on=DAY)),
            answer("other", topics=(CANCER,)),
            answer("one", locale="es"),
            rich("rich"),
        ],
    )


async def everything(library: Library) -> list[object]:
    """What every method gives of all that there is."""
    plain = Library(library.sight._reads)
    answers = (await plain.list_answers(AnswerFilter(include_retracted=True), AnswerOrder(), page=PageRequest())).nodes
    ids = [each.uuid for each in answers]
    topics = [each.uuid for each in (await plain.list_topics(PageRequest())).nodes]
    sources = [each.uuid for each in await plain.sources_by_id([s.uuid for a in answers for s in a.caveats.sources])]
    questions = [question for each in answers for question in each.published.follow_up_questions]
    order, page = AnswerOrder(), PageRequest(size=2)
    return [
        await library.answers_by_id(ids),
        *[await library.answer_by_slug(each.slug, locale) for each in answers for locale in ("en", "es-MX", None)],
        await library.list_answers(AnswerFilter(), order, page=page),
        await library.list_answers(AnswerFilter(topics=("cancer",), include_retracted=True), order, page=PageRequest()),
        await library.count_answers(AnswerFilter()),
        await library.answers_of_topics(topics, order, page=page),
        await library.count_answers_of_topics(topics),
        await library.answers_of_sources(sources, page),
        await library.count_answers_of_sources(sources),
        await library.translations(ids),
        await library.related_answers(ids, 5),
        await library.answers_to(questions),
        await library.topics_by_id(topics),
        await library.sources_by_id(sources),
        await library.texts([*ids, *topics]),
    ]


async def _reword(engine: Engine) -> None:
    async with engine.transaction() as session:
        standing = [each for each in await disclaimers.list_disclaimers(session) if each.rule == "EVERY_ANSWER"]
    for each in standing:
        await disclaimers.reword(engine, each.id, wording="Other words.")


async def _supersede(engine: Engine) -> None:
    newer = msgspec.structs.replace(GUIDELINE, key="new", edition="2027", url=None)
    await publish(engine, [answer("newer", sources=(newer,), sections=answer().sections[1:])])
    await publish(engine, [answer("newest", sources=(msgspec.structs.replace(newer, key="nccn", title="Next"),))])
    await evidence.supersede(engine, GUIDELINE.url or "", by="Next")


async def _client(engine: Engine) -> None:
    await add_client(engine, "clinic", kind=ClientKind.PARTNER, rights={}, expires_at=None)
    own = {"client": "clinic", "name": "own", "replaces": None, "locale": "en", "heading": None, "text": "Call us."}
    await add_wording(engine, Wording(placement=DisclaimerPlacement.AFTER_CONTENT, **own))


WRITES: dict[str, Callable[[Engine], Awaitable[object]]] = {
    "an answer is retracted": lambda engine: withdrawal.retract(engine, Named(slug="other"), reason="Old."),
    "an answer is retracted for another": lambda engine: withdrawal.retract(
        engine, Named(slug="one", locale="en"), reason="Old.", replacement="other"
    ),
    "an answer is erased": lambda engine: withdrawal.erase(engine, Named(slug="one", locale="en")),
    "an answer has another revision": lambda engine: publish(engine, [answer("other", title="New", topics=(CANCER,))]),
    "an answer has other topics": lambda engine: publish(engine, [answer("other")]),
    "an answer leaves a topic": lambda engine: publish(engine, [answer("one", questions=ASKS, topics=(CANCER,))]),
    "a translation is published": lambda engine: publish(engine, [answer("one", locale="es-MX")]),
    "an answer is published": lambda engine: publish(engine, [answer("third")]),
    "a disclaimer is reworded": _reword,
    "a source is superseded": _supersede,
    "a source is withdrawn": lambda engine: evidence.withdraw(engine, GUIDELINE.url or ""),
    "a topic is renamed": lambda engine: publish(
        engine, [answer("third", topics=(Topic(name="Cancers", slug="cancer"),))]
    ),
    "a topic is moved": lambda engine: publish(
        engine, [answer("third", topics=(CANCER, Topic(name="Top", slug="top"), _moved()))]
    ),
    "a client has words of its own": _client,
    "reviews are overdue": lambda engine: turns.announce_overdue(engine, datetime.datetime.now(datetime.UTC).date()),
}


def _moved() -> Topic:
    return msgspec.structs.replace(LEUKEMIA, parent="top")


@pytest.mark.usefixtures("content")
@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
@pytest.mark.parametrize("audience", [ANONYMOUS, CONFINED], ids=["anonymous", "confined"])
async def test_all_that_is_read_is_right_once_the_news_is_told(
    engine: Engine, memory: Memory, audience: Audience, write: Callable[[Engine], Awaitable[object]]
) -> None:
    plain = Library(memory.reads, audience)
    assert await everything(memory.library(audience)) == await everything(plain)

    await write(engine)
    await memory.hear()

    assert await everything(memory.library(audience)) == await everything(plain)
    assert await everything(memory.library(audience)) == await everything(plain)


@pytest.mark.usefixtures("content")
async def test_what_was_read_is_given_again_without_a_statement(memory: Memory) -> None:
    ask = (AnswerFilter(), AnswerOrder())
    first = await memory.library().answer_by_slug("one", "en")
    listed = await memory.library().list_answers(*ask, page=PageRequest())

    async def again() -> None:
        library = memory.library()
        assert await library.answer_by_slug("one", "en") == first
        assert await library.answers_by_id([first.uuid]) == [first]
        assert await library.list_answers(*ask, page=PageRequest()) == listed

    assert await memory.statements(again) == 0


@pytest.mark.usefixtures("content")
async def test_what_is_kept_is_read_anew_while_the_news_is_not_current(memory: Memory) -> None:
    async def read() -> object:
        return await memory.library().answer_by_slug("one", "en")

    await read()
    memory.clock.now += LEASE * 2

    assert await memory.statements(read) == 1


@pytest.mark.usefixtures("content")
async def test_what_changed_while_it_was_read_is_read_anew(engine: Engine, memory: Memory) -> None:
    async def retract() -> None:
        memory.reads.gate = None
        await withdrawal.retract(engine, Named(slug="other"), reason="Old.")
        await memory.hear()

    memory.reads.gate = retract

    before = await memory.library().answer_by_slug("other", "en")
    after = await memory.library().answer_by_slug("other", "en")

    assert (before.status, after.status) == ("PUBLISHED", "RETRACTED")


@pytest.mark.usefixtures("content")
async def test_a_revision_that_is_kept_is_not_sent_again(engine: Engine, memory: Memory) -> None:
    before = await memory.library().answer_by_slug("one", "en")
    await _reword(engine)
    await memory.hear()

    after = await memory.library().answer_by_slug("one", "en")

    assert [row["published"] for row in memory.reads.rows] == [None]
    assert after.published is before.published
    assert after.caveats != before.caveats


@pytest.mark.usefixtures("content")
async def test_nothing_of_an_erased_answer_stays(engine: Engine, memory: Memory) -> None:
    erased = await memory.library().answer_by_slug("other", "en")
    await memory.library(CONFINED).answers_by_id([erased.uuid])

    await withdrawal.erase(engine, Named(slug="other"))
    await memory.hear()

    assert await memory.library().answers_by_id([erased.uuid]) == [None]
    assert [key for key in memory.objects._kept._once.values if erased.uuid in key] == []
    assert [key for key in memory.objects._kept._again.values if erased.uuid in key] == []


@pytest.mark.usefixtures("content")
async def test_an_audience_is_given_nothing_that_another_was(engine: Engine, memory: Memory) -> None:
    other = await memory.library().answer_by_slug("other", "en")
    one = await memory.library().answer_by_slug("one", "en")
    await _client(engine)
    async with engine.transaction() as session:
        clinic = (await find_client(session, "clinic")).audience
    await memory.hear()

    assert await memory.library(CONFINED).answers_by_id([other.uuid, one.uuid]) == await Library(
        memory.reads, CONFINED
    ).answers_by_id([other.uuid, one.uuid])
    assert await memory.library(CONFINED).answer_by_slug("other", "en") is None
    assert [each.text for each in (await memory.library(clinic).answer_by_slug("one", "en")).caveats.disclaimers][
        -1
    ] == "Call us."


@pytest.mark.usefixtures("content")
async def test_a_list_of_which_an_answer_is_kept_no_more_is_read_anew_and_the_answer(memory: Memory) -> None:
    async def read() -> object:
        return await memory.library().list_answers(AnswerFilter(), AnswerOrder(), page=PageRequest())

    listed = await read()
    key = next(key for key in memory.objects._kept._once.values if listed.nodes[0].uuid in key and "answer" in key)
    memory.objects._remove(memory.objects._kept.find(key))

    assert await memory.statements(read) == 2
    assert [row["id"] for row in memory.reads.rows] == [listed.nodes[0].uuid]
    assert await memory.statements(read) == 0
