import msgspec
import pytest

from server.content import evidence
from server.content.answer import EvidenceStatus
from server.content.library import Library
from server.content.publishing import OutcomeKind, publish
from server.content.reads import catalog
from server.db.engine import Engine
from server.errors.content import RefusedError
from tests.content.finding import SLUG, found
from tests.schema.drafts import GUIDELINE, answer


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


async def test_what_a_file_says_of_a_source_is_no_content(engine: Engine, library: Library) -> None:
    await publish(engine, [answer()])
    before = await found(library)
    withdrawn = answer(sources=(msgspec.structs.replace(GUIDELINE, is_withdrawn=True),))

    outcomes = [(await publish(engine, [withdrawn]))[0].kind for _ in range(2)]

    after = await found(library)
    assert outcomes == [OutcomeKind.CAVEATS_CHANGED, OutcomeKind.UNCHANGED]
    assert (after.digest, after.revision) == (before.digest, 1)
    assert after.caveats.evidence is EvidenceStatus.WITHDRAWN


async def test_a_file_that_says_no_more_than_before_leaves_an_editors_word(engine: Engine, library: Library) -> None:
    withdrawn = msgspec.structs.replace(GUIDELINE, is_withdrawn=True)
    await publish(engine, [answer(sources=(withdrawn,))])
    await evidence.restore(engine, GUIDELINE.title)

    await publish(engine, [answer(sources=(withdrawn,), title="Changed")])

    assert (await found(library)).caveats.evidence is EvidenceStatus.CURRENT


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


async def test_a_title_that_several_sources_have_is_answered_with_the_ids_that_tell_them_apart(
    engine: Engine, library: Library
) -> None:
    old, new = (type(GUIDELINE)(key="nccn", title="Guide", edition=edition) for edition in ("1", None))
    await publish(engine, [answer("one", sources=(old,)), answer("two", sources=(new,))])
    by_edition = {source.edition: source.id for source in await catalog.all_sources(library.sight)}

    with pytest.raises(RefusedError) as refused:
        await evidence.withdraw(engine, "Guide")

    told = f"{by_edition['1']} (1); {by_edition[None]} (no edition)"
    assert refused.value.message == f"2 sources are called `Guide`: say which by its id: {told}."
    await evidence.withdraw(engine, by_edition["1"])
    assert [source.status for source in await catalog.all_sources(library.sight)].count("WITHDRAWN") == 1


async def test_sources_can_not_supersede_each_other_in_a_circle(engine: Engine) -> None:
    one, two = (type(GUIDELINE)(key="nccn", title=title) for title in ("One", "Two"))
    await publish(engine, [answer("one", sources=(one,)), answer("two", sources=(two,))])
    await evidence.supersede(engine, "One", by="Two")

    with pytest.raises(RefusedError):
        await evidence.supersede(engine, "Two", by="One")
