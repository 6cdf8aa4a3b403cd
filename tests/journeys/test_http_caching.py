"""What caches are told of the responses to a GET, by the whole server: kept as long as may be, and never longer."""

import pytest

from server.access.clients import ClientKind
from server.access.registration import revoke_keys
from server.app import create_app
from server.content.publishing import publish
from server.content.withdrawal import Named, retract
from server.settings import PurgeForm, Purging
from server.web.writing import GRAPHQL, JSON
from tests.access.documents.manifests import sha256
from tests.access.registering import production
from tests.journeys.caching import BOTH, LIST, PAGE, SEARCH, SELF, app, asked
from tests.schema.drafts import answer
from tests.waiting import until
from tests.web.running import running

SLUG = "what-is-tea"
FRESH = "public, max-age=45, stale-while-revalidate=15, stale-if-error=255"
PURGED = "public, max-age=45, s-maxage=86400, stale-while-revalidate=15, stale-if-error=255"
AWAY = Purging(url="http://127.0.0.1:9/")


@pytest.fixture
async def server(database_url, engine):
    await publish(engine, [answer(SLUG)])
    async with running(create_app(production(), url=database_url)) as opened:
        yield opened


@pytest.fixture
async def purged(database_url, engine):
    """One whose caches are purged."""
    await publish(engine, [answer(SLUG)])
    async with running(create_app(production(purging=AWAY), url=database_url)) as opened:
        yield opened


async def get(server, headers, text=PAGE, *, method="GET", **more):
    params = asked(text, **({"slug": SLUG} if text == PAGE else {}))
    return await server.send(method, params=params, headers=headers | more)


async def test_an_app_may_keep_what_it_asked_by_id_for_a_minute(server, engine):
    response = await get(server, await app(engine))

    assert (response.status_code, response.headers["cache-control"]) == (200, FRESH)
    assert response.headers["vary"] == "Accept, Accept-Encoding, Authorization, Origin"
    assert response.headers["etag"].startswith('"')


async def test_where_caches_are_purged_they_keep_it_for_long(purged, engine):
    response = await get(purged, await app(engine))
    tags = response.headers["cache-tag"].split(",")

    assert response.headers["cache-control"] == PURGED
    assert response.headers["surrogate-key"].split(" ") == tags
    assert response.headers["cache-groups"] == ", ".join(f'"{tag}"' for tag in tags)
    assert (tags[0], tags[-1][:2], len([tag for tag in tags if tag.startswith("a-")])) == ("caveat", "c-", 1)
    assert all(len(tag) <= 32 for tag in tags)


@pytest.mark.parametrize(
    ("form", "header"),
    [(PurgeForm.FASTLY, "surrogate-control"), (PurgeForm.CLOUDFLARE, "cloudflare-cdn-cache-control")],
)
async def test_a_cache_with_a_header_of_its_own_keeps_it_for_long_and_none_behind_it(
    database_url, engine, form, header
):
    await publish(engine, [answer(SLUG)])
    purging = Purging(url=AWAY.url, form=form, seconds=7_200)
    async with running(create_app(production(purging=purging), url=database_url)) as server:
        response = await get(server, await app(engine))
        secret = await get(server, await app(engine, "server", kind=ClientKind.SERVER))

    assert (response.headers["cache-control"], response.headers[header]) == (FRESH, "max-age=7200")
    assert header not in secret.headers


async def test_what_is_not_kept_here_bears_its_tags_all_the_same(database_url, engine):
    await publish(engine, [answer(SLUG)])
    settings = production(purging=AWAY, cache_megabytes=0, objects_mb=0)
    async with running(create_app(settings, url=database_url)) as server:
        headers = await app(engine)
        first, again = [await get(server, headers) for _ in range(2)]

    assert (first.headers["cache-control"], again.headers["cache-control"]) == (PURGED, PURGED)
    assert first.headers["cache-tag"] == again.headers["cache-tag"]


async def test_who_has_it_is_sent_nothing(server, engine):
    headers = await app(engine)
    first = await get(server, headers)
    again = await get(server, headers, **{"if-none-match": f'"other", W/{first.headers["etag"]}'})
    either = await get(server, headers, **{"if-none-match": "*"})

    assert (again.status_code, again.content, either.status_code) == (304, b"", 304)
    for name in ("etag", "cache-control", "vary", "cache-tag"):
        assert again.headers.get(name) == first.headers.get(name)
    assert "content-type" not in again.headers
    assert again.headers["cache-status"] == "Caveat; hit"


async def test_who_has_what_was_retracted_is_sent_the_notice(server, engine):
    headers = await app(engine)
    first = await get(server, headers)
    await retract(engine, Named(slug=SLUG), reason="Wrong.")

    async def is_told():
        response = await get(server, headers, **{"if-none-match": first.headers["etag"]})
        return response.status_code == 200 and response.json()["data"]["answer"]["status"] == "RETRACTED"

    await until(is_told)


async def test_every_coding_has_a_tag_of_its_own(server, engine):
    headers = await app(engine)
    tags = {}
    for coding in ("identity", "gzip", "br", "zstd"):
        said = coding if coding == "identity" else f"{coding}, identity;q=0"
        response = await get(server, headers, LIST, **{"accept-encoding": said})
        tags[response.headers["etag"]] = response.headers.get("content-encoding", "identity")
        assert response.json()["data"]["answers"]["nodes"]

    assert sorted(tags.values()) == ["br", "gzip", "identity", "zstd"]


async def test_every_media_type_has_a_tag_of_its_own(server, engine):
    headers = await app(engine)
    plain, own = [await get(server, headers, accept=media_type) for media_type in (JSON, GRAPHQL)]
    again = await get(server, headers, accept=GRAPHQL, **{"if-none-match": plain.headers["etag"]})

    assert plain.content == own.content == again.content
    assert plain.headers["etag"] != own.headers["etag"] == again.headers["etag"]
    assert (again.status_code, again.headers["content-type"]) == (200, f"{GRAPHQL}; charset=utf-8")
    assert (await get(server, headers, accept=GRAPHQL, **{"if-none-match": own.headers["etag"]})).status_code == 304


async def test_a_head_is_told_what_a_get_is(server, engine):
    headers = await app(engine)
    got, head = await get(server, headers), await get(server, headers, method="HEAD")
    known = await get(server, headers, method="HEAD", **{"if-none-match": got.headers["etag"]})

    assert (head.status_code, head.content, known.status_code) == (200, b"", 304)
    for name in ("etag", "cache-control", "content-length", "content-type"):
        assert head.headers[name] == got.headers[name]


async def test_a_range_is_not_looked_at(server, engine):
    headers = await app(engine)
    response = await get(server, headers, range="bytes=0-3")

    assert (response.status_code, response.content) == (200, (await get(server, headers)).content)


async def test_a_secret_key_keeps_it_from_all_but_its_client(purged, engine):
    headers = await app(engine, kind=ClientKind.SERVER)
    response = await get(purged, headers)

    assert response.headers["cache-control"] == FRESH.replace("public", "private")
    assert not {"cache-tag", "surrogate-key", "cache-groups"} & set(response.headers)


async def test_what_changes_unheard_is_asked_for_each_time(purged, engine):
    response = await get(purged, await app(engine), SEARCH)

    assert (response.headers["cache-control"], "etag" in response.headers) == ("public, no-cache", True)
    assert "cache-tag" not in response.headers


@pytest.mark.parametrize("text", [SELF, BOTH])
async def test_what_a_client_is_told_of_itself_nobody_keeps(purged, engine, text):
    response = await get(purged, await app(engine), text)

    assert response.json()["data"]["client"] == {"name": "app"}
    assert (response.headers["cache-control"], "etag" in response.headers) == ("no-store", False)


@pytest.mark.parametrize(
    "params",
    [
        {"documentId": "nothing"},
        {"documentId": sha256(PAGE)},
        {"documentId": sha256(PAGE), "variables": '{"slug": 7}'},
        {"documentId": sha256(PAGE), "variables": "{"},
        {"documentId": sha256(PAGE), "variables": '{"slug": "x"}', "operationName": "Other"},
        {"query": "{ answers { nodes { title } } }"},
    ],
)
async def test_no_error_is_kept(purged, engine, params):
    response = await purged.send("GET", params=params, headers=await app(engine) | {"if-none-match": "*"})

    assert "errors" in response.json()
    assert (response.headers["cache-control"], "etag" in response.headers) == ("no-store", False)


async def test_a_dead_key_is_told_so_whatever_it_has(purged, engine):
    headers = await app(engine)
    assert (await get(purged, headers, **{"if-none-match": "*"})).status_code == 304
    await revoke_keys(engine, "app")

    async def is_told():
        response = await get(purged, headers, **{"if-none-match": "*"})
        return (response.status_code, response.headers["cache-control"]) == (401, "no-store")

    await until(is_told)


async def test_an_ad_hoc_text_nobody_keeps(purged, engine):
    response = await purged.send("GET", params={"query": "{ answers { nodes { title } } }"})

    assert response.json()["data"]["answers"]["nodes"]
    assert (response.headers["cache-control"], "etag" in response.headers) == ("no-store", False)


async def test_a_post_nobody_keeps_and_it_is_coded_all_the_same(purged, engine):
    body = {"documentId": sha256(PAGE), "variables": {"slug": SLUG}}
    response = await purged.send(
        json=body, headers=await app(engine) | {"accept-encoding": "br, identity;q=0", "if-none-match": "*"}
    )

    assert (response.status_code, response.headers["content-encoding"]) == (200, "br")
    assert (response.headers["cache-control"], "etag" in response.headers) == ("no-store", False)


async def test_what_is_told_with_the_cost_nobody_keeps(purged, engine):
    params = asked(PAGE, slug=SLUG) | {"extensions": '{"cost": true}'}
    response = await purged.send("GET", params=params, headers=await app(engine))

    assert response.json()["extensions"]["cost"]["requested"] > 0
    assert response.headers["cache-control"] == "no-store"


async def test_who_takes_no_coding_of_ours_is_told(purged, engine):
    response = await get(purged, await app(engine), **{"accept-encoding": "identity;q=0, compress"})

    assert (response.status_code, response.json()["errors"][0]["extensions"]) == (406, {"code": "NOT_ACCEPTABLE"})
