import msgspec
import pytest

from server.content import disclaimers, evidence, withdrawal
from server.content.answer import Answer, ChangeKind, EvidenceStatus
from server.content.draft import DisclaimerKind, DisclaimerPlacement, Draft, Topic
from server.content.filters import AnswerFilter, AnswerOrder, ChangeFilter
from server.content.ids import new_uuid
from server.content.library import Library
from server.content.pages import PageRequest
from server.content.publishing import OutcomeKind, publish
from server.content.withdrawal import Named
from server.db.engine import Engine
from server.db.reads import Reads
from server.errors import NotFoundError, RefusedError
from tests.schema.drafts import GUIDELINE, answer, rich

SLUG = "how-does-it-work"
IT = Named(slug=SLUG)
EVERYTHING = ChangeFilter()


@pytest.fixture
def library(reads: Reads) -> Library:
    return Library(reads)


async def found(library: Library, slug: str = SLUG, locale: str | None = None) -> Answer:
    answer_found = await library.answer_by_slug(slug, locale)
    assert answer_found is not None
    return answer_found


async def since(library: Library, cursor: str | None = None) -> tuple[list[ChangeKind], str]:
    page = await library.changes(cursor, EVERYTHING, 100)
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

    hidden = await library.list_answers(AnswerFilter(), AnswerOrder(), PageRequest())
    shown = await library.list_answers(AnswerFilter(include_retracted=True), AnswerOrder(), PageRequest())

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
    for table in ("answer", "revision", "passage", "disclaimer", "disclaimer_version", "outbox", "former_topic"):
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


async def test_a_superseded_source_makes_the_evidence_outdated_and_tells_the_reader(
    engine: Engine, library: Library
) -> None:
    newer = GUIDELINE.title + " 2027"
    new_source = type(GUIDELINE)(key="nccn", title=newer)
    await publish(engine, [answer(), answer("other", sources=(new_source,))])

    await evidence.supersede(engine, GUIDELINE.title, by=newer)

    outdated, current = await found(library), await found(library, "other")
    assert (outdated.caveats.evidence, current.caveats.evidence) == (EvidenceStatus.OUTDATED, EvidenceStatus.CURRENT)
    assert [each.kind for each in outdated.caveats.disclaimers] == ["OUTDATED_SOURCE", "INFORMATIONAL"]
    assert [each.kind for each in current.caveats.disclaimers] == ["INFORMATIONAL"]


async def test_a_file_says_that_a_source_has_a_newer_edition(engine: Engine, library: Library) -> None:
    newer = msgspec.structs.replace(GUIDELINE, key="new", edition="2027", url=None)
    older = msgspec.structs.replace(GUIDELINE, superseded_by="new")

    await publish(engine, [answer(sources=(older, newer))])

    caveats = (await found(library)).caveats
    (superseding,) = await library.sources_by_id([caveats.sources[0].superseded_by_id])
    assert (caveats.evidence, superseding.edition, len(caveats.sources)) == (EvidenceStatus.OUTDATED, "2027", 1)


async def test_editions_that_lead_back_to_themselves_are_refused(engine: Engine, library: Library) -> None:
    one, two = (msgspec.structs.replace(GUIDELINE, key=key, title=key) for key in ("nccn", "two"))
    circle = (msgspec.structs.replace(one, superseded_by="two"), msgspec.structs.replace(two, superseded_by="nccn"))

    (outcome,) = await publish(engine, [answer(sources=circle)])

    assert outcome.kind is OutcomeKind.REFUSED
    assert await library.answer_by_slug(SLUG, None) is None


async def test_a_restored_source_is_current_again(engine: Engine, library: Library) -> None:
    await publish(engine, [answer()])
    before = (await found(library)).caveats
    await evidence.withdraw(engine, GUIDELINE.url or "")
    assert (await found(library)).caveats.evidence is EvidenceStatus.WITHDRAWN

    await evidence.restore(engine, GUIDELINE.title)

    assert (await found(library)).caveats == before


async def test_sources_can_not_supersede_each_other_in_a_circle(engine: Engine) -> None:
    one, two = (type(GUIDELINE)(key="nccn", title=title) for title in ("One", "Two"))
    await publish(engine, [answer("one", sources=(one,)), answer("two", sources=(two,))])
    await evidence.supersede(engine, "One", by="Two")

    with pytest.raises(RefusedError):
        await evidence.supersede(engine, "Two", by="One")


async def test_a_reworded_disclaimer_keeps_its_id_and_reaches_every_answer(engine: Engine, library: Library) -> None:
    await publish(engine, [answer(), answer("two")])
    (before,) = (await found(library)).caveats.disclaimers
    _, cursor = await since(library)

    await disclaimers.reword(engine, before.uuid, wording="Ask a doctor.", heading=None)

    (after,) = (await found(library, "two")).caveats.disclaimers
    assert (after.id, after.text, after.heading, after.version) == (before.id, "Ask a doctor.", None, 2)
    assert (await since(library, cursor))[0] == ["CAVEATS_CHANGED", "CAVEATS_CHANGED"]


async def test_every_wording_is_kept_as_a_version(engine: Engine, library: Library, reads: Reads) -> None:
    await publish(engine, [answer()])
    (before,) = (await found(library)).caveats.disclaimers

    await disclaimers.reword(engine, before.uuid, wording="Ask a doctor.", heading=None)
    await disclaimers.reword(engine, before.uuid, wording="Ask a doctor.", heading=None)

    rows = await reads.fetch("select version, text from disclaimer_version where disclaimer_id = $1", before.uuid)
    assert [tuple(row) for row in rows] == [(1, before.text), (2, "Ask a doctor.")]


async def test_an_editors_wording_of_a_page_notice_survives_an_import(engine: Engine, library: Library) -> None:
    await publish(engine, [rich()])
    own = (await found(library)).caveats.disclaimers[0]

    await disclaimers.reword(engine, own.uuid, wording="An editor's words.", heading=None)
    (outcome,) = await publish(engine, [rich()])
    await publish(engine, [rich(title="Changed")])

    kept = (await found(library)).caveats.disclaimers[0]
    assert outcome.kind is OutcomeKind.UNCHANGED
    assert (kept.id, kept.text, kept.version) == (own.id, "An editor's words.", 2)


async def test_a_notice_that_the_page_changes_is_its_next_version(engine: Engine, library: Library) -> None:
    def bearing(words: str) -> Draft:
        return rich(notices=(msgspec.structs.replace(rich().notices[0], text=words),))

    await publish(engine, [bearing("AI wrote this.")])
    own = (await found(library)).caveats.disclaimers[0]

    await publish(engine, [bearing("AI wrote all of this.")])

    after = await found(library)
    changed = after.caveats.disclaimers[0]
    assert (changed.id, changed.text, changed.version, after.revision) == (own.id, "AI wrote all of this.", 2, 2)


async def test_a_topics_disclaimer_is_borne_by_what_lies_below_it(engine: Engine, library: Library) -> None:
    await publish(engine, [answer(), answer("other", topics=(Topic(name="Heart"),))])
    standing = disclaimers.Standing(
        id=new_uuid(),
        rule=disclaimers.Rule.TOPIC,
        name="cancer",
        slug=None,
        topic="cancer",
        kind=DisclaimerKind.INFORMATIONAL,
        placement=DisclaimerPlacement.AFTER_CONTENT,
        locale="en",
        version=1,
        heading=None,
        text="A helpline exists.",
    )

    await disclaimers.add_standing(engine, standing)

    texts = [[each.text for each in (await found(library, slug)).caveats.disclaimers] for slug in (SLUG, "other")]
    assert ["A helpline exists." in each for each in texts] == [True, False]


async def test_a_standing_disclaimer_speaks_the_language_of_the_answer(engine: Engine, library: Library) -> None:
    await publish(engine, [answer(), answer(locale="es-MX"), answer(locale="de")])

    locales = [(await found(library, locale=each)).caveats.disclaimers[0].locale for each in ("en", "es-MX", "de")]

    assert locales == ["en", "es", "en"]


async def test_an_ai_answer_without_a_notice_of_its_own_bears_the_standing_one(
    engine: Engine, library: Library
) -> None:
    await publish(engine, [rich("own"), rich("none", notices=(), external_id=None)])

    own, none = await found(library, "own"), await found(library, "none")

    assert [each.kind for each in own.caveats.disclaimers] == ["AI_GENERATED", "INFORMATIONAL"]
    assert own.caveats.disclaimers[0].text == "This answer was written by AI."
    assert [each.kind for each in none.caveats.disclaimers] == ["AI_GENERATED", "INFORMATIONAL"]
