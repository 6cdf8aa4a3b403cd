"""An Infobutton's requests to a server of the real application, and what it answers."""

from contextlib import asynccontextmanager

from server.content.publishing import publish
from tests.access.registering import bearer
from tests.schema.drafts import CANCER, answer
from tests.web.registered import serving

V = "mainSearchCriteria.v"
CODE = {f"{V}.c": "C0023418", f"{V}.cs": "2.16.840.1.113883.6.86"}
JSON = {"knowledgeResponseType": "application/json"}


@asynccontextmanager
async def shelf(database_url, engine):
    """A server with an answer on leukemia and one on cancer."""
    await publish(engine, [answer("on-leukemia", title="Leukemia & you"), answer("on-cancer", topics=(CANCER,))])
    async with serving(database_url, answer_url="https://example.org/{slug}") as server:
        yield server


async def ask(server, params=CODE, *, method="GET", key=None, **headers):
    """The response to a request."""
    url, bearing = server.url.replace("graphql", "infobutton"), bearer(key) if key else {}
    return await server.send(method, url=url, params=params, headers={**bearing, **headers})


def refusal(response):
    """Status, code and message."""
    (error,) = response.json()["errors"]
    return response.status_code, error["extensions"]["code"], error["message"]
