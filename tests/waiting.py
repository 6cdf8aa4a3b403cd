"""Waiting for what another process does, up to a generous bound."""

import asyncio
from collections.abc import Awaitable, Callable

PATIENCE = 20


async def until(claim: Callable[[], Awaitable[bool]]) -> None:
    """Returns as soon as the claim is true; raises TimeoutError when it does not come true."""
    async with asyncio.timeout(PATIENCE):
        while not await claim():  # noqa: ASYNC110 - what it waits for happens in another process
            await asyncio.sleep(0.02)
