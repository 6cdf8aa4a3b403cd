"""`caveat serve` in processes of their own."""

import asyncio
import os
import socket
import sys
from contextlib import asynccontextmanager

from tests.waiting import START
from tests.web.running import Running


@asynccontextmanager
async def serving(*words, **environment):
    """Runs it in production; its log is what it writes to standard error."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server.cli", "serve", *words),
        env={**os.environ, "CAVEAT_ENV": "production", "CAVEAT_PORT": str(port), **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=2
        ** 30,  # bytes that are read ahead: a server waits for a reader of its log, and no test reads before its end
    )
    try:
        async with asyncio.timeout(START):
            while b"Ctrl-C" not in await process.stdout.readline():
                assert process.returncode is None
        yield Running(None, None, port), process
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
