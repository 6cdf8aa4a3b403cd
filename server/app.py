"""The composition root: a Starlette application made of settings; its lifespan opens and closes everything."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from functools import partial

from graphql import specified_rules
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import Receive, Scope, Send

from schema.build import build_schema
from schema.context import Context
from schema.rules.requires_disclaimer import RequiresDisclaimerRule
from server.access.audience import Audience
from server.access.clients import Caller as KnownCaller
from server.access.counts import MemoryCounts, SharedCounts
from server.access.documents.known import KnownDocuments
from server.access.documents.registered import RegisteredTexts
from server.access.documents.serving import DocumentFinder
from server.access.origins import check_origin
from server.access.rates import Rates
from server.access.receipts.account import Account, Bounds
from server.access.receipts.keeping import Receipts
from server.access.registration import CHANNEL as ACCESS
from server.access.registry import Registry
from server.content.library import Library
from server.content.turns import turn_days
from server.db import migrations
from server.db.engine import Engine
from server.db.listen import Listener
from server.db.reads import Reads
from server.db.tracing import TracedReads
from server.errors.content import RefusedError
from server.errors.machine import SetupError
from server.errors.requests import MethodNotAllowedError, RouteNotFoundError
from server.events.hearing import Hearing
from server.events.outbox import CHANNEL as OUTBOX
from server.events.stream import Wakes
from server.execution.callers import Caller, Rights
from server.execution.operation import Request as GraphQLRequest
from server.execution.receipts import Entity, Receipt
from server.execution.texts import DocumentText
from server.execution.watching import WatchedPipeline
from server.search.query import search
from server.settings import Environment, Settings
from server.telemetry.metrics import Metrics
from server.telemetry.spans import UNTRACED, Tracer
from server.web.addresses import Addresses
from server.web.callers import Callers
from server.web.door import Door, Places
from server.web.graphiql import graphiql
from server.web.graphql import GraphQLEndpoint
from server.web.health import Readiness, healthz
from server.web.metrics import MetricsPage
from server.web.origins import Origins
from server.web.serving import CLOSING
from server.web.sockets import Sockets
from server.web.streams import EventStreams
from server.web.witness import METRICS, Witness
from server.web.writing import refusal_response


class _Parts:
    """What one process keeps open: its connections to the database, and who is woken by what they hear."""

    def __init__(self, settings: Settings, *, url: str, tracer: Tracer) -> None:
        self._settings = settings
        self.closing = asyncio.Event()
        self.metrics = Metrics()
        self.tracer = tracer
        self._url = url
        self._reads = Reads(url) if tracer is UNTRACED else TracedReads(url, tracer=tracer)
        self._engine = Engine(url)
        self._wakes = Wakes()
        self._hearing = Hearing(self._reads, self._wakes)
        self.registry = Registry(self._reads, anonymous=_anonymous(settings))
        self._counts = SharedCounts(settings.redis_url) if settings.redis_url else MemoryCounts()
        self.rates = Rates(self._counts, defaults=settings.clients)
        self._known = KnownDocuments(self._reads, hears=lambda: self._listener.is_connected)
        self._documents = DocumentFinder(self._known, RegisteredTexts())
        self._receipts = Receipts(self._engine, days=settings.receipt_days)
        self._listener = Listener(
            url,
            {OUTBOX: self._hearing.note, ACCESS: lambda _: self._forget_clients()},
            on_connect=self._note_connected,
            on_lost=self._hearing.note_lost,
        )
        checks = {"database": self._has_database, "migrations": self._is_migrated, "listen": self._is_listening}
        self.readiness = Readiness(checks)
        self._watch()

    def new_context(self, caller: Caller) -> Context:
        """What one request reads through, as its caller may see it; raises TypeError for a caller of no audience."""
        if not isinstance(caller.audience, Audience):
            raise TypeError(type(caller.audience))
        library = Library(self._reads, audience=caller.audience)
        finding = partial(search, reads=self._reads, library=library)
        return Context(library=library, search=finding, wakes=self._wakes, account=self._account(caller))

    def _account(self, caller: Caller) -> Account | None:
        """What a caller can learn of itself; None for one without a registration."""
        client = caller.client if isinstance(caller, KnownCaller) else None
        if client is None:
            return None
        rights, settings = client.rights, self._settings
        bounds = Bounds(
            requests_per_minute=_first(rights.requests_per_minute, settings.clients.requests_per_minute),
            cost_per_minute=_first(rights.cost_per_minute, settings.clients.cost_per_minute),
            max_cost=min(_first(rights.max_cost, settings.limits.max_cost), settings.limits.max_cost),
            max_subscriptions=_first(rights.max_subscriptions, settings.clients.max_subscriptions),
        )
        return Account(client=client, bounds=bounds, reads=self._reads)

    def served(self, context: object) -> tuple[Entity, ...]:
        """The answers that were served from a context; raises TypeError for one of another's making."""
        if not isinstance(context, Context):
            raise TypeError(type(context))
        return context.served

    def note(self, caller: Caller, receipt: Receipt) -> None:
        """Counts what a caller was given; raises TypeError for a caller that access does not know."""
        if not isinstance(caller, KnownCaller):
            raise TypeError(type(caller))
        self._receipts.note(caller.client.id if caller.client else None, receipt)

    async def find_text(self, request: GraphQLRequest, caller: Caller) -> DocumentText:
        """The text of the document that a caller asks for; raises TypeError for a caller that access does not know."""
        if not isinstance(caller, KnownCaller):
            raise TypeError(type(caller))
        return await self._documents.find(request, caller)

    @asynccontextmanager
    async def lifespan(self, _app: Starlette) -> AsyncIterator[dict[str, object]]:
        """Opens everything, and closes it."""
        try:
            async with self._reads, self.registry, self._listener, self._receipts:
                await self._hearing.open()
                turning = asyncio.create_task(turn_days(self._engine), name="turn of the day")
                try:
                    yield {CLOSING: self.closing, METRICS: self.metrics}
                finally:
                    turning.cancel()
                    await asyncio.wait([turning], timeout=1)  # a standing Postgres may hold its statement up
        finally:
            await self._engine.close()
            if isinstance(self._counts, SharedCounts):
                await self._counts.close()
            await asyncio.to_thread(self.tracer.close)

    async def refresh_metrics(self) -> None:
        """Asks for what the metrics say of the database."""
        found, lag = await asyncio.gather(self.readiness.find(), self._hearing.lag())
        self.metrics.note_health(is_ready=all(found.values()), outbox_lag=lag)

    def _note_connected(self) -> None:
        """What was told before is looked up."""
        self._hearing.note_connected()
        self._forget_clients()

    def _forget_clients(self) -> None:
        """What was read of them and of their documents is read anew."""
        self.registry.forget()
        self._known.forget()

    def _watch(self) -> None:
        watch = self.metrics.watch
        watch("caveat_database_connections", lambda: self._reads.idle, state="idle")
        watch("caveat_database_connections", lambda: self._reads.busy, state="busy")
        watch("caveat_database_statements", lambda: self._reads.statements)
        watch("caveat_listen_connected", lambda: self._listener.is_connected)
        watch("caveat_receipts_waiting", lambda: self._receipts.waiting)
        watch("caveat_receipts_dropped", lambda: self._receipts.dropped)
        watch("caveat_rates_shared", lambda: isinstance(self._counts, SharedCounts) and self._counts.is_shared)

    async def _has_database(self) -> bool:
        """Whether the database answers."""
        return await self._reads.fetch_value("select true") is True

    async def _is_migrated(self) -> bool:
        """Whether the database is as this code wants it."""
        return await migrations.is_ready(self._url)

    async def _is_listening(self) -> bool:
        """Whether every change is heard of."""
        return self._listener.is_connected


def create_app(settings: Settings, *, url: str, tracer: Tracer = UNTRACED) -> Starlette:
    """The application on the database at a URL, which is migrated already; nothing is opened before its lifespan."""
    parts = _Parts(settings, url=url, tracer=tracer)
    origins = _origins(settings, parts)
    app = Starlette(
        routes=[*_graphql_routes(settings, parts, origins=origins), *_health_routes(settings, parts)],
        middleware=[
            Middleware(Witness, metrics=parts.metrics, tracer=tracer),
            Middleware(Door, origins=origins, limits=settings.limits, addresses=Addresses(settings.trusted_proxies)),
        ],
        exception_handlers={405: _refuse_method},
        lifespan=parts.lifespan,
    )
    app.router.redirect_slashes = False
    app.router.default = _refuse_path
    return app


def _first(own: int | None, default: int) -> int:
    return default if own is None else own


def _pipeline(settings: Settings, parts: _Parts) -> WatchedPipeline:
    pipeline = WatchedPipeline(
        build_schema(),
        metrics=parts.metrics,
        tracer=parts.tracer,
        rules=[*specified_rules, RequiresDisclaimerRule],
        new_context=parts.new_context,
        limits=settings.limits,
        conceals_schema=settings.environment is Environment.PRODUCTION,
    )
    pipeline.find_text, pipeline.meter, pipeline.receiver = parts.find_text, parts.rates, parts
    pipeline.subscribers.most = settings.clients.max_subscriptions
    return pipeline


def _anonymous(settings: Settings) -> Rights | None:
    return None if settings.anonymous is None else Rights(**asdict(settings.anonymous))


def _origins(settings: Settings, parts: _Parts) -> Origins:
    try:
        anonymous = [check_origin(pattern) for pattern in settings.origins]
    except RefusedError as error:
        raise SetupError(f"CAVEAT_ORIGINS: {error.message}") from None
    is_development = settings.environment is Environment.DEVELOPMENT
    return Origins(anonymous=anonymous, names=parts.registry.names_origin, is_development=is_development)


def _graphql_routes(settings: Settings, parts: _Parts, *, origins: Origins) -> list[BaseRoute]:
    limits, pipeline, callers = settings.limits, _pipeline(settings, parts), Callers(parts.registry, origins)
    places = Places(limits.max_streams_per_address)
    streams = EventStreams(pipeline, callers=callers, limits=limits, places=places, closing=parts.closing)
    sockets = Sockets(pipeline, callers=callers, limits=limits, places=places)
    parts.metrics.watch("caveat_streams_open", lambda: streams.open)
    parts.metrics.watch("caveat_sockets_open", lambda: sockets.open)
    is_development = settings.environment is Environment.DEVELOPMENT
    page = graphiql() if is_development else None
    routes: list[BaseRoute] = [
        Route("/graphql", GraphQLEndpoint(pipeline, callers=callers, streams=streams, limits=limits, page=page)),
        WebSocketRoute("/graphql", sockets),
    ]
    if is_development:
        routes.append(Route("/", lambda _: RedirectResponse("/graphql"), methods=["GET"]))
    return routes


def _health_routes(settings: Settings, parts: _Parts) -> list[BaseRoute]:
    """The metrics are for those who bear the token; without one they are there in development alone."""
    routes: list[BaseRoute] = [
        Route("/healthz", healthz, methods=["GET"]),
        Route("/readyz", parts.readiness.__call__, methods=["GET"]),
    ]
    if settings.metrics_token or settings.environment is Environment.DEVELOPMENT:
        page = MetricsPage(parts.metrics, refresh=parts.refresh_metrics, token=settings.metrics_token)
        routes.append(Route("/metrics", page.__call__, methods=["GET"]))
    return routes


async def _refuse_path(scope: Scope, receive: Receive, send: Send) -> None:
    """Refuses a request and a socket alike where nothing is served."""
    await refusal_response(RouteNotFoundError())(scope, receive, send)


async def _refuse_method(_request: Request, error: Exception) -> Response:
    """A refusal of the router's in the form of all others."""
    return refusal_response(MethodNotAllowedError(), headers=getattr(error, "headers", None))
