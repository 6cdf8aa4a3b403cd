"""What a request leaves behind: nothing that the garbage collector would have to find."""

import gc
from collections import Counter

import pytest

from server.app import create_app
from server.content.draft import Topic
from server.content.publishing import publish
from server.settings import Environment, Settings
from tests.schema.drafts import answer
from tests.web.running import running

HEART = Topic(name="Heart", slug="heart")
PAGE = '{ answer(slug: "a0") { disclaimers { text } sections { body { text } } sources { title } topics { name } } }'
LIST = """{ answers(first: 2) { nodes {
    title disclaimers { text }
    relatedAnswers(first: 2) { title disclaimers { text } }
    topics { name children { name } answers(first: 2) { nodes { title } } }
    sources { title }
} } }"""


@pytest.fixture(params=[64, 0], ids=["objects kept", "nothing kept"])
async def server(request, database_url, engine, data_dir):
    await publish(engine, [answer(f"a{number}", topics=(HEART,)) for number in range(3)])
    kept = {"cache_megabytes": 0, "objects_mb": request.param}
    settings = Settings(data_dir=data_dir, environment=Environment.PRODUCTION, **kept)
    async with running(create_app(settings, url=database_url)) as opened:
        yield opened


@pytest.fixture
def garbage():
    """All that the collector finds is noted in place of being freed, once it is asked; until then it does not look."""
    gc.collect()
    gc.disable()
    yield gc.garbage
    gc.set_debug(0)
    gc.garbage.clear()
    gc.enable()


@pytest.mark.parametrize("query", [PAGE, LIST], ids=["page", "list"])
async def test_a_request_leaves_no_garbage(server, query, garbage):
    for _ in range(3):  # until its form is compiled
        response = await server.post(query)
        assert (response.status_code, "errors" in response.json()) == (200, False)
    left = []
    for _ in range(5):  # what the server does beside it may leave something, once
        gc.collect()
        gc.set_debug(gc.DEBUG_SAVEALL)
        assert (await server.post(query)).status_code == 200
        gc.collect()
        ours = [type(each) for each in garbage if type(each).__module__.startswith(("server.", "schema."))]
        left.append(Counter(ours))
        gc.set_debug(0)
        garbage.clear()

    assert Counter() in left
