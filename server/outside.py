"""The caches outside, for `app`: what they are told of responses, and how they hear what to forget."""

from collections.abc import Hashable, Mapping
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self, cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from server.access.standings import standings
from server.content.touching import ALL, ANY, Tag, name_of, told_names
from server.db.engine import Engine
from server.db.reads import Reads
from server.events.purging.following import Purger
from server.events.purging.queue import PurgeQueue
from server.events.stream import Wakes
from server.settings import PurgeForm, Settings
from server.telemetry.metrics import Metrics
from server.web.caching import Caching

_CLIENT = "CLIENT"

_HEADERS = {PurgeForm.FASTLY: "surrogate-control", PurgeForm.CLOUDFLARE: "cloudflare-cdn-cache-control"}
"""What caches of a form alone are told in, and hand on to nobody."""


class Outside:
    """What one process has to do with the caches outside; nothing to forget is lost while none works."""

    def __init__(self, settings: Settings, *, engine: Engine, reads: Reads) -> None:
        self.caching = Caching(
            stale_limit=settings.stale_limit,
            shared_seconds=settings.purging.seconds if settings.purging else 0,
            shared_header=_HEADERS.get(settings.purging.form) if settings.purging else None,
            name=_name,
            name_client=_name_client,
            whole=ALL,
            coarse=(name_of(ANY),),
        )
        self._wakes = Wakes()
        self._stack = AsyncExitStack()
        self._purger: Purger | None = None
        if settings.purging:
            queue = PurgeQueue(engine, reads, name=told_names, look=_client_digests)
            self._purger = Purger(queue, settings.purging, wakes=self._wakes)

    async def __aenter__(self) -> Self:
        if self._purger is not None:
            await self._stack.enter_async_context(self._purger)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    def wake(self) -> None:
        """Something changed, or may have."""
        self._wakes.wake()

    def watch(self, metrics: Metrics) -> None:
        """Tells how often caches were told to forget something."""
        purger = self._purger
        metrics.watch("caveat_purges", lambda: purger.purged if purger else 0, outcome="done")
        metrics.watch("caveat_purges", lambda: purger.failed if purger else 0, outcome="failed")


def _name(tag: Hashable) -> str:
    return name_of(cast("Tag", tag))  # every tag of a response is one of content's


def _name_client(client_id: UUID) -> str:
    return name_of((_CLIENT, client_id))


async def _client_digests(session: AsyncSession) -> Mapping[str, str]:
    return {_name_client(client_id): digest for client_id, digest in (await standings(session)).items()}
