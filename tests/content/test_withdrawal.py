import pytest

from server.content import evidence, withdrawal
from server.content.answer import ChangeKind
from server.content.filters import AnswerFilter, AnswerOrder, ChangeFilter
from server.content.library import Library
from server.content.pages import PageRequest
from server.content.publishing import OutcomeKind, publish
from server.content.withdrawal import Named
from server.db.engine import Engine
from server.db.reads import Reads
from server.errors.content import NotFoundError, RefusedError
from tests.content.finding import SLUG, found
from tests.schema.drafts import GUIDELINE, answer, rich

IT = Named(slug=SLUG)
EVERYTHING = ChangeFilter()


async def since(library: Library, cursor: str | None = None) -> tuple[list[ChangeKind], str]:
    page = await library.changes(cursor, EVERYTHING, first=100)
    return [change.kind for change in page.nodes], page.cursor


async def test_a_retracted_answer_keeps_its_identity_and_loses_its_content(engine: Engine, library: Library) -> None:
    await publish(engine, [rich()])
    before = await found(library)

    await withdrawal.retract(engine, IT, reason="A dose was wrong.")

    after = await found(library)
    assert (after.id, after.slug, after.question) == (before.id, before.slug, before.question)
    assert after.caveats.topics == before.caveats.topics
    published = after.published
    assert (published.sections, published.summary, published.follow_up_questions) == ((), None, ())
    assert (published.citations, published.calls_to_action, after.caveats.sources) == ((), (), ())
    assert (published.body.html, published.body.markdown, published.body.text) == ("", "", "")


async def test_the_disclaimers_of_a_retracted_answer_open_with_the_notice_and_the_reason(
    engine: Engine, library: Library
) -> None:
    await publish(engine, [rich()])

    await withdrawal.retract(engine, IT, reason="A dose was wrong.")

    first, second, *_ = (await found(library)).caveats.disclaimers
    assert (first.kind, second.kind) == ("RETRACTION", "RETRACTION")
    assert second.text == "A dose was wrong."


async def test_a_retracted_answer_is_in_no_list_unless_asked_for(engine: Engine, library: Library) -> None:
    await publish(engine, [answer()])
    await withdrawal.retract(engine, IT, reason="A dose was wrong.")

    hidden = await library.list_answers(AnswerFilter(), AnswerOrder(), page=PageRequest())
    shown = await library.list_answers(AnswerFilter(include_retracted=True), AnswerOrder(), page=PageRequest())

    assert (list(hidden.nodes), [each.slug for each in shown.nodes]) == ([], [SLUG])


async def test_an_import_leaves_a_retracted_answer_as_it_is(engine: Engine, library: Library) -> None:
    await publish(engine, [answer()])
    await withdrawal.retract(engine, IT, reason="A dose was wrong.")

    same, changed = (await publish(engine, [answer()]))[0], (await publish(engine, [answer(title="New")]))[0]

    assert (same.kind, changed.kind) == (OutcomeKind.KEPT_RETRACTED, OutcomeKind.KEPT_RETRACTED)
    assert (await found(library)).status == "RETRACTED"


async def test_a_reinstated_answer_is_the_revision_that_it_was(engine: Engine, library: Library) -> None:
    await publish(engine, [rich()])
    before = await found(library)
    await withdrawal.retract(engine, IT, reason="A dose was wrong.")

    await withdrawal.reinstate(engine, IT)

    after = await found(library)
    assert (after.published, after.caveats.digest, after.revision) == (before.published, before.caveats.digest, 1)


async def test_a_replacement_is_that_of_the_same_locale_if_there_is_one(engine: Engine, library: Library) -> None:
    await publish(engine, [answer(locale="es"), answer("new"), answer("nuevo", locale="es", translation_of="new")])

    await withdrawal.retract(engine, IT, reason="Old.", replacement="new")

    retraction = (await found(library)).caveats.retraction
    assert retraction is not None
    assert retraction.replacement_id == (await found(library, "nuevo")).uuid


@pytest.mark.parametrize("replacement", [SLUG, "nowhere"])
async def test_a_replacement_must_be_another_answer(engine: Engine, library: Library, replacement: str) -> None:
    await publish(engine, [answer()])

    with pytest.raises(RefusedError):
        await withdrawal.retract(engine, IT, reason="Old.", replacement=replacement)

    assert (await found(library)).status == "PUBLISHED"


async def test_what_is_not_there_can_not_be_withdrawn(engine: Engine) -> None:
    with pytest.raises(NotFoundError, match="no answer has the slug `nowhere`"):
        await withdrawal.retract(engine, Named(slug="nowhere"), reason="Old.")


async def test_a_slug_of_two_locales_needs_the_locale(engine: Engine, library: Library) -> None:
    await publish(engine, [answer(), answer(locale="es")])

    with pytest.raises(RefusedError, match="en, es"):
        await withdrawal.retract(engine, IT, reason="Old.")
    await withdrawal.retract(engine, Named(slug=SLUG, locale="es"), reason="Vieja.")

    assert ((await found(library, locale="en")).status, (await found(library, locale="es")).status) == (
        "PUBLISHED",
        "RETRACTED",
    )


async def test_an_erased_answer_is_gone_from_every_table(engine: Engine, library: Library, reads: Reads) -> None:
    await publish(engine, [rich(question="Who is Jane Roe?", title="Jane Roe")])

    await withdrawal.erase(engine, IT)

    assert await library.answer_by_slug(SLUG, None) is None
    for table in ("answer", "revision", "disclaimer", "disclaimer_version", "outbox", "former_topic"):
        rows = await reads.fetch(f"select t::text from {table} t")
        assert not [row for row in rows if "Roe" in row[0] or "how-does-it-work" in row[0] or "written by AI" in row[0]]


async def test_an_import_leaves_an_erased_answer_erased(engine: Engine, library: Library) -> None:
    await publish(engine, [rich()])
    await withdrawal.erase(engine, IT)

    by_slug, by_id = await publish(engine, [answer()]), await publish(engine, [answer("other", external_id="page:1")])

    assert [each.kind for each in (*by_slug, *by_id)] == [OutcomeKind.KEPT_ERASED, OutcomeKind.KEPT_ERASED]


async def test_each_act_reaches_those_who_follow(engine: Engine, library: Library) -> None:
    await publish(engine, [answer()])
    kinds, cursor = await since(library)
    seen = [kinds]

    for act in (
        withdrawal.retract(engine, IT, reason="Old."),
        withdrawal.reinstate(engine, IT),
        evidence.withdraw(engine, GUIDELINE.title),
        withdrawal.erase(engine, IT),
    ):
        await act
        kinds, cursor = await since(library, cursor)
        seen.append(kinds)

    assert seen == [["PUBLISHED"], ["RETRACTED"], ["PUBLISHED"], ["CAVEATS_CHANGED"], ["REMOVED"]]
