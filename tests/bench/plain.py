"""A plain Strawberry server over the same objects: its own ASGI view, its caches of documents, our schema and library.

`python -m tests.bench.plain PORT URL`. It is a little quicker than others of its kind: fields that only read an
attribute are read so, not through Strawberry's resolver.
"""

import sys

from starlette.applications import Starlette
from starlette.routing import Route
from strawberry.asgi import GraphQL
from strawberry.extensions import ParserCache, ValidationCache

from schema import build
from server.access.clients import Caller
from server.execution.callers import Rights
from server.parts import Parts
from server.settings import read_settings
from server.telemetry.spans import UNTRACED
from tests.bench.bare import run

CACHED = 1_000


def _schema():
    declared = build._declared()
    declared.extensions = [lambda: ParserCache(maxsize=CACHED), lambda: ValidationCache(maxsize=CACHED)]
    declared._schema = build.build_schema()
    return declared


def create_app(url):
    """The application."""
    parts = Parts(read_settings(), url=url, tracer=UNTRACED)
    caller = Caller(address="127.0.0.1", rights=Rights())

    class View(GraphQL):
        async def get_context(self, *_, **__):
            return parts.new_context(caller)

    return Starlette(routes=[Route("/graphql", View(_schema()))], lifespan=parts.lifespan)


if __name__ == "__main__":
    run(create_app(sys.argv[2]), int(sys.argv[1]), lifespan="on")
