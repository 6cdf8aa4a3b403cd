"""A way to a database on which everything that Postgres says comes late."""

import asyncio
import contextlib
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit


class Slowness:
    """The way, and how late what comes over it is, in seconds."""

    def __init__(self, url):
        self._there = urlsplit(url)
        self._working = set()
        self.url = url
        self.seconds = 0.0
        self.passed = 0
        """How often something came over it late."""

    @asynccontextmanager
    async def open(self):
        """Opens it at a URL of its own."""
        async with await asyncio.start_server(self._connect, "127.0.0.1", 0) as server:
            host, port = server.sockets[0].getsockname()
            account, _, _ = self._there.netloc.rpartition("@")
            self.url = urlunsplit(self._there._replace(netloc=f"{account}@{host}:{port}"))
            yield self
            for each in self._working:
                each.cancel()

    async def _connect(self, reader, writer):
        self._working.add(asyncio.current_task())
        to, on = await asyncio.open_connection(self._there.hostname, self._there.port)
        with contextlib.suppress(ConnectionError):
            await asyncio.gather(self._pass(reader, on), self._pass(to, writer, is_late=True))

    async def _pass(self, reader, writer, *, is_late=False):
        while data := await reader.read(65_536):
            if is_late and self.seconds:
                await asyncio.sleep(self.seconds)
                self.passed += 1
            writer.write(data)
        writer.close()
