from uuid import UUID

import pytest

from server.access.audience import Audience
from server.access.clients import ClientKind
from server.access.registration import add_client, find_client
from server.content import disclaimers, wording
from server.content.answer import Answer, Disclaimer
from server.content.filters import ChangeFilter
from server.content.library import Library
from server.content.publishing import publish
from server.content.vocabulary import DisclaimerPlacement
from server.content.wording import Wording, add_wording, remove_wording, set_replaceable
from server.db.engine import Engine
from server.db.reads import Reads
from server.errors.content import NotFoundError, RefusedError
from tests.content.finding import SLUG
from tests.schema.drafts import answer, rich

BEFORE, AFTER = DisclaimerPlacement.BEFORE_CONTENT, DisclaimerPlacement.AFTER_CONTENT


@pytest.fixture(autouse=True)
async def clients(engine: Engine) -> None:
    for name in ("clinic", "portal"):
        await add_client(engine, name, kind=ClientKind.PARTNER, rights={}, expires_at=None)


def own(text: str = "Call us.", **changes: object) -> Wording:
    values = {"client": "clinic", "name": "hotline", "replaces": None, "placement": AFTER, "locale": "en"}
    if "replaces" in changes:
        values["placement"] = None
    return Wording(**{**values, "heading": None, "text": text, **changes})


async def audience(engine: Engine, name: str = "clinic") -> Audience:
    async with engine.transaction() as session:
        return (await find_client(session, name)).audience


async def served(
    engine: Engine, reads: Reads, client: str = "clinic", *, slug: str = SLUG, locale: str = "en"
) -> Answer:
    found = await Library(reads, await audience(engine, client)).answer_by_slug(slug, locale)
    assert found is not None
    return found


async def texts(engine: Engine, reads: Reads, client: str = "clinic", *, locale: str = "en") -> list[str]:
    found = await served(engine, reads, client, locale=locale)
    return [each.text for each in found.caveats.disclaimers]


async def general(engine: Engine, reads: Reads, locale: str = "en") -> Disclaimer:
    return (await served(engine, reads, "portal", locale=locale)).caveats.disclaimers[-1]


async def test_what_a_client_adds_is_shown_to_it_alone_behind_what_stands_there(engine: Engine, reads: Reads) -> None:
    await publish(engine, [rich()])
    await add_wording(engine, own("First.", name="first", placement=BEFORE))
    await add_wording(engine, own("Second.", name="second", placement=BEFORE))
    await add_wording(engine, own())

    shown = (await served(engine, reads)).caveats.disclaimers

    standing = (await general(engine, reads)).text
    assert [each.text for each in shown] == [rich().notices[0].text, "First.", "Second.", standing, "Call us."]
    assert {each.kind.value for each in shown if each.text in ("First.", "Second.", "Call us.")} == {"PARTNER"}
    assert await texts(engine, reads, "portal") == [rich().notices[0].text, standing]


async def test_what_replaces_a_standing_one_takes_its_kind_its_placement_and_its_place(
    engine: Engine, reads: Reads
) -> None:
    await publish(engine, [answer()])
    before = await general(engine, reads)
    await set_replaceable(engine, "general", is_replaceable=True)

    identity = await add_wording(engine, own("Ask us.", replaces="general"))
    await add_wording(engine, own("Call us.", name="other"))

    replaced, added = (await served(engine, reads)).caveats.disclaimers
    assert (replaced.uuid, replaced.text, replaced.version) == (identity, "Ask us.", 1)
    assert (replaced.kind, replaced.placement) == (before.kind, before.placement)
    assert added.text == "Call us."
    assert await general(engine, reads) == before


async def test_a_standing_one_that_is_not_replaceable_stays(engine: Engine, reads: Reads) -> None:
    await publish(engine, [answer()])

    with pytest.raises(RefusedError, match=r"`general` can't be replaced"):
        await add_wording(engine, own(replaces="general"))

    assert await texts(engine, reads) == [(await general(engine, reads)).text]


async def test_a_standing_one_that_is_replaceable_no_longer_comes_back(engine: Engine, reads: Reads) -> None:
    await publish(engine, [answer()])
    await set_replaceable(engine, "general", is_replaceable=True)
    await add_wording(engine, own("Ask us.", replaces="general"))

    await set_replaceable(engine, "general", is_replaceable=False)
    assert await texts(engine, reads) == [(await general(engine, reads)).text]

    await set_replaceable(engine, "general", is_replaceable=True)
    assert await texts(engine, reads) == ["Ask us."]


async def test_no_name_puts_a_standing_one_away(engine: Engine, reads: Reads) -> None:
    await publish(engine, [answer()])

    await add_wording(engine, own("Call us.", name="general"))

    assert await texts(engine, reads) == [(await general(engine, reads)).text, "Call us."]


async def test_a_replacement_is_borne_by_the_answers_that_bear_what_it_replaces(engine: Engine, reads: Reads) -> None:
    await publish(engine, [answer(), rich("made-by-ai", notices=())])
    await set_replaceable(engine, "made-by-ai", is_replaceable=True)
    await add_wording(engine, own("A machine helped.", replaces="made-by-ai"))

    by_people, by_ai = await served(engine, reads), await served(engine, reads, slug="made-by-ai")

    assert "A machine helped." not in [each.text for each in by_people.caveats.disclaimers]
    assert by_ai.caveats.disclaimers[0].text == "A machine helped."


@pytest.mark.parametrize(("locale", "spoken"), [("en", "Ask us."), ("es", None), ("es-MX", None), ("de", "Ask us.")])
async def test_a_replacement_stands_in_where_it_speaks_the_language_or_nothing_does(
    engine: Engine, reads: Reads, locale: str, spoken: str | None
) -> None:
    await publish(engine, [answer(locale=locale)])
    await set_replaceable(engine, "general", is_replaceable=True)
    await add_wording(engine, own("Ask us.", replaces="general"))

    assert await texts(engine, reads, locale=locale) == [spoken or (await general(engine, reads, locale)).text]


async def test_a_replacement_counts_before_a_nearer_wording_of_what_it_replaces(engine: Engine, reads: Reads) -> None:
    await publish(engine, [answer(locale="es-MX")])
    await set_replaceable(engine, "general", is_replaceable=True)
    await add_wording(engine, own("Llámenos.", replaces="general", locale="es"))

    assert await texts(engine, reads, locale="es-MX") == ["Llámenos."]


async def test_a_clients_own_disclaimer_has_versions_and_comes_back_with_its_id(engine: Engine, reads: Reads) -> None:
    await publish(engine, [answer()])
    identity = await add_wording(engine, own("One."))

    assert await disclaimers.reword(engine, identity, wording="Two.") == 2
    await remove_wording(engine, identity)
    assert len(await texts(engine, reads)) == 1
    assert await add_wording(engine, own("Three.")) == identity

    kept = await reads.fetch(
        "select version, text from disclaimer_version where disclaimer_id = $1 order by 1", identity
    )
    assert [tuple(row) for row in kept] == [(1, "One."), (2, "Two."), (3, "Three.")]
    assert (await served(engine, reads)).caveats.disclaimers[-1].version == 3


async def test_a_standing_one_can_not_be_removed(engine: Engine, reads: Reads) -> None:
    await publish(engine, [answer()])
    standing = await general(engine, reads)

    with pytest.raises(RefusedError, match=r"only a client's own"):
        await remove_wording(engine, standing.uuid)

    assert await general(engine, reads) == standing


@pytest.mark.parametrize(
    ("refused", "error", "message"),
    [
        (own(client="nobody"), NotFoundError, "no client is named `nobody`"),
        (own(replaces="nothing"), NotFoundError, "no standing disclaimer is named `nothing`"),
        (own(text=" "), RefusedError, "can't be empty"),
        (own(name=" "), RefusedError, "a name"),
        (own(placement=None), RefusedError, "needs a placement"),
        (own(replaces="general", placement=AFTER), RefusedError, "give none"),
        (own("Again."), RefusedError, "has a wording in en already"),
        (own(locale="es", placement=BEFORE), RefusedError, "another disclaimer of `clinic`"),
        (own(name="other", replaces="source-withdrawn"), RefusedError, "`withdrawn` replaces `source-withdrawn` in en"),
    ],
)
async def test_what_can_not_be_added_is_refused_and_nothing_changes(
    engine: Engine, reads: Reads, refused: Wording, error: type[Exception], message: str
) -> None:
    await set_replaceable(engine, "source-withdrawn", is_replaceable=True)
    await add_wording(engine, own())
    await add_wording(engine, own(name="withdrawn", replaces="source-withdrawn"))
    count = "select (select count(*) from disclaimer_version), (select count(*) from outbox)"
    before = await reads.fetch(count)

    with pytest.raises(error, match=message):
        await add_wording(engine, refused)

    assert await reads.fetch(count) == before


async def told(engine: Engine, reads: Reads, client: str, *, since: dict[str, str]) -> list[str]:
    page = await Library(reads, await audience(engine, client)).changes(since.get(client), ChangeFilter(), first=10)
    since[client] = page.cursor
    return [change.kind.value for change in page.nodes]


async def test_a_change_of_wording_is_told_to_whose_it_is_alone(engine: Engine, reads: Reads) -> None:
    await publish(engine, [answer()])
    since: dict[str, str] = {}
    for client in ("clinic", "portal"):
        assert await told(engine, reads, client, since=since) == ["PUBLISHED"]

    async def change(step: object) -> list[list[str]]:
        await step
        return [await told(engine, reads, client, since=since) for client in ("clinic", "portal")]

    assert await change(set_replaceable(engine, "general", is_replaceable=True)) == [[], []]
    assert await change(add_wording(engine, own(replaces="general"))) == [["CAVEATS_CHANGED"], []]
    assert await change(set_replaceable(engine, "general", is_replaceable=False)) == [["CAVEATS_CHANGED"], []]
    assert await change(set_replaceable(engine, "general", is_replaceable=True)) == [["CAVEATS_CHANGED"], []]
    identity = await _identity(reads)
    assert await change(disclaimers.reword(engine, identity, wording="New.")) == [["CAVEATS_CHANGED"], []]
    assert await change(remove_wording(engine, identity)) == [["CAVEATS_CHANGED"], []]


async def _identity(reads: Reads) -> UUID:
    return await reads.fetch_value("select id from disclaimer where client_id is not null")


async def test_a_client_that_had_a_wording_keeps_its_audience(engine: Engine, reads: Reads) -> None:
    assert (await audience(engine)).wording is None
    identity = await add_wording(engine, own())
    with_wording = await audience(engine)

    await wording.remove_wording(engine, identity)

    assert with_wording.wording is not None
    assert await audience(engine) == with_wording


async def test_the_caveats_of_two_wordings_have_two_digests(engine: Engine, reads: Reads) -> None:
    await publish(engine, [answer()])
    await add_wording(engine, own())

    ours, theirs = await served(engine, reads), await served(engine, reads, "portal")

    assert (ours.digest, ours.revision) == (theirs.digest, theirs.revision)
    assert ours.caveats.digest != theirs.caveats.digest
