"""Connections on which requests are written byte by byte."""

import asyncio
import json
from contextlib import asynccontextmanager

from tests.journeys.repeating import CONTENT
from tests.waiting import until
from tests.web.running import PATIENCE


class Connection:
    """One connection, on which requests follow one another."""

    def __init__(self, server, reader, writer):
        self.reader = reader
        self._server = server
        self._writer = writer

    async def send(self, first, *rest):
        """The head and the body that a request is answered with; each part is written once the one before has come."""
        async with asyncio.timeout(PATIENCE):
            self._writer.write(first)
            for part in rest:
                await until(self._is_in_one)
                self._writer.write(part)
        return await self.answer()

    async def _is_in_one(self):
        return any(not protocol.is_between for protocol in self._server.server.server_state.connections)

    def write(self, *requests):
        """Writes requests at once, without waiting for what they are answered."""
        self._writer.write(b"".join(requests))

    async def answer(self):
        """The head and the body of the next answer."""
        async with asyncio.timeout(PATIENCE):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
            lines = dict(line.split(": ", 1) for line in head.splitlines()[1:] if line)
            return lines, json.loads(await self.reader.readexactly(int(lines["content-length"])))

    def close(self):
        """Hangs up."""
        self._writer.close()


@asynccontextmanager
async def connected(server, *, source="127.0.0.1"):
    connection = Connection(
        server, *await asyncio.open_connection("127.0.0.1", server.port, local_addr=(source, 0) if source else None)
    )
    try:
        yield connection
    finally:
        connection.close()


def request(query=CONTENT, *, more=""):
    body = json.dumps({"query": query})
    head = f"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{more}"
    return f"{head}content-length: {len(body)}\r\n\r\n{body}".encode()


def left(lines):
    return int(lines["ratelimit"].split(";")[1].removeprefix("r="))
