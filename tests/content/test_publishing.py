import asyncio
import datetime
from typing import Any

import asyncpg
import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from server.content.answer import Answer, ChangeKind
from server.content.draft import Cell, Contributor, Draft, Question, Questions, Retraction, Review, Table, Topic
from server.content.filters import AnswerFilter, ChangeFilter
from server.content.library import Library
from server.content.publishing import Outcome, OutcomeKind, publish
from server.content.vocabulary import ContributorKind
from server.db.engine import Engine
from server.db.reads import Reads
from tests.schema.drafts import CANCER, LEUKEMIA, answer, cited, paragraph, rich, section

EVERYTHING = ChangeFilter()


async def published(engine: Engine, reads: Reads, *drafts: Draft) -> list[Answer]:
    outcomes = await publish(engine, drafts)
    assert [outcome.kind for outcome in outcomes if outcome.reason] == []
    found = [await Library(reads).answer_by_slug(draft.slug, draft.locale) for draft in drafts]
    return [each for each in found if each is not None]


async def counts(reads: Reads) -> dict[str, int]:
    tables = ("answer", "revision", "topic", "source", "disclaimer", "disclaimer_version", "outbox")
    return {table: await reads.fetch_value(f"select count(*) from {table}") for table in tables}


async def test_a_new_draft_becomes_revision_1(engine: Engine, reads: Reads) -> None:
    (found,) = await published(engine, reads, rich())

    assert (found.revision, found.status, found.slug, found.locale) == (1, "PUBLISHED", "how-does-it-work", "en")
    assert found.published_at == found.updated_at == datetime.datetime(2026, 5, 15, tzinfo=datetime.UTC)


async def test_the_same_draft_again_changes_nothing(engine: Engine, reads: Reads) -> None:
    await publish(engine, [rich()])
    before = await counts(reads)

    outcomes = await publish(engine, [rich()])

    assert outcomes == [Outcome(kind=OutcomeKind.UNCHANGED, slug="how-does-it-work", locale="en", revision=1)]
    assert await counts(reads) == before


async def test_changed_content_is_the_next_revision_with_the_same_ids(engine: Engine, reads: Reads) -> None:
    (first,) = await published(engine, reads, answer())
    changed = answer(sections=(section(None, paragraph("Other words.")), section()))

    (second,) = await published(engine, reads, changed)

    assert (second.id, second.revision) == (first.id, 2)
    assert second.digest != first.digest
    assert [part.id for part in second.published.sections] == [part.id for part in first.published.sections]
    assert second.published.body.id != first.published.body.id
    assert second.updated_at > first.updated_at


async def test_a_changed_review_is_a_change_of_caveats_only(engine: Engine, reads: Reads) -> None:
    (first,) = await published(engine, reads, answer())
    reviewer = Contributor(name="B. Reviewer", kind=ContributorKind.PERSON)
    review = Review(reviewed_on=datetime.date(2026, 6, 1), reviewer=reviewer)

    (second,) = await published(engine, reads, answer(review=review))

    assert (second.revision, second.digest, second.updated_at) == (1, first.digest, first.updated_at)
    assert second.caveats.review is not None
    assert second.caveats.digest != first.caveats.digest


async def test_a_published_revision_can_not_be_changed(engine: Engine, reads: Reads) -> None:
    await publish(engine, [answer()])
    before = await reads.fetch("select * from revision")

    for statement in ("update revision set digest = 'x'", "delete from revision", "truncate revision cascade"):
        with pytest.raises(DBAPIError, match="never changed"):
            async with engine.transaction() as session:
                await session.execute(text(statement))

    assert await reads.fetch("select * from revision") == before


async def test_a_draft_that_can_not_be_taken_is_refused_and_the_others_go_in(engine: Engine, reads: Reads) -> None:
    broken = answer("broken", sections=(section("A", Table(columns=(), rows=((Cell(content=()),),))),))

    outcomes = await publish(engine, [answer("one"), broken, answer("two")])

    assert [outcome.kind for outcome in outcomes] == ["published", "refused", "published"]
    assert await Library(reads).count_answers(AnswerFilter()) == 2


async def test_a_topic_that_can_not_be_taken_refuses_its_draft_only(engine: Engine, reads: Reads) -> None:
    orphan = answer("orphan", topics=(Topic(name="Orphan", slug="orphan", parent="nowhere"),))
    circle = answer("circle", topics=(Topic(name="A", slug="a", parent="b"), Topic(name="B", slug="b", parent="a")))

    outcomes = await publish(engine, [orphan, answer("one"), circle])

    assert [outcome.kind for outcome in outcomes] == ["refused", "published", "refused"]
    assert await reads.fetch_value("select count(*) from topic where slug in ('orphan', 'a', 'b')") == 0


async def test_a_circle_of_topics_that_a_later_import_closes_is_refused(engine: Engine, reads: Reads) -> None:
    a, b, c = (Topic(name=name, slug=name) for name in "abc")
    below_a, below_b = Topic(name="b", slug="b", parent="a"), Topic(name="c", slug="c", parent="b")
    await publish(engine, [answer("down", topics=(a, below_a, below_b))])
    tree = "select slug, (select slug from topic p where p.id = t.parent_id) from topic t order by t.slug"
    before = [tuple(row) for row in await reads.fetch(tree)]

    (refused,) = await publish(engine, [answer("up", topics=(Topic(name="a", slug="a", parent="c"), b, c))])

    assert refused.reason == "the topic `a` can't lie below itself: its parent is `c`."
    assert [tuple(row) for row in await reads.fetch(tree)] == before == [("a", None), ("b", "a"), ("c", "b")]


async def test_one_answer_twice_in_a_batch_is_refused_the_second_time(engine: Engine) -> None:
    outcomes = await publish(engine, [answer(), answer(title="Another title")])

    assert [outcome.kind for outcome in outcomes] == ["published", "refused"]


async def test_nothing_of_a_transaction_that_fails_is_kept(engine: Engine, reads: Reads) -> None:
    async with engine.transaction() as session:
        await session.execute(
            text(
                """create function fail() returns trigger language plpgsql as
                   $$ begin raise exception 'out of space'; end $$"""
            )
        )
        await session.execute(text("create trigger fail before insert on outbox for each row execute function fail()"))
    before = await counts(reads)

    with pytest.raises(asyncpg.RaiseError, match="out of space"):
        await publish(engine, [rich(), answer("two")])

    assert await counts(reads) == before


async def test_writers_at_once_publish_one_after_the_other(engine: Engine, reads: Reads) -> None:
    drafts = [[answer(f"answer-{batch}-{number}") for number in range(3)] for batch in range(5)]

    await asyncio.gather(*[publish(engine, batch) for batch in drafts], publish(engine, drafts[0]))

    assert await reads.fetch_value("select count(*) from answer") == 15
    positions = [row[0] for row in await reads.fetch("select position from outbox order by position")]
    assert positions == list(range(1, 16))


async def test_the_same_slug_in_another_locale_is_a_translation(engine: Engine, reads: Reads) -> None:
    english, spanish = await published(engine, reads, answer(), answer(locale="es"))

    assert english.set_id == spanish.set_id
    assert english.id != spanish.id


async def test_a_translation_names_any_member_of_its_set(engine: Engine, reads: Reads) -> None:
    drafts = [
        answer("one"),
        answer("uno", locale="es", translation_of="one"),
        answer("eins", locale="de", translation_of="uno"),
    ]

    found = await published(engine, reads, *drafts)

    assert len({each.set_id for each in found}) == 1


async def test_a_set_has_one_answer_in_a_locale(engine: Engine) -> None:
    await publish(engine, [answer("one"), answer("uno", locale="es", translation_of="one")])

    (outcome,) = await publish(engine, [answer("dos", locale="es", translation_of="one")])

    assert outcome.kind is OutcomeKind.REFUSED
    assert "in es already" in (outcome.reason or "")


async def test_an_external_id_is_an_identity(engine: Engine, reads: Reads) -> None:
    await publish(engine, [answer(external_id="page:1")])

    moved, taken = await publish(engine, [answer("other", external_id="page:1"), answer(external_id="page:2")])

    assert (moved.kind, taken.kind) == (OutcomeKind.REFUSED, OutcomeKind.REFUSED)
    assert await reads.fetch_value("select count(*) from answer") == 1


async def test_a_source_that_two_answers_cite_is_one(engine: Engine, reads: Reads) -> None:
    one, two = await published(engine, reads, answer("one"), answer("two"))

    assert one.caveats.sources == two.caveats.sources
    assert await reads.fetch_value("select count(*) from source") == 1


async def test_a_topic_is_known_again_by_its_name(engine: Engine, reads: Reads) -> None:
    one, two = await published(
        engine, reads, answer("one", topics=(CANCER, LEUKEMIA)), answer("two", topics=(Topic(name="LEUKEMIA"),))
    )

    assert [topic.slug for topic in one.caveats.topics] == ["cancer", "leukemia"]
    assert two.caveats.topics == one.caveats.topics[1:]


async def test_a_follow_up_question_keeps_its_id_while_others_come_and_go(engine: Engine, reads: Reads) -> None:
    def asking(*texts: str) -> Draft:
        return answer(sections=(section("Ask", Questions(questions=tuple(Question(text=each) for each in texts))),))

    (first,) = await published(engine, reads, asking("Is it safe?", "How long?"))
    (second,) = await published(engine, reads, asking("Who pays?", "Is it safe?", "How long does it take?"))

    ids = {question.text: question.id for question in first.published.follow_up_questions}
    later = {question.text: question.id for question in second.published.follow_up_questions}
    assert later["Is it safe?"] == ids["Is it safe?"]
    assert later["Who pays?"] not in ids.values()


async def test_a_retraction_in_the_file_is_carried_out(engine: Engine, reads: Reads) -> None:
    withdrawn = answer("old", retraction=Retraction(reason="Superseded.", replacement="new"))

    outcomes = await publish(engine, [answer("new"), withdrawn])

    found = await Library(reads).answer_by_slug("old", "en")
    assert [outcome.kind for outcome in outcomes] == ["published", "retracted"]
    assert found is not None
    assert (found.status, found.published.sections) == ("RETRACTED", ())


async def test_a_retracted_file_again_changes_nothing(engine: Engine, reads: Reads) -> None:
    withdrawn = answer("old", retraction=Retraction(reason="Superseded."))
    await publish(engine, [withdrawn])
    before = await counts(reads)

    (outcome,) = await publish(engine, [withdrawn])

    assert outcome.kind is OutcomeKind.UNCHANGED
    assert await counts(reads) == before


async def test_publishing_is_one_change_an_answer(engine: Engine, reads: Reads) -> None:
    await publish(engine, [answer("one"), answer("two")])

    page = await Library(reads).changes(None, EVERYTHING, first=10)

    assert [change.kind for change in page.nodes] == [ChangeKind.PUBLISHED, ChangeKind.PUBLISHED]


async def test_a_batch_takes_the_same_statements_whatever_its_size(engine: Engine, reads: Reads) -> None:
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(engine._engine.sync_engine, "before_cursor_execute", note)
    await publish(engine, [answer(f"first-{number}") for number in range(2)])
    sent.clear()

    await publish(engine, [answer(f"few-{number}") for number in range(2)])
    few = len(sent)
    await publish(engine, [answer(f"many-{number}") for number in range(40)])

    assert len(sent) - few == few


async def test_cited_words_are_numbered_in_order(engine: Engine, reads: Reads) -> None:
    (found,) = await published(engine, reads, answer(sections=(section(None, paragraph("x")), section("Y"))))
    assert found.published.citations == ()

    (found,) = await published(engine, reads, rich())
    assert [citation.number for citation in found.published.citations] == [1, 2]
    assert cited("a", "b")[1].citation is not None
