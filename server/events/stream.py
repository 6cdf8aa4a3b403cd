"""Wakes those who follow the outbox when it may have moved; the outbox is the truth, a wake-up only a hint."""

import asyncio

SAFETY_SECONDS = 5.0
"""How long a follower waits at most before it looks for itself: a lost notification delays, it never loses."""


class Wakes:
    """One counter for the whole process, however many wait on it: wake-ups that nobody took fold into one.

    A follower notes `head`, reads the outbox, and waits with what it noted: what moved in between is not slept through.
    """

    def __init__(self, *, safety_seconds: float = SAFETY_SECONDS) -> None:
        self.head = 0
        self._safety_seconds = safety_seconds
        self._moved = asyncio.Event()

    def wake(self) -> None:
        """Everybody who waits goes on; the listener calls it for each notification and each new connection."""
        self.head += 1
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    async def wait(self, seen: int) -> None:
        """Returns once there was a wake-up after `seen`, and after the safety time in any case."""
        if self.head != seen:
            return
        try:
            async with asyncio.timeout(self._safety_seconds):
                await self._moved.wait()
        except TimeoutError:
            return
