"""The composition root: a Starlette application made of settings; its lifespan opens and closes everything."""

from functools import partial

from graphql import specified_rules
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Route, WebSocketRoute

from schema.build import build_schema
from schema.rules.requires_disclaimer import RequiresDisclaimerRule
from server.content.infobutton.finding import read_question
from server.execution.repeating import Repeater
from server.execution.watching import WatchedPipeline
from server.parts import Parts, own_context
from server.settings import Environment, Settings
from server.telemetry.spans import UNTRACED, Tracer
from server.web.addresses import Addresses
from server.web.callers import Callers
from server.web.delivery import Delivery
from server.web.door import Door, Places
from server.web.graphiql import graphiql
from server.web.graphql import GraphQLEndpoint
from server.web.health import healthz
from server.web.infobutton import Infobutton
from server.web.metrics import MetricsPage
from server.web.origins import Origins, named_origins
from server.web.peers import Worker
from server.web.repeats import Repeats
from server.web.routing import refuse_method, refuse_path
from server.web.sockets import Sockets
from server.web.streams import EventStreams
from server.web.witness import Witness

LEAST_MEGABYTES = 128
"""Requests are remembered as if so much were kept, where less is."""


def create_app(settings: Settings, *, url: str, tracer: Tracer = UNTRACED, worker: Worker | None = None) -> Starlette:
    """The application on the database at a URL, which is migrated already; nothing is opened before its lifespan.

    A worker is told which of several processes it is.
    """
    parts = Parts(settings, url=url, tracer=tracer, worker=worker)
    origins = named_origins(settings, parts.registry.names_origin)
    addresses = Addresses(settings.trusted_proxies)
    graphql = _graphql_routes(settings, parts, origins=origins, addresses=addresses)
    app = Starlette(
        routes=[*graphql, *_health_routes(settings, parts)],
        middleware=[
            Middleware(Witness, metrics=parts.metrics, tracer=tracer),
            Middleware(Door, origins=origins, limits=settings.limits, addresses=addresses),
        ],
        exception_handlers={405: refuse_method},
        lifespan=parts.lifespan,
    )
    app.router.redirect_slashes = False
    app.router.default = refuse_path
    return app


def _pipeline(settings: Settings, parts: Parts) -> WatchedPipeline:
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
    pipeline.settle, pipeline.find_tags = parts.overtaking.settle, lambda of: own_context(of).touched
    pipeline.serving, pipeline.new_prompt_context = parts.serving, parts.new_prompt_context
    pipeline.subscribers.most = settings.clients.max_subscriptions
    return pipeline


def _graphql_routes(settings: Settings, parts: Parts, *, origins: Origins, addresses: Addresses) -> list[BaseRoute]:
    limits, pipeline, callers = settings.limits, _pipeline(settings, parts), Callers(parts.registry, origins)
    places = Places(limits.max_streams_per_address)
    streams = EventStreams(pipeline, callers=callers, limits=limits, places=places, closing=parts.closing)
    sockets = Sockets(pipeline, callers=callers, limits=limits, places=places)
    parts.metrics.watch("caveat_streams_open", lambda: streams.open)
    parts.metrics.watch("caveat_sockets_open", lambda: sockets.open)
    is_development = settings.environment is Environment.DEVELOPMENT
    page = graphiql() if is_development else None
    read = partial(read_question, library_of=parts.library, page=settings.answer_url)
    infobutton = Infobutton(read, callers=callers, meter=parts.rates, note=parts.note, limits=limits)
    endpoint = GraphQLEndpoint(pipeline, callers=callers, streams=streams, limits=limits, page=page)
    endpoint.delivery = Delivery(parts.outside.caching)
    _remember_requests(settings, parts, endpoint=endpoint, pipeline=pipeline, callers=callers)
    if parts.repeats is not None:
        parts.repeats.addresses = addresses
    routes: list[BaseRoute] = [
        Route("/graphql", endpoint),
        WebSocketRoute("/graphql", sockets),
        Route("/infobutton", infobutton),
        Route("/infobutton/", infobutton),  # as some portals have it
    ]
    if is_development:
        routes.append(Route("/", lambda _: RedirectResponse("/graphql"), methods=["GET"]))
    return routes


def _remember_requests(
    settings: Settings, parts: Parts, *, endpoint: GraphQLEndpoint, pipeline: WatchedPipeline, callers: Callers
) -> None:
    """Lets the server answer again what it can without waiting.

    It can't where all is run for the spans that are exported, and where others count what is asked.
    """
    if parts.tracer is not UNTRACED or settings.redis_url:
        return
    megabytes = settings.cache_megabytes or max(settings.objects_mb, LEAST_MEGABYTES)
    repeater = Repeater(pipeline, purse=parts.rates, find_trusted=parts.find_trusted)
    repeats = Repeats(repeater, pipeline, callers=callers, metrics=parts.metrics, most_bytes=megabytes * 2**20 // 4)
    repeats.places = endpoint.places
    repeats.max_header_bytes = settings.limits.max_header_bytes
    endpoint.repeats = parts.repeats = repeats


def _health_routes(settings: Settings, parts: Parts) -> list[BaseRoute]:
    """The metrics are for those who bear the token; without one they are there in development alone."""
    routes: list[BaseRoute] = [
        Route("/healthz", healthz, methods=["GET"]),
        Route("/readyz", parts.readiness.__call__, methods=["GET"]),
    ]
    if settings.metrics_token or settings.environment is Environment.DEVELOPMENT:
        page = MetricsPage(parts.collect_metrics, token=settings.metrics_token)
        routes.append(Route("/metrics", page.__call__, methods=["GET"]))
    return routes
