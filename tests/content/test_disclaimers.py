import msgspec

from server.content import disclaimers
from server.content.answer import ChangeKind
from server.content.draft import Draft, Topic
from server.content.filters import ChangeFilter
from server.content.library import Library
from server.content.publishing import OutcomeKind, publish
from server.content.vocabulary import DisclaimerKind, DisclaimerPlacement
from server.db.engine import Engine
from server.db.reads import Reads
from server.db.uuids import new_uuid
from tests.content.finding import SLUG, found
from tests.schema.drafts import answer, rich

EVERYTHING = ChangeFilter()


async def since(library: Library, cursor: str | None = None) -> tuple[list[ChangeKind], str]:
    page = await library.changes(cursor, EVERYTHING, first=100)
    return [change.kind for change in page.nodes], page.cursor


async def test_a_reworded_disclaimer_keeps_its_id_and_reaches_every_answer(engine: Engine, library: Library) -> None:
    await publish(engine, [answer(), answer("two")])
    (before,) = (await found(library)).caveats.disclaimers
    _, cursor = await since(library)

    await disclaimers.reword(engine, before.uuid, wording="Ask a doctor.")

    (after,) = (await found(library, "two")).caveats.disclaimers
    assert (after.id, after.text, after.heading, after.version) == (before.id, "Ask a doctor.", before.heading, 2)
    assert (await since(library, cursor))[0] == ["CAVEATS_CHANGED", "CAVEATS_CHANGED"]


async def test_a_heading_stays_until_it_is_replaced_or_taken_away(engine: Engine, library: Library) -> None:
    await publish(engine, [rich()])
    own = (await found(library)).caveats.disclaimers[0]

    for heading, expected in ((None, own.heading), ("Read this", "Read this"), (None, "Read this"), ("", None)):
        version = await disclaimers.reword(engine, own.uuid, wording=f"Words of {heading}.", heading=heading)

        after = (await found(library)).caveats.disclaimers[0]
        assert (after.heading, after.text, after.version) == (expected, f"Words of {heading}.", version)


async def test_every_wording_is_kept_as_a_version(engine: Engine, library: Library, reads: Reads) -> None:
    await publish(engine, [answer()])
    (before,) = (await found(library)).caveats.disclaimers

    await disclaimers.reword(engine, before.uuid, wording="Ask a doctor.")
    await disclaimers.reword(engine, before.uuid, wording="Ask a doctor.")

    rows = await reads.fetch("select version, text from disclaimer_version where disclaimer_id = $1", before.uuid)
    assert [tuple(row) for row in rows] == [(1, before.text), (2, "Ask a doctor.")]


async def test_an_editors_wording_of_a_page_notice_survives_an_import(engine: Engine, library: Library) -> None:
    await publish(engine, [rich()])
    own = (await found(library)).caveats.disclaimers[0]

    await disclaimers.reword(engine, own.uuid, wording="An editor's words.")
    (outcome,) = await publish(engine, [rich()])
    await publish(engine, [rich(title="Changed")])

    kept = (await found(library)).caveats.disclaimers[0]
    assert outcome.kind is OutcomeKind.UNCHANGED
    assert (kept.id, kept.text, kept.version) == (own.id, "An editor's words.", 2)


async def test_a_notice_that_the_page_changes_is_its_next_version_in_the_same_revision(
    engine: Engine, library: Library
) -> None:
    def bearing(words: str) -> Draft:
        return rich(notices=(msgspec.structs.replace(rich().notices[0], text=words),))

    await publish(engine, [bearing("AI wrote this.")])
    own = (await found(library)).caveats.disclaimers[0]

    await publish(engine, [bearing("AI wrote all of this.")])

    after = await found(library)
    changed = after.caveats.disclaimers[0]
    assert (changed.id, changed.text, changed.version, after.revision) == (own.id, "AI wrote all of this.", 2, 1)


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
