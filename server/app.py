"""The composition root: a Starlette application made of settings; its lifespan opens and closes everything."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

from graphql import specified_rules
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from schema.build import build_schema
from schema.context import Context
from schema.rules.requires_disclaimer import RequiresDisclaimerRule
from server.content.library import Library
from server.content.turns import turn_days
from server.db import migrations
from server.db.engine import Engine
from server.db.listen import Listener
from server.db.reads import Reads
from server.errors import MethodNotAllowedError, RouteNotFoundError
from server.events.outbox import CHANNEL
from server.events.stream import Wakes
from server.execution.pipeline import Pipeline
from server.search.query import search
from server.settings import Environment, Settings
from server.web.door import Door, Places
from server.web.graphiql import graphiql
from server.web.graphql import GraphQLEndpoint
from server.web.health import Readiness, healthz
from server.web.serving import CLOSING
from server.web.sockets import Sockets
from server.web.streams import EventStreams
from server.web.writing import refusal_response


class _Parts:
    """What one process keeps open: its connections to the database, and who is woken by what they hear."""

    def __init__(self, url: str) -> None:
        self.closing = asyncio.Event()
        self._url = url
        self._reads = Reads(url)
        self._engine = Engine(url)
        self._wakes = Wakes()
        self._listener = Listener(url, CHANNEL, on_notify=lambda _: self._wakes.wake(), on_connect=self._wakes.wake)

    def new_context(self) -> Context:
        """What one request reads through."""
        library = Library(self._reads)
        return Context(library=library, search=partial(search, self._reads, library), wakes=self._wakes)

    @asynccontextmanager
    async def lifespan(self, _app: Starlette) -> AsyncIterator[dict[str, object]]:
        """Opens everything, and closes it."""
        async with self._reads, self._listener:
            turning = asyncio.create_task(turn_days(self._engine), name="turn of the day")
            try:
                yield {CLOSING: self.closing}
            finally:
                turning.cancel()
                await asyncio.gather(turning, return_exceptions=True)
                await self._engine.close()

    async def has_database(self) -> bool:
        """Whether the database answers."""
        return await self._reads.fetch_value("select true") is True

    async def is_migrated(self) -> bool:
        """Whether the database is as this code wants it."""
        return await migrations.is_ready(self._url)

    async def is_listening(self) -> bool:
        """Whether every change is heard of."""
        return self._listener.is_connected


def create_app(settings: Settings, *, url: str) -> Starlette:
    """The application on the database at a URL, which is migrated already; nothing is opened before its lifespan."""
    parts = _Parts(url)
    checks = {"database": parts.has_database, "migrations": parts.is_migrated, "listen": parts.is_listening}
    app = Starlette(
        routes=[
            *_graphql_routes(settings, pipeline=_pipeline(settings, parts.new_context), closing=parts.closing),
            Route("/healthz", healthz, methods=["GET"]),
            Route("/readyz", Readiness(checks).__call__, methods=["GET"]),
        ],
        middleware=[Middleware(Door, environment=settings.environment, limits=settings.limits)],
        exception_handlers={HTTPException: _refuse},
        lifespan=parts.lifespan,
    )
    app.router.redirect_slashes = False
    return app


def _pipeline(settings: Settings, new_context: Callable[[], Context]) -> Pipeline:
    return Pipeline(
        build_schema(),
        rules=[*specified_rules, RequiresDisclaimerRule],
        new_context=new_context,
        limits=settings.limits,
        conceals_schema=settings.environment is Environment.PRODUCTION,
    )


def _graphql_routes(settings: Settings, *, pipeline: Pipeline, closing: asyncio.Event) -> list[BaseRoute]:
    limits = settings.limits
    places = Places(limits.max_streams_per_address)
    is_development = settings.environment is Environment.DEVELOPMENT
    endpoint = GraphQLEndpoint(
        pipeline,
        streams=EventStreams(pipeline, limits=limits, places=places, closing=closing),
        limits=limits,
        page=graphiql() if is_development else None,
    )
    routes: list[BaseRoute] = [
        Route("/graphql", endpoint),
        WebSocketRoute("/graphql", Sockets(pipeline, limits=limits, places=places)),
    ]
    if is_development:
        routes.append(Route("/", lambda _: RedirectResponse("/graphql"), methods=["GET"]))
    return routes


async def _refuse(_request: Request, error: Exception) -> Response:
    """A refusal of the router's in the form of all others."""
    headers = dict(getattr(error, "headers", None) or {})
    is_method = getattr(error, "status_code", None) == 405
    return refusal_response(MethodNotAllowedError() if is_method else RouteNotFoundError(), headers=headers)
