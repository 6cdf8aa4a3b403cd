"""A Redis for a while, where Debian's redis-server is installed."""

import asyncio
import shutil
import socket
from contextlib import asynccontextmanager

import pytest

needs_redis = pytest.mark.skipif(shutil.which("redis-server") is None, reason="redis-server is not installed")


def free_port():
    """A port that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@asynccontextmanager
async def running_redis(port, *arguments):
    """A Redis on a port, which keeps nothing."""
    command = ("redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
    process = await asyncio.create_subprocess_exec(*command, *arguments, stdout=asyncio.subprocess.PIPE)
    try:
        async with asyncio.timeout(10):
            while b"Ready to accept connections" not in await process.stdout.readline():
                pass
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def speak(port, *words):
    """What Redis answers to a command, as it stands on the wire."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write((" ".join(words) + "\r\n").encode())
        return (await reader.read(65_536)).decode()
    finally:
        writer.close()
        await writer.wait_closed()
