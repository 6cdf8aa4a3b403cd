import json

import pytest

from server.limits import Limits
from server.settings import Environment
from tests.web.running import running

GRAPHQL = "application/graphql-response+json"


@pytest.fixture(scope="module")
async def shop():
    async with running() as server:
        yield server


@pytest.fixture(scope="module")
async def production():
    async with running(environment=Environment.PRODUCTION) as server:
        yield server


def code_of(response):
    """The code of the one error of a response that is GraphQL JSON without data."""
    payload = response.json()
    assert list(payload) == ["errors"]
    [error] = payload["errors"]
    assert error["message"]
    return error["extensions"]["code"]


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (GRAPHQL, GRAPHQL),
        ("application/json", "application/json"),
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        (f"{GRAPHQL}, application/json;q=0.9", GRAPHQL),
        (f"application/json, {GRAPHQL}", GRAPHQL),
        (f"{GRAPHQL};q=0.2, application/json;q=0.3", "application/json"),
        (f"text/html, {GRAPHQL};q=0.1", GRAPHQL),
        (f"{GRAPHQL};q=0, */*", "application/json"),
        ("APPLICATION/JSON; charset=utf-8", "application/json"),
        ("nonsense", "application/json"),
        ("", "application/json"),
    ],
)
async def test_the_response_is_of_the_type_that_suits_best(shop, accept, media_type):
    response = await shop.post("{ hello }", accept=accept)

    assert response.status_code == 200
    assert response.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert response.json() == {"data": {"hello": "hello world"}}


async def test_lines_of_accept_are_one_list(shop):
    lines = [("accept", "application/json;q=0.5"), ("accept", "text/html"), ("accept", GRAPHQL)]
    response = await shop.send(json={"query": "{ hello }"}, headers=lines)

    assert response.headers["content-type"] == f"{GRAPHQL}; charset=utf-8"


@pytest.mark.parametrize("accept", ["text/html", "image/*", "application/json;q=0", "multipart/mixed"])
async def test_a_client_that_accepts_nothing_of_ours_is_told(shop, accept):
    response = await shop.post("{ hello }", accept=accept)

    assert (response.status_code, code_of(response)) == (406, "NOT_ACCEPTABLE")


async def test_a_get_runs_a_query(shop):
    params = {"query": "query A($n: String) { hello(name: $n) } query B { number }", "operationName": "A"}
    response = await shop.send("GET", params={**params, "variables": '{"n": "Ada & Zoë"}', "extensions": ""})

    assert response.json() == {"data": {"hello": "hello Ada & Zoë"}}


async def test_a_head_gives_what_a_get_gives_without_its_body(shop):
    response = await shop.send("HEAD", params={"query": "{ hello }"})

    assert (response.status_code, response.content) == (200, b"")
    assert int(response.headers["content-length"]) == len('{"data":{"hello":"hello world"}}')


async def test_a_get_runs_no_mutation(shop):
    response = await shop.send("GET", params={"query": "mutation { buy }"})

    assert (response.status_code, code_of(response)) == (405, "METHOD_NOT_ALLOWED")
    assert response.headers["allow"] == "POST"


async def test_a_post_runs_a_mutation(shop):
    assert (await shop.post("mutation { buy }")).json() == {"data": {"buy": "bought"}}


async def test_options_says_what_there_is(shop):
    response = await shop.send("OPTIONS")

    assert (response.status_code, response.headers["allow"]) == (204, "GET, HEAD, POST, OPTIONS")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
async def test_other_methods_are_refused(shop, method):
    response = await shop.send(method)

    assert (response.status_code, code_of(response)) == (405, "METHOD_NOT_ALLOWED")
    assert response.headers["allow"] == "GET, HEAD, POST, OPTIONS"


@pytest.mark.parametrize(
    "content_type",
    [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/graphql"],
)
async def test_only_json_is_taken_which_no_form_can_send(shop, content_type):
    headers = {"content-type": content_type} if content_type else {}
    response = await shop.send(content=b'{"query": "{ hello }"}', headers=headers)

    assert (response.status_code, code_of(response)) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize(
    "headers", [{"content-type": "application/json; charset=latin-1"}, {"content-encoding": "gzip"}]
)
async def test_only_plain_utf8_is_taken(shop, headers):
    response = await shop.send(content=b"{}", headers={"content-type": "application/json"} | headers)

    assert (response.status_code, code_of(response)) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"7",
        b'"{ hello }"',
        b"[]",
        b'[{"query": "{ hello }"}]',
        b"{",
        b"{}",
        b'{"query": null}',
        b'{"query": 7}',
        b'{"query": "{ hello }", "variables": []}',
        b'{"query": "{ hello }", "variables": "{}"}',
        b'{"query": "{ hello }", "operationName": 7}',
        b'{"query": "{ hello }", "extensions": true}',
        b'{"query": "\xff"}',
        b'{"query": "{ hello }", "variables": {"n": "\\ud800"}}',
        b'{"query": "{ hello }", "variables": {"n": ' + b"9" * 5000 + b"}}",
        b'{"query": "{ hello }", "variables": {"n": NaN}}',
        b'\xef\xbb\xbf{"query": "{ hello }"}',
        b"\0",
        "{}".encode("utf-16"),
    ],
)
async def test_a_body_that_is_no_request_is_refused(shop, body):
    response = await shop.send(content=body, headers={"content-type": "application/json"})

    assert (response.status_code, code_of(response)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    "query",
    ["", "qeury=1", "query=%FF", "query=%ED%A0%80", "variables={", "query={hello}&query={number}", "a=&" * 50],
)
async def test_a_url_that_is_no_request_is_refused(shop, query):
    response = await shop.send("GET", url=f"{shop.url}?{query}")

    assert (response.status_code, code_of(response)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("query ($n: Int!) { number(of: $n) }", "BAD_USER_INPUT"),
        ("query A { hello } query B { hello }", "OPERATION_NOT_FOUND"),
        ("{ " + "hello " * 6000 + "}", "DOCUMENT_TOO_LONG"),
    ],
)
async def test_an_operation_that_can_not_run_is_a_400_and_for_clients_of_old_a_200(shop, query, code):
    new, old = await shop.post(query), await shop.post(query, accept="application/json")

    assert (new.status_code, code_of(new)) == (400, code)
    assert (old.status_code, code_of(old)) == (200, code)


async def test_errors_of_fields_leave_the_response_a_200(shop):
    response = await shop.post("{ refused hello }")

    assert response.status_code == 200
    assert response.json()["data"] == {"refused": None, "hello": "hello world"}


async def test_an_operation_that_takes_too_long_is_a_503():
    async with running(limits=Limits(max_seconds=0)) as server:
        response = await server.post("{ slow }")

    assert (response.status_code, code_of(response)) == (503, "OPERATION_TIMED_OUT")


async def test_no_response_is_for_caches_or_for_guessing_its_type(shop):
    response = await shop.post("{ hello }")

    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert response.headers["vary"] == "Accept, Accept-Encoding, Authorization, Origin"


@pytest.mark.parametrize("depth", [64, 65, 5000])
async def test_json_nests_so_deep_and_no_deeper(shop, depth):
    body = b'{"query": "{ hello }", "extensions": {"a": ' + b"[" * (depth - 2) + b"]" * (depth - 2) + b"}}"
    response = await shop.send(content=body, headers={"content-type": "application/json"})

    if depth <= 64:
        assert response.json() == {"data": {"hello": "hello world"}}
    else:
        assert (response.status_code, code_of(response)) == (400, "JSON_TOO_DEEP")


async def test_brackets_in_text_are_no_nesting(shop):
    response = await shop.post("{ hello }", extensions={"a": "[" * 500 + '"\\' + "{" * 500})

    assert response.json() == {"data": {"hello": "hello world"}}


async def test_the_page_is_for_browsers(shop):
    page = await shop.send("GET", headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    answer = await shop.send("GET", headers={"accept": "text/html,*/*;q=0.8"}, params={"query": "{ hello }"})

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "GraphiQL" in page.text
    assert "script-src https://unpkg.com/ 'sha256-" in page.headers["content-security-policy"]
    assert answer.json() == {"data": {"hello": "hello world"}}


async def test_production_has_no_page_and_no_schema_and_makes_no_suggestions(production):
    page = await production.send("GET", headers={"accept": "text/html"})
    schema = await production.post("{ __schema { types { name } } }")
    wrong = await production.post("{ helo }")

    assert (page.status_code, code_of(page)) == (406, "NOT_ACCEPTABLE")
    assert code_of(schema) == "INTROSPECTION_DISABLED"
    assert wrong.json()["errors"][0]["message"] == "Cannot query field 'helo' on type 'Query'."


async def test_numbers_of_any_size_and_all_of_unicode_come_through(shop):
    response = await shop.post("query ($n: String) { hello(name: $n) big }", variables={"n": "\u2028 \U0001f600 é"})

    assert json.loads(response.content) == {"data": {"hello": "hello \u2028 \U0001f600 é", "big": 1e300}}


async def test_a_selection_of_nothing_is_answered_with_nothing(shop):
    """https://github.com/graphql/graphql-spec/pull/1227, merged into the draft: clients strip their own fields."""
    response = await shop.post("query {}")

    assert (response.status_code, response.json()) == (200, {"data": {}})
