"""Who asks over an Infobutton is a caller as any other: with bounds, words, quotas and receipts."""

import pytest
from graphql import parse

from schema.build import build_schema
from server.access.clients import ClientKind
from server.content.vocabulary import DisclaimerPlacement
from server.content.wording import Wording, add_wording
from server.execution.cost import Costing
from server.limits import AnonymousLimits, Limits
from server.web.infobutton import COST
from tests.waiting import until
from tests.web.portals import CODE, JSON, V, ask, refusal, shelf
from tests.web.registered import serving

THE_SAME_OVER_GRAPHQL = """query ($codes: [MedicalCodeInput!], $locales: [LanguageTag!]) {
  answers(filter: { codes: $codes, locales: $locales }, first: 20) {
    nodes {
      id slug locale title revision updatedAt publishedAt author { name url } topics { codes { system code display } }
      sources { title url publisher edition attribution license } disclaimers { placement heading text locale }
      summary { html } body { html }
    }
  }
}"""
SERVED = "select c.name, r.document, r.revision, r.count from receipt r left join client c on c.id = r.client_id"


@pytest.fixture
async def portal(database_url, engine):
    async with shelf(database_url, engine) as server:
        yield server


async def test_two_audiences_are_served_each_its_own(portal, engine):
    ours = await portal.register("ours", topics=["leukemia"])
    theirs = await portal.register("theirs", topics=["heart"])
    values = {"client": "ours", "name": "hotline", "replaces": None, "locale": "en", "heading": None}
    words = Wording(**values, placement=DisclaimerPlacement.AFTER_CONTENT, text="Call us & ask.")
    await add_wording(engine, words)

    anonymous, own, other = [
        (await ask(portal, {**CODE, **JSON}, key=key)).json()["feed"]["entry"] for key in (None, ours, theirs)
    ]

    notices = [[each["text"]["_value"] for each in entry["usageInfo"]] for entry in (*anonymous, *own)]
    assert [words.text in each for each in notices] == [False, True]
    assert "<p>Call us &amp; ask.</p>" in own[0]["content"]["_value"]
    assert other == []


async def test_a_key_that_is_none_and_a_stranger_where_there_are_none_are_refused(portal, database_url):
    refused = await ask(portal, authorization="Bearer nonsense")
    assert (refusal(refused)[:2], refused.headers["www-authenticate"]) == (
        (401, "KEY_INVALID"), 'Bearer error="invalid_token"',
    )  # fmt: skip
    async with serving(database_url, anonymous=None) as closed:
        assert refusal(await ask(closed))[:2] == (401, "KEY_REQUIRED")


async def test_a_key_that_opens_trusted_documents_only_opens_no_feed(portal):
    key = await portal.register("app", kind=ClientKind.WEB)

    assert refusal(await ask(portal, key=key))[:2] == (400, "DOCUMENT_NOT_TRUSTED")


async def test_what_was_served_is_kept_by_client(portal, reads):
    key = await portal.register("clinic")
    tag = (await ask(portal, key=key)).headers["etag"]
    await ask(portal, key=key, **{"if-none-match": tag})
    await ask(portal, {**CODE, f"{V}.c": "C9999999"}, key=key)
    await ask(portal)

    async def written():
        return {tuple(row) for row in await reads.fetch(SERVED)} == {("clinic", "", 1, 2), (None, "", 1, 1)}

    await until(written)
    assert await reads.fetch_value("select count(*) from field_use") == 0


def test_a_feed_costs_what_the_same_costs_over_graphql():
    (operation,) = parse(THE_SAME_OVER_GRAPHQL).definitions

    assert Costing(build_schema(), {}, variables={}).cost(operation) == COST


async def test_requests_and_cost_count_as_those_of_graphql(database_url):
    async with serving(database_url, anonymous=AnonymousLimits(requests_per_minute=3, cost_per_minute=COST)) as scarce:
        first, costly, wrong, last = [await ask(scarce, params) for params in (CODE, CODE, {}, CODE)]

    assert (first.status_code, refusal(costly)[:2], refusal(wrong)[:2]) == (
        200, (429, "RATE_LIMITED"), (400, "BAD_REQUEST"),
    )  # fmt: skip
    assert first.headers["ratelimit"].startswith('"requests";r=2;')
    assert refusal(last)[:2] == (429, "RATE_LIMITED")
    assert 1 <= int(last.headers["retry-after"]) <= 60


async def test_a_caller_that_may_ask_for_less_at_once_is_refused(portal):
    key = await portal.register("small", max_cost=COST - 1)

    assert refusal(await ask(portal, key=key))[:2] == (400, "OPERATION_TOO_COSTLY")


async def test_too_many_requests_at_once_and_too_long_ones_are_refused(database_url):
    async with serving(database_url, limits=Limits(max_operations_per_address=0, max_url_bytes=400)) as server:
        crowded, long = await ask(server), await ask(server, {**CODE, "a": "a" * 400})

    assert (refusal(crowded)[:2], crowded.headers["retry-after"]) == ((429, "TOO_MANY_OPERATIONS"), "1")
    assert refusal(long)[:2] == (414, "URL_TOO_LONG")


async def test_a_feed_that_takes_too_long_is_given_up(database_url):
    async with serving(database_url, limits=Limits(max_seconds=0)) as server:
        assert refusal(await ask(server))[:2] == (503, "OPERATION_TIMED_OUT")
