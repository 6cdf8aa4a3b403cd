"""However little a page of a feed looks at, its pages together tell the same, to whoever asks."""

import itertools

import msgspec
import pytest

from server.access.audience import Audience
from server.content import changes, disclaimers, evidence, withdrawal
from server.content.draft import Topic
from server.content.filters import ChangeFilter
from server.content.library import Library
from server.content.publishing import publish
from server.content.reads import entries, looking
from server.content.withdrawal import Named
from server.db.engine import Engine
from server.db.reads import Reads
from tests.content.test_changes import BRAIN, HEART, all_after
from tests.schema.drafts import GUIDELINE, answer

VALVE = Topic(name="Valve", slug="valve", parent="heart")
FILTERS = (
    ChangeFilter(),
    ChangeFilter(topics=("heart",)),
    ChangeFilter(topics=("brain", "valve")),
    ChangeFilter(locales=("es",)),
    ChangeFilter(topics=("heart",), locales=("en",)),
)
AUDIENCES = (Audience(), Audience(topics=("heart",)), Audience(locales=("es",)))


async def _live(engine: Engine) -> None:
    """Every kind of entry, of answers and of sets, some of which hold what others do."""
    await publish(engine, [answer(f"a{number}", topics=(HEART, VALVE)) for number in range(6)])
    await publish(engine, [answer(f"b{number}", topics=(BRAIN,), locale="es") for number in range(6)])
    await evidence.withdraw(engine, GUIDELINE.title)
    synonyms = msgspec.structs.replace(VALVE, synonyms=("Flap",))
    await publish(engine, [answer("a1", topics=(HEART, synonyms)), answer("a2", topics=(BRAIN,), title="New")])
    await withdrawal.retract(engine, Named(slug="a3"), reason="Old.")
    await withdrawal.erase(engine, Named(slug="a4"))
    await publish(engine, [answer("c", topics=(BRAIN, msgspec.structs.replace(synonyms, parent="brain")))])


async def test_pages_that_look_at_little_tell_what_one_page_tells(
    engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Reads(database_url, size=1, deadline=30) as reads:
        await _live(engine)
        general = (await Library(reads).answer_by_slug("c", None)).caveats.disclaimers[-1]
        start = (await Library(reads).changes(None, ChangeFilter(), first=8)).cursor
        await disclaimers.reword(engine, general.uuid, wording="Other words.", heading=None)
        for audience, wanted in itertools.product(AUDIENCES, FILTERS):
            library, told = Library(reads, audience), []
            for few, most, broad in ((1000, 2000, 50_000), (0, 2000, 50_000), (0, 2, 50_000), (0, 3, 0), (2, 2, 2)):
                monkeypatch.setattr(entries, "_FEW", few)
                monkeypatch.setattr(looking, "MOST", most)
                monkeypatch.setattr(looking, "_BROAD", broad)
                told.append(
                    [
                        await all_after(library, since, 1, wanted)
                        for since in (None, start)[: 2 - bool(library.sight.bounds)]
                    ]
                )
            assert told[1:] == told[:1] * 4, (audience, wanted)


async def test_a_page_that_finds_nothing_says_where_to_go_on_and_tells_of_nothing_else(
    engine: Engine, reads: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "_FEW", 0)
    monkeypatch.setattr(looking, "MOST", 2)
    monkeypatch.setattr(changes, "_LOOKS", 1)
    await publish(engine, [answer(f"a{number}", topics=(BRAIN,)) for number in range(6)])
    await publish(engine, [answer("b", topics=(HEART,))])
    library = Library(reads, Audience(topics=("heart",)))

    page = await library.changes(None, ChangeFilter(), first=1)

    assert (page.nodes, page.has_more) == ((), True)
    assert [change.answer.slug for change in await all_after(library, page.cursor, 1)] == ["b"]
