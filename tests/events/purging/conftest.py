"""A cache outside that is a server of its own."""

import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from tests.web.running import running


class Recorder:
    """A cache that writes down what it is told."""

    def __init__(self):
        self.told, self.status, self.url = [], 200, ""

    async def hear(self, request):
        names = request.headers.get("surrogate-key", "").split()
        self.told.append(names or await request.json())
        self.last = request
        return Response(status_code=self.status)

    @property
    def names(self):
        return sorted({name for names in self.told for name in names})


@pytest.fixture
async def cache():
    recorder = Recorder()
    app = Starlette(routes=[Route("/graphql", recorder.hear, methods=["PURGE", "POST"])])
    async with running(app) as server:
        recorder.url = server.url
        yield recorder
