"""Who guesses is slowed down, address by address."""

import math
import time
from collections import OrderedDict

from server.errors.limits import RateLimitedError

MOST = 20
"""Wrong guesses in one minute from one address; after that none of that address is looked at."""
SECONDS = 60.0
MOST_ADDRESSES = 10_000
"""How many addresses are remembered: the one that guessed longest ago is forgotten first."""


class Guesses:
    """The wrong guesses at one kind of secret, counted by address."""

    def __init__(
        self, *, most: int = MOST, complaint: str = "Too many keys that are none came from this address."
    ) -> None:
        self._most = most
        self._complaint = complaint
        self._counts: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def check(self, address: str) -> None:
        """Raises RateLimitedError while the address has guessed too often."""
        since, count = self._counts.get(address, (0.0, 0))
        left = since + SECONDS - time.monotonic()
        if count >= self._most and left > 0:
            raise RateLimitedError(self._complaint, retry_after=math.ceil(left))

    def note(self, address: str) -> None:
        """Counts a wrong guess."""
        now = time.monotonic()
        since, count = self._counts.pop(address, (now, 0))
        self._counts[address] = (now, 1) if now - since >= SECONDS else (since, count + 1)
        if len(self._counts) > MOST_ADDRESSES:
            self._counts.popitem(last=False)
