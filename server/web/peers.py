"""The metrics of the other processes that serve the same socket: whoever is asked asks them, too.

Each answers on a Unix socket of its own, in a folder that only their user can enter.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

LABEL = "worker"
PEER_SECONDS = 2.0
"""How long a process waits for what another one counts; one that does not answer is left out."""


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the metrics."""

    name: str
    labels: dict[str, str]
    value: float


class Family(msgspec.Struct, frozen=True, kw_only=True):
    """A metric with all its lines."""

    name: str
    help: str
    type: str
    series: list[Series]


_reader = msgspec.msgpack.Decoder(list[Family])
_written = msgspec.msgpack.encode


@dataclass(frozen=True, kw_only=True, slots=True)
class Worker:
    """One of several processes."""

    number: int
    count: int
    folder: Path
    """Where their sockets are."""

    @property
    def others(self) -> list[int]:
        """The numbers of all but this one."""
        return [number for number in range(self.count) if number != self.number]

    def socket(self, number: int) -> Path:
        """Where a worker answers."""
        return self.folder / str(number)


class Peers:
    """The processes that serve together, as one of them sees them."""

    def __init__(self, worker: Worker, own: Collector, *, refresh: Callable[[], Awaitable[None]]) -> None:
        self._worker = worker
        self._own = own
        self._refresh = refresh

    @asynccontextmanager
    async def answering(self) -> AsyncIterator[None]:
        """Tells the others what this process counts, as long as the block runs."""
        path = self._worker.socket(self._worker.number)
        path.unlink(missing_ok=True)  # of one that had the number before
        async with await asyncio.start_unix_server(self._answer, path):
            yield

    async def collect(self) -> Collector:
        """What all count, each line with the number of its worker."""
        others = self._worker.others
        found = await asyncio.gather(*[self._ask(number) for number in others])
        return _All({self._worker.number: _families(self._own), **dict(zip(others, found, strict=True))})

    async def _answer(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            await self._refresh()
            writer.write(_written(_families(self._own)))
            await writer.drain()
        writer.close()

    async def _ask(self, number: int) -> list[Family]:
        try:
            async with asyncio.timeout(PEER_SECONDS):
                reader, writer = await asyncio.open_unix_connection(self._worker.socket(number))
                with contextlib.closing(writer):
                    return _reader.decode(await reader.read())
        except (OSError, TimeoutError, msgspec.DecodeError):
            return []


class _All(Collector):
    """The families of several processes under one name each."""

    def __init__(self, families: dict[int, list[Family]]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        found: dict[str, Metric] = {}
        for number, families in sorted(self._families.items()):
            for family in families:
                metric = found.setdefault(family.name, Metric(family.name, family.help, family.type))
                for series in family.series:
                    metric.add_sample(series.name, {**series.labels, LABEL: str(number)}, series.value)
        return found.values()


def _families(collector: Collector) -> list[Family]:
    return [
        Family(
            name=metric.name,
            help=metric.documentation,
            type=metric.type,
            series=[Series(name=each.name, labels=each.labels, value=float(each.value)) for each in metric.samples],
        )
        for metric in collector.collect()
    ]
