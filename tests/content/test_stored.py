"""What is exported: drafts with their caveats as they are now, whoever said them."""

from collections.abc import AsyncIterator

import pytest
from msgspec.structs import replace

from server.content import disclaimers, evidence
from server.content.draft import Draft, Source
from server.content.library import Library
from server.content.publishing import OutcomeKind, publish
from server.content.stored import stored_drafts
from server.db.engine import Engine
from server.db.reads import Reads
from tests.content.finding import found
from tests.databases import Databases
from tests.schema.drafts import GUIDELINE, TRIAL, answer, rich

NEWER = replace(GUIDELINE, key="next", title="NCCN Guidelines, 2027", edition="2027", url=None)
SLUG = answer().slug


@pytest.fixture
async def elsewhere(databases: Databases) -> AsyncIterator[tuple[Engine, Reads]]:
    """Another database, which knows nothing yet."""
    url = await databases.create()
    engine = Engine(url)
    async with Reads(url, size=2, deadline=30) as reads:
        yield engine, reads
    await engine.close()
    await databases.drop(url)


async def stored(reads: Reads, slug: str = SLUG) -> Draft:
    (draft,) = [each async for each in stored_drafts(reads, [slug])]
    return draft


@pytest.mark.parametrize(
    "draft",
    [rich(), answer(sources=(replace(GUIDELINE, superseded_by="next"), NEWER, replace(TRIAL, is_withdrawn=True)))],
)
async def test_a_draft_without_news_is_stored_as_it_was(engine: Engine, reads: Reads, draft: Draft) -> None:
    await publish(engine, [draft])

    assert await stored(reads) == draft


async def test_what_an_editor_said_became_of_a_source_is_stored(engine: Engine, reads: Reads) -> None:
    await publish(engine, [answer()])
    await evidence.withdraw(engine, GUIDELINE.title)
    withdrawn = await stored(reads)

    await evidence.restore(engine, GUIDELINE.title)

    assert withdrawn == answer(sources=(replace(GUIDELINE, is_withdrawn=True),))
    assert await stored(reads) == answer()


async def test_a_restored_source_is_stored_as_current_whatever_the_file_said(engine: Engine, reads: Reads) -> None:
    await publish(engine, [answer(sources=(replace(GUIDELINE, is_withdrawn=True),))])

    await evidence.restore(engine, GUIDELINE.title)

    assert await stored(reads) == answer()


async def test_a_newer_edition_that_the_file_did_not_know_is_stored_with_it(engine: Engine, reads: Reads) -> None:
    newest = replace(NEWER, key="last", title="NCCN Guidelines, 2028", edition="2028")
    await publish(engine, [answer(), answer("other", sources=(replace(GUIDELINE, title="A", url=None), NEWER, newest))])
    await publish(engine, [answer("citing", sources=(replace(NEWER, key="nccn"),))])
    await publish(engine, [answer("citing-it", sources=(replace(newest, key="nccn"),))])
    await evidence.supersede(engine, NEWER.title, by=newest.title)

    await evidence.supersede(engine, GUIDELINE.url or "", by=NEWER.title)

    first, second = replace(NEWER, key="nccn-newer"), replace(newest, key="nccn-newer-newer")
    assert (await stored(reads)).sources == (
        replace(GUIDELINE, superseded_by=first.key),
        replace(first, superseded_by=second.key),
        second,
    )


async def test_the_key_of_a_newer_edition_is_one_that_no_source_has(engine: Engine, reads: Reads) -> None:
    taken = Source(key="nccn-newer", title="Never cited")
    await publish(engine, [answer(sources=(GUIDELINE, taken)), answer("other", sources=(replace(NEWER, key="nccn"),))])

    await evidence.supersede(engine, GUIDELINE.title, by=NEWER.title)

    keys = [(source.key, source.superseded_by) for source in (await stored(reads)).sources]
    assert keys == [("nccn", "nccn-newer-newer"), ("nccn-newer", None), ("nccn-newer-newer", None)]


async def test_an_answer_published_elsewhere_bears_what_it_bore(
    engine: Engine, reads: Reads, elsewhere: tuple[Engine, Reads], library: Library
) -> None:
    await publish(engine, [rich(), answer("other", sources=(replace(NEWER, key="nccn"),))])
    own = (await found(library)).caveats.disclaimers[0]
    await disclaimers.reword(engine, own.uuid, wording="An editor's words.", heading=None)
    await evidence.supersede(engine, GUIDELINE.title, by=NEWER.title)
    carried = await stored(reads)

    await publish(elsewhere[0], [carried])

    here, there = [(await found(each)).caveats for each in (library, Library(elsewhere[1]))]
    assert [each.text for each in there.disclaimers] == [each.text for each in here.disclaimers]
    assert [(each.title, each.status) for each in there.sources] == [(each.title, each.status) for each in here.sources]
    assert await stored(elsewhere[1]) == carried


async def test_an_import_of_what_was_stored_says_nothing_new_to_readers(
    engine: Engine, reads: Reads, library: Library
) -> None:
    await publish(engine, [rich()])
    own = (await found(library)).caveats.disclaimers[0]
    await disclaimers.reword(engine, own.uuid, wording="An editor's words.", heading=None)
    await evidence.withdraw(engine, GUIDELINE.title)
    before = await found(library)

    (outcome,) = await publish(engine, [await stored(reads)])

    after = await found(library)
    assert outcome.kind is OutcomeKind.CAVEATS_CHANGED
    assert (after.digest, after.revision, after.caveats) == (before.digest, before.revision, before.caveats)
