"""The reads that are made of a large library, each as a function of a number that tells its arguments."""

import datetime
from dataclasses import dataclass

from server.access.audience import Audience
from server.content.answer import EvidenceStatus
from server.content.cursors import Cursors
from server.content.filters import AnswerFilter, AnswerOrder, AnswerOrderField, ChangeFilter, SourceFilter
from server.content.libraries import ForgetfulLibrary
from server.content.pages import PageRequest, encode_cursor
from server.content.published import FollowUpQuestion
from server.content.reads.entries import Place
from server.content.vocabulary import CodeSystem

SOME = 200


@dataclass(frozen=True, kw_only=True)
class Places:
    """Answers, topics and positions from all over the library."""

    answers: list
    """Id, slug, dates and keys."""
    topics: list
    """Ids and slugs of topics with a few answers."""
    areas: list
    """Ids and slugs of the broadest topics."""
    sources: list
    codes: list
    sets: list
    """Places in the lists of topics and of sources."""
    head: int

    @classmethod
    async def find(cls, reads, chance):
        """By chance, the same each time."""
        sample = "where mod(abs(hashtext({0}::text)), {1}) = 0 order by {0} limit 400"
        count = await reads.fetch_value("select reltuples::bigint from pg_class where relname = 'answer'")
        many = max(1, count // 400)

        async def some(columns, table, key):
            rows = await reads.fetch(f"select {columns} from {table} {sample.format(key, many)}")
            return chance.sample(rows, min(SOME, len(rows)))

        return cls(
            answers=await some("id, slug, locale, question, published_at, updated_at, question_key", "answer", "id"),
            topics=await some("id, slug", "topic", "id"),
            areas=await reads.fetch(
                """select t.id, t.slug from topic t where parent_id is null
                   and exists (select 1 from topic b where b.parent_id = t.id) order by t.slug limit 30"""
            ),
            sources=await some("id, title_match", "source", "id"),
            codes=await some("system, code", "topic_code", "code"),
            sets=await some("id, slug", "topic", "slug"),
            head=await reads.fetch_value("select max(position) from outbox"),
        )


def questions(library, *, reads, places):
    """Every read by its name."""
    return (
        _of_answers(library, places)
        | _of_lists(library, places)
        | _of_topics(library, places)
        | _of_changes(library, places)
        | _of_counts(library, places)
        | _confined(reads, places)
    )


def _turn(values):
    return lambda number: values[number % len(values)]


def _of_answers(library, places):
    answer = _turn(places.answers)

    def asked(number):
        row = answer(number)
        return FollowUpQuestion(
            id="q", number=1, text=row["question"], audience="SELF", locale=row["locale"], answer_slug=None
        )

    return {
        "page by slug": lambda number: library.answer_by_slug(answer(number)["slug"], "en"),
        "20 answers by id": lambda number: library.answers_by_id([answer(number + each)["id"] for each in range(20)]),
        "related answers": lambda number: library.related_answers([answer(number)["id"]], 5),
        "translations": lambda number: library.translations([answer(number)["id"]]),
        "answer to a follow-up question": lambda number: library.answers_to([asked(number)]),
    }


def _of_lists(library, places):
    answer, topic, area, code = map(_turn, (places.answers, places.topics, places.areas, places.codes))
    source = _turn(places.sources)
    newest, words = AnswerOrder(), AnswerOrder(field=AnswerOrderField.QUESTION, is_descending=False)
    page, every = PageRequest(), AnswerFilter()

    def after(number, order):
        row = answer(number)
        if order is words:
            return PageRequest(after=encode_cursor("answers:QUESTION_WORDS:asc", row["question_key"], str(row["id"])))
        moment = row["published_at"].isoformat()
        return PageRequest(after=encode_cursor("answers:PUBLISHED_AT:desc", moment, str(row["id"])))

    def narrowed(**conditions):
        return lambda order=newest, page=page: library.list_answers(AnswerFilter(**conditions), order, page=page)

    def year(number):
        return datetime.datetime(2015 + number % 10, 1, 1, tzinfo=datetime.UTC)

    evidence = {status: narrowed(evidence=(status,)) for status in EvidenceStatus}
    return {
        "list, newest first": lambda _: library.list_answers(every, newest, page=page),
        "list, by question": lambda _: library.list_answers(every, words, page=page),
        "list, its last page": lambda _: library.list_answers(every, newest, page=PageRequest(is_backward=True)),
        "deep page of the list": lambda number: library.list_answers(every, newest, page=after(number, newest)),
        "deep page, by question": lambda number: library.list_answers(every, words, page=after(number, words)),
        "list of a topic": lambda number: narrowed(topics=(topic(number)["slug"],))(),
        "list of an area": lambda number: narrowed(topics=(area(number)["slug"],))(),
        "list of an area, by question": lambda number: narrowed(topics=(area(number)["slug"],))(words),
        "deep page of an area": lambda number: narrowed(topics=(area(number)["slug"],))(newest, after(number, newest)),
        "list of a code": lambda number: narrowed(
            codes=((CodeSystem(code(number)["system"]), code(number)["code"]),)
        )(),
        "list of a code that is unknown": lambda _: narrowed(codes=((CodeSystem.UMLS, "C9999999"),))(),
        "list of a source": lambda number: narrowed(sources=(source(number)["id"],))(),
        "list of a language": lambda _: narrowed(locales=("es",))(),
        "list of a language that nobody wrote in": lambda _: narrowed(locales=("fi",))(),
        "list of a year": lambda number: narrowed(published_after=year(number), published_before=year(number + 1))(),
        "list by slugs": lambda number: narrowed(slugs=(answer(number)["slug"],))(),
        **{f"list, evidence {status}": (lambda _, read=read: read()) for status, read in evidence.items()},
    }


def _of_topics(library, places):
    topic, area, source, place = map(_turn, (places.topics, places.areas, places.sources, places.sets))
    newest, page = AnswerOrder(), PageRequest()

    def topics_after(number):
        return PageRequest(after=encode_cursor("topics", place(number)["slug"], str(place(number)["id"])))

    def sources_after(number):
        return PageRequest(after=encode_cursor("sources", source(number)["title_match"], str(source(number)["id"])))

    return {
        "answers of a topic": lambda number: library.answers_of_topics([topic(number)["id"]], newest, page=page),
        "answers of 20 topics": lambda number: library.answers_of_topics(
            [topic(number + each)["id"] for each in range(20)], newest, page=page
        ),
        "answers of an area": lambda number: library.answers_of_topics([area(number)["id"]], newest, page=page),
        "answers of a source": lambda number: library.answers_of_sources([source(number)["id"]], page),
        "topic by slug": lambda number: library.topic_by_slug(topic(number)["slug"]),
        "children of a topic": lambda number: library.children_of_topics([topic(number)["id"]]),
        "list of topics, deep": lambda number: library.list_topics(topics_after(number)),
        "list of sources, deep": lambda number: library.list_sources(SourceFilter(), sources_after(number)),
    }


def _of_changes(library, places):
    topic, area = map(_turn, (places.topics, places.areas))

    def since(part):
        return Cursors().cursor(Place(position=int(places.head * part)))

    def of(**conditions):
        return ChangeFilter(**conditions)

    return {
        "changes from the beginning": lambda _: library.changes(None, of(), first=100),
        "changes from the middle": lambda number: library.changes(since(0.3 + number % 40 / 100), of(), first=100),
        "changes, the last": lambda _: library.changes(since(0.99999), of(), first=100),
        "changes of a topic": lambda number: library.changes(None, of(topics=(topic(number)["slug"],)), first=100),
        "changes of an area": lambda number: library.changes(None, of(topics=(area(number)["slug"],)), first=100),
        "changes in a language": lambda _: library.changes(None, of(locales=("es",)), first=100),
        "changes in a language that nobody wrote in": lambda _: library.changes(None, of(locales=("fi",)), first=100),
    }


def _of_counts(library, places):
    topic, area, source = map(_turn, (places.topics, places.areas, places.sources))
    return {
        "count of all": lambda _: library.count_answers(AnswerFilter()),
        "count of a topic": lambda number: library.count_answers(AnswerFilter(topics=(topic(number)["slug"],))),
        "count of an area": lambda number: library.count_answers(AnswerFilter(topics=(area(number)["slug"],))),
        "count in a language": lambda _: library.count_answers(AnswerFilter(locales=("es",))),
        "counts of 20 topics": lambda number: library.count_answers_of_topics(
            [topic(number + each)["id"] for each in range(20)]
        ),
        "counts of 20 areas": lambda number: library.count_answers_of_topics(
            [area(number + each)["id"] for each in range(20)]
        ),
        "counts of sources": lambda number: library.count_answers_of_sources([source(number)["id"]]),
        "count of topics": lambda _: library.count_topics(),
        "count of sources": lambda _: library.count_sources(SourceFilter()),
    }


def _confined(reads, places):
    """As a client that may see one area."""
    library = ForgetfulLibrary(reads, Audience(topics=(places.areas[0]["slug"],)))
    answer, every, newest = _turn(places.answers), AnswerFilter(), AnswerOrder()
    return {
        "confined: page by slug": lambda number: library.answer_by_slug(answer(number)["slug"], "en"),
        "confined: list, newest first": lambda _: library.list_answers(every, newest, page=PageRequest()),
        "confined: changes from the beginning": lambda _: library.changes(None, ChangeFilter(), first=100),
        "confined: count of all": lambda _: library.count_answers(every),
    }
