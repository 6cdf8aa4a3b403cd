"""Waiting for what another process does, up to a generous bound."""

import asyncio
from collections.abc import Awaitable, Callable

PATIENCE = 20
START = 60
"""Seconds that a server may take to start on a machine that is busy with other tests."""


async def until(claim: Callable[[], Awaitable[bool]], *, seconds: float = PATIENCE) -> None:
    """Returns as soon as the claim is true; raises TimeoutError when it does not come true."""
    async with asyncio.timeout(seconds):
        while not await claim():  # noqa: ASYNC110 - what it waits for happens in another process
            await asyncio.sleep(0.02)
