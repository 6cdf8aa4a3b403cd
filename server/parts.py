"""What one process keeps open while it serves, made of settings, and what passes between those parts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import asdict
from functools import partial

from prometheus_client.registry import Collector
from starlette.applications import Starlette

from schema.context import Context, PromptContext
from server.access.audience import Audience
from server.access.clients import Caller as KnownCaller
from server.access.counts import MemoryCounts, SharedCounts
from server.access.documents.known import KnownDocuments
from server.access.documents.registered import RegisteredTexts
from server.access.documents.serving import DocumentFinder
from server.access.rates import Rates
from server.access.receipts.account import account_of
from server.access.receipts.keeping import Receipts
from server.access.registry import Registry
from server.access.rows import CHANNEL as ACCESS
from server.content.libraries import Libraries
from server.content.library import Library
from server.content.touching import index_tag, told_tags
from server.content.turns import turn_days
from server.db import gathering
from server.db.connections import PROMPT
from server.db.engine import Engine
from server.db.gathering import GatheringReads
from server.db.listen import Listener
from server.db.readiness import is_ready
from server.db.reads import NO_SCANS, Reads
from server.db.tracing import TracedReads
from server.events.hearing import Hearing
from server.events.news import News, Told
from server.events.outbox import CHANNEL as OUTBOX
from server.events.stream import Wakes
from server.execution.callers import Caller, Rights
from server.execution.operation import Request as GraphQLRequest
from server.execution.overtaking import Overtaking
from server.execution.receipts import Entity, Receipt
from server.execution.responses import Responses
from server.execution.serving import Serving
from server.execution.texts import DocumentText
from server.execution.watching import watch_serving
from server.outside import Outside
from server.search.searching import CONNECTIONS as SEARCHING
from server.search.searching import NEAR_CONNECTIONS as NEAR
from server.search.searching import Meaning, Searching
from server.search.semantic.folder import open_model
from server.settings import Settings
from server.telemetry.metrics import Metrics
from server.telemetry.spans import UNTRACED, Tracer
from server.web.health import Readiness
from server.web.peers import Peers, Worker
from server.web.repeats import REPEATS, Repeats
from server.web.serving import CLOSING
from server.web.witness import METRICS

READING, GATHERED, WRITING = 8, gathering.UNDER_WAY, 5
CONNECTIONS = READING + GATHERED + WRITING + SEARCHING + 3
"""The most that one process opens to the database: to read, to write, to index, to listen, to look, for `/readyz`."""


def connections(settings: Settings) -> int:
    """The same with those that settings add."""
    return CONNECTIONS + (NEAR if settings.semantic_model else 0)


class Parts:
    """What one process keeps open: its connections to the database, and who is woken by what they hear."""

    def __init__(self, settings: Settings, *, url: str, tracer: Tracer, worker: Worker | None = None) -> None:
        self._settings = settings
        self.closing = asyncio.Event()
        self.metrics = Metrics()
        self.tracer = tracer
        self._url = url
        # on a connection of its own: where all others are busy the news must not be late
        self._look = Reads(url, size=1)
        self.news = News(self._look)
        away = self.news.seems_away
        reads = Reads if tracer is UNTRACED else partial(TracedReads, tracer=tracer)
        self._reads = reads(url, size=READING, is_away=away, session=NO_SCANS)
        gathered = reads(url, size=GATHERED, is_away=away, session=gathering.SESSION)
        self._gathering = GatheringReads(self._reads, gathered, shares=tracer is UNTRACED)
        self._libraries = Libraries(self._gathering, self.news, most_bytes=settings.objects_mb * 1_000_000)
        self.overtaking = self._overtaking()
        self.serving = self._serving()
        self.news.tell(self._hear)
        self._engine = Engine(url, size=WRITING, within=PROMPT)
        self._wakes = Wakes()
        self.outside = Outside(settings, engine=self._engine, reads=self._reads)
        self._hearing = Hearing(self._reads, self._wakes)
        doubt, limit = self.news.is_in_doubt, settings.stale_limit
        self.registry = Registry(self._reads, anonymous=_anonymous(settings), is_in_doubt=doubt, stale_limit=limit)
        self._counts = SharedCounts(settings.redis_url) if settings.redis_url else MemoryCounts()
        self.rates = Rates(self._counts, defaults=settings.clients)
        self._known = KnownDocuments(self._reads, hears=lambda: self._listener.is_sure, bears_age=self._bears_age)
        self._documents = DocumentFinder(self._known, RegisteredTexts())
        self._receipts = Receipts(self._engine, days=settings.receipt_days)
        self.repeats: Repeats | None = None
        """What answers requests before they come to the application, if anything does."""
        told = {OUTBOX: self._note_entry, ACCESS: lambda _: self._forget_clients()}
        self._listener = Listener(url, told, on_connect=self._note_connected, on_lost=self._hearing.note_lost)
        self._searching = self._searched(url)
        checks = {"database": self._has_database, "migrations": self._is_migrated, "listen": self._is_listening}
        self.readiness = Readiness(checks)
        self._peers = Peers(worker, self.metrics.registry, refresh=self._refresh_metrics) if worker else None
        self._watch()

    def new_context(self, caller: Caller) -> Context:
        """What one request reads through, as its caller may see it; raises TypeError for a caller of no audience."""
        if not isinstance(caller.audience, Audience):
            raise TypeError(type(caller.audience))
        library = self.library(caller.audience)
        client = caller.client if isinstance(caller, KnownCaller) else None
        return Context(
            library=library,
            search=partial(self._searching.search, library=library),
            suggest=partial(self._searching.suggest, library=library),
            wakes=self._wakes,
            account=account_of(client, self._settings, reads=self._reads),
        )

    def new_prompt_context(self, caller: Caller) -> PromptContext:
        """What a request reads through that is no task; raises TypeError for a caller of no audience."""
        if not isinstance(caller.audience, Audience):
            raise TypeError(type(caller.audience))
        return PromptContext(library=self._libraries.prompt(caller.audience), wakes=self._wakes)

    def library(self, audience: Audience) -> Library:
        """All reads, as an audience is served them."""
        return self._libraries.of(audience)

    def served(self, context: object) -> tuple[Entity, ...]:
        """The answers that were served from a context; raises TypeError for one of another's making."""
        return own_context(context).served

    def _searched(self, url: str) -> Searching:
        """Search, by meaning too where there is a model."""
        folder = self._settings.semantic_model
        meaning = Meaning(open_model(folder), url, engine=self._engine) if folder else None
        data_dir = self._settings.data_dir
        return Searching(url, wakes=self._wakes, data_dir=data_dir, meaning=meaning, on_renewed=self._drop_found)

    def _drop_found(self, bounds: str) -> None:
        """Keeps nothing of what was found within bounds before, for it may be found otherwise now."""
        if self.serving is not None:
            self.serving.responses.drop(frozenset([index_tag(bounds)]))

    def _serving(self) -> Serving | None:
        """What keeps responses until the news is of them; None where nothing is to be kept."""
        settings = self._settings
        if not settings.cache_megabytes:
            return None
        responses = Responses(most_bytes=settings.cache_megabytes * 2**20)
        return Serving(responses, self.news, stale_limit=settings.stale_limit)

    def _overtaking(self) -> Overtaking:
        """What looks whether news has overtaken a run that lasted."""
        seconds, stale_limit = self._settings.limits.max_seconds, self._settings.stale_limit
        return Overtaking(self.news, lambda of: own_context(of).met, seconds=seconds, stale_limit=stale_limit)

    def _hear(self, told: Told) -> None:
        """Tells the news to whoever must not serve what is from before."""
        tags = None if told.is_everything else told_tags(told)
        self.overtaking.hear(tags)
        if self.serving is not None:
            self.serving.responses.drop(tags)

    def _bears_age(self) -> bool:
        """Whether nobody can tell what is current, and could so lately that what was read then may be served."""
        return self.news.is_in_doubt() and self.news.age <= self._settings.stale_limit

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

    def find_trusted(self, caller: Caller, document_id: str) -> str | None:
        """The text of a caller's trusted document, where it is known without asking that it is served."""
        return self._documents.find_known(caller, document_id) if isinstance(caller, KnownCaller) else None

    @asynccontextmanager
    async def lifespan(self, _app: Starlette) -> AsyncIterator[dict[str, object]]:
        """Opens everything, and closes it."""
        try:
            telling = self._peers.answering() if self._peers else nullcontext()
            async with (
                self._reads,
                self._gathering,
                self._look,
                self.news,
                self.registry,
                self._listener,
                self._receipts,
                self._searching,
                self.outside,
                telling,
            ):
                await self._hearing.open()
                turning = asyncio.create_task(turn_days(self._engine), name="turn of the day")
                try:
                    yield {CLOSING: self.closing, METRICS: self.metrics, REPEATS: self.repeats}
                finally:
                    turning.cancel()
                    await asyncio.wait([turning], timeout=1)  # a standing Postgres may hold its statement up
        finally:
            await self._engine.close()
            if isinstance(self._counts, SharedCounts):
                await self._counts.close()
            await asyncio.to_thread(self.tracer.close)

    async def collect_metrics(self) -> Collector:
        """What this process counts, and those that serve with it."""
        await self._refresh_metrics()
        return await self._peers.collect() if self._peers else self.metrics.registry

    async def _refresh_metrics(self) -> None:
        """Asks for what the metrics say of the database."""
        found, lag = await asyncio.gather(self.readiness.find(), self._hearing.lag())
        self.metrics.note_health(is_ready=all(found.values()), outbox_lag=lag)

    def _note_entry(self, payload: str) -> None:
        """The outbox has an entry of that number."""
        self.news.note()
        self._hearing.note(payload)
        self.outside.wake()

    def _note_connected(self) -> None:
        """What was told before is looked up."""
        self.news.note_connected()
        self._hearing.note_connected()
        self._forget_clients()

    def _forget_clients(self) -> None:
        """What was read of them and of their documents is read anew, and what their requests name may be another."""
        self.registry.forget()
        self._known.forget()
        if self.repeats is not None:
            self.repeats.forget()
        self.outside.wake()

    def _watch(self) -> None:
        watch = self.metrics.watch
        reads = (self._reads, self._gathering.gathered)
        watch("caveat_database_connections", lambda: sum(each.idle for each in reads), state="idle")
        watch("caveat_database_connections", lambda: sum(each.busy for each in reads), state="busy")
        watch("caveat_database_statements", lambda: sum(each.statements for each in reads))
        for name, count in self._libraries.counts.items():
            watch(f"caveat_objects_{name}", count)
        watch("caveat_listen_connected", lambda: self._listener.is_connected)
        self.outside.watch(self.metrics)
        if self.serving is not None:
            watch_serving(self.metrics, self.serving)
        watch("caveat_receipts_waiting", lambda: self._receipts.waiting)
        watch("caveat_receipts_dropped", lambda: self._receipts.dropped)
        watch("caveat_rates_shared", lambda: isinstance(self._counts, SharedCounts) and self._counts.is_shared)

    async def _has_database(self) -> bool:
        """Whether the database answers."""
        return await self._reads.fetch_value("select true") is True

    async def _is_migrated(self) -> bool:
        """Whether the database is as this code wants it."""
        return await is_ready(self._url)

    async def _is_listening(self) -> bool:
        """Whether every change is heard of."""
        return self._listener.is_connected


def own_context(context: object) -> Context:
    """A context of ours; raises TypeError for one of another's making."""
    if not isinstance(context, Context):
        raise TypeError(type(context))
    return context


def _anonymous(settings: Settings) -> Rights | None:
    return None if settings.anonymous is None else Rights(**asdict(settings.anonymous))
