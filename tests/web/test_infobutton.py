"""A portal asks for what it knows of a patient by code, over HTTP, and shows what it is given."""

import json
from xml.etree import ElementTree as ET

import feedparser
import httpx
import pytest
from structlog.testing import capture_logs

from server.content.publishing import publish
from server.content.withdrawal import Named, retract
from tests.schema.drafts import CANCER, LEUKEMIA, answer
from tests.web.portals import CODE, JSON, V, ask, refusal, shelf
from tests.web.registered import serving


@pytest.fixture
async def portal(database_url, engine):
    async with shelf(database_url, engine) as server:
        yield server


async def test_a_portal_gets_the_answers_with_their_disclaimers_as_a_feed(portal):
    response = await ask(portal, {**CODE, "knowledgeResponseType": "text/xml", "informationRecipient": "PAT"})

    read = feedparser.parse(response.content)
    assert (response.status_code, response.headers["content-type"]) == (200, "text/xml; charset=utf-8")
    assert (read.bozo, [entry.title for entry in read.entries]) == (False, ["Leukemia & you"])
    (entry,) = read.entries
    assert entry.link == "https://example.org/on-leukemia"
    assert "It is not medical advice" in entry.summary
    assert "It is not medical advice" in entry.content[0].value
    assert "T cells are taken from the blood." in entry.content[0].value


async def test_a_slash_behind_the_address_changes_nothing(portal):
    url = portal.url.replace("graphql", "infobutton/")

    response = await portal.send("GET", url=url, params=CODE)

    assert (response.status_code, response.content) == (200, (await ask(portal)).content)
    assert (await portal.send("POST", url=url)).status_code == 405


async def test_a_script_reads_the_json_as_that_of_medlineplus(portal):
    feed = (await ask(portal, {**CODE, **JSON})).json()["feed"]

    (entry,) = feed["entry"]
    assert (entry["title"]["_value"], entry["link"][0]["href"]) == ("Leukemia & you", "https://example.org/on-leukemia")
    assert "It is not medical advice" in entry["summary"]["_value"]


@pytest.mark.parametrize(
    ("accept", "said", "served"),
    [
        ("*/*", "", "application/atom+xml"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "", "application/xml"),
        ("application/json", "", "application/json"),
        ("application/json", "text/xml", "text/xml"),
        ("text/html", "application/json", "application/json"),
        ("text/html", "APPLICATION/XML", "application/xml"),
    ],
)
async def test_the_form_is_the_one_that_is_named_else_that_which_suits_best(portal, accept, said, served):
    response = await ask(portal, {**CODE, "knowledgeResponseType": said}, accept=accept)

    assert (response.status_code, response.headers["content-type"]) == (200, f"{served}; charset=utf-8")
    if served == "application/json":
        assert list(response.json()) == ["feed"]
    else:
        assert ET.fromstring(response.content).tag == "{http://www.w3.org/2005/Atom}feed"  # noqa: S314 - our own


async def test_lines_of_a_header_are_one_list(portal):
    tag = (await ask(portal, accept="application/json")).headers["etag"]
    accepted = [("accept", "text/html"), ("accept", "application/json")]
    known = [("if-none-match", '"other"'), ("if-none-match", tag)]
    url = portal.url.replace("graphql", "infobutton")
    responses = [
        await portal.send("GET", url=url, params=CODE, headers=lines) for lines in (accepted, accepted + known)
    ]

    assert responses[0].headers["content-type"] == "application/json; charset=utf-8"
    assert [each.status_code for each in responses] == [200, 304]


UNREADABLE = "The URL's query can't be read: percent-encode it as UTF-8, with 200 parameters at most."
NO_SCRIPT = (
    "`knowledgeResponseType` is `application/javascript`, which is not served: a script of ours would have all rights "
    "of your page. Ask for `application/json`, which pages of origins that are named may read."
)
WITH_SYSTEM = f"{V}.c=1&{V}.cs=2.16.840.1.113883.6.86"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "`mainSearchCriteria.v.c` is missing: it holds the code that is asked about."),
        (f"{WITH_SYSTEM}&knowledgeResponseType=application/javascript&callback=show", NO_SCRIPT),
        (
            f"{WITH_SYSTEM}&knowledgeResponseType=text/html",
            "`knowledgeResponseType` is none that is served: say `text/xml` or `application/json`.",
        ),
        (
            f"{WITH_SYSTEM}&knowledgeResponseType=text/xml&knowledgeResponseType=application/json",
            "The URL says `knowledgeResponseType` twice: say it once.",
        ),
        (f"{V}.c=%ff", UNREADABLE),
        ("&".join(["a=b"] * 201), UNREADABLE),
    ],
)
async def test_what_is_wrong_with_a_request_is_told(portal, query, message):
    response = await portal.send("GET", url=f"{portal.url.replace('graphql', 'infobutton')}?{query}")

    assert refusal(response) == (400, "BAD_REQUEST", message)
    assert response.headers["content-type"] == "application/json; charset=utf-8"


async def test_who_accepts_no_form_of_a_feed_is_told(portal):
    assert refusal(await ask(portal, accept="text/html"))[:2] == (406, "NOT_ACCEPTABLE")


async def test_what_is_not_known_gives_a_feed_without_entries(portal):
    icd9 = {f"{V}.c": "250.33", f"{V}.cs": "2.16.840.1.113883.6.103"}

    assert (await ask(portal, {**icd9, **JSON})).json()["feed"]["entry"] == []
    assert len((await ask(portal, {**icd9, f"{V}.dn": "Blood cancer", **JSON})).json()["feed"]["entry"]) == 1


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
async def test_only_reading_is_allowed(portal, method):
    response = await ask(portal, method=method)

    assert refusal(response)[:2] == (405, "METHOD_NOT_ALLOWED")
    assert response.headers["allow"] == "GET, HEAD, OPTIONS"


async def test_a_head_gives_what_a_get_gives_without_its_body(portal):
    head, got, options = [await ask(portal, method=method) for method in ("HEAD", "GET", "OPTIONS")]

    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", got.headers["etag"])
    assert int(head.headers["content-length"]) == len(got.content)
    assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS")


async def test_what_a_portal_has_is_not_sent_again_until_an_answer_is_retracted(portal, engine):
    first = await ask(portal)
    tag = first.headers["etag"]
    again = [await ask(portal, **{"if-none-match": known}) for known in (tag, f'W/{tag}, "x"', "*", '"x"')]

    await retract(engine, Named(slug="on-leukemia"), reason="It was wrong.")
    after = await ask(portal, **{"if-none-match": tag})

    assert first.headers["cache-control"] == "private, no-cache"
    assert first.headers["vary"] == "Accept, Accept-Encoding, Authorization, Origin"
    assert [(each.status_code, bool(each.content)) for each in again] == [(304, False)] * 3 + [(200, True)]
    assert (after.status_code, b"Leukemia &amp; you" in after.content) == (200, False)


async def test_pages_of_named_origins_read_a_feed(database_url):
    async with serving(database_url, origins=("https://open.example",)) as server:
        responses = [await ask(server, params, origin=origin) for origin in ("https://open.example", "https://other.example")
                     for params in (CODE, {})]  # fmt: skip

    told = [(each.status_code, each.headers.get("access-control-allow-origin")) for each in responses]
    assert told == [(200, "https://open.example"), (400, "https://open.example"), (200, None), (400, None)]


async def test_neither_the_log_nor_the_metrics_hear_what_was_asked(portal):
    with capture_logs() as events:
        await ask(portal, {f"{V}.dn": "Blood cancer"})
    metrics = await portal.send("GET", url=portal.url.replace("graphql", "metrics"))

    (event,) = [each for each in events if each["event"] == "request"]
    assert (event["route"], event["status"], event["code"]) == ("/infobutton", 200, "OK")
    assert "Blood" not in json.dumps(events)
    assert metrics.status_code == 404, "in production they are for those who bear the token"


@pytest.mark.parametrize("host", ['evil.example/"><script>', "a b", ""])
async def test_a_host_that_is_none_stands_in_no_link(database_url, engine, host):
    await publish(engine, [answer(topics=(LEUKEMIA, CANCER))])
    query = str(httpx.QueryParams({**CODE, **JSON}))
    async with serving(database_url) as server:
        raw = f"GET /infobutton?{query} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        body = (await server.raw(raw.encode())).partition(b"\r\n\r\n")[2]

    if body.startswith(b"{"):
        assert json.loads(body)["feed"]["entry"][0]["link"][0]["href"].startswith("/graphql?query=")
    else:
        assert body == b"Invalid HTTP request received."


async def test_the_link_over_graphql_leads_to_the_answer_with_its_disclaimers(database_url, engine):
    await publish(engine, [answer("it")])
    async with serving(database_url) as server:
        (entry,) = (await ask(server, {**CODE, **JSON})).json()["feed"]["entry"]
        found = (await server.send("GET", url=entry["link"][0]["href"])).json()["data"]["answer"]

    assert (found["title"], bool(found["disclaimers"]), bool(found["body"]["html"])) == ("How it works", True, True)
