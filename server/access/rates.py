"""How much each caller may ask in a minute, and what it has asked.

Minutes begin at another second for each account, so that those who wait do not all come at once. A minute's count is
one number at a key of its own, so that processes that share it need agree on the time of day only.
"""

import math
import time
import zlib
from collections.abc import Mapping, Sequence

from server.access.counts import Counts, MemoryCounts
from server.execution.callers import Caller
from server.execution.charges import Policy, Quota
from server.limits import ClientLimits

SECONDS = 60
KEPT_SECONDS = SECONDS + 5
"""How long a count is kept: its minute, and what the clocks of two processes may differ by."""


_LIMITS = {Policy.REQUESTS: "requests_per_minute", Policy.COST: "cost_per_minute"}
"""What the limits of a policy are called, those of a caller and those of all."""


class Rates:
    """The meter of one process."""

    def __init__(self, counts: Counts, *, defaults: ClientLimits) -> None:
        self._counts = counts
        self._defaults = defaults
        """What a client has for whom nothing else was said."""

    async def __call__(self, caller: Caller, amounts: Mapping[Policy, int]) -> Sequence[Quota]:
        """Takes the amounts, each if there is as much left."""
        account, counts = caller.account, self._counts
        minute, seconds = _minute(account, time.time())
        quotas = []
        for policy, amount in amounts.items():
            key, most = f"{policy}/{account}/{minute}", self._most(caller, policy)
            if isinstance(counts, MemoryCounts):
                count = counts.add(key, KEPT_SECONDS, amount=amount)
            else:
                count = await counts.incr(key, KEPT_SECONDS, amount=amount)
            is_exceeded = amount > 0 and count > most
            if is_exceeded:
                count = await counts.incr(key, KEPT_SECONDS, amount=-amount)  # others may still afford what they ask
            left = max(most - count, 0)
            quotas.append(Quota(policy=policy, most=most, left=left, seconds=seconds, is_exceeded=is_exceeded))
        return quotas

    def affords(self, caller: Caller, cost: int) -> bool:
        """Whether `take_now` would take that."""
        counts = self._counts
        if not isinstance(counts, MemoryCounts):
            return False
        minute, _ = _minute(caller.account, time.time())
        return all(
            counts.count(key) + amount <= most for _, key, amount, most in self._wanted(caller, cost, minute=minute)
        )

    def take_now(self, caller: Caller, cost: int) -> Sequence[Quota] | None:
        """Takes one request and what it costs, both or nothing; None where one is not left, or others have to count."""
        counts = self._counts
        if not isinstance(counts, MemoryCounts):
            return None
        minute, seconds = _minute(caller.account, time.time())
        wanted = self._wanted(caller, cost, minute=minute)
        if any(counts.count(key) + amount > most for _, key, amount, most in wanted):
            return None
        return [
            Quota(policy=policy, most=most, left=most - counts.add(key, KEPT_SECONDS, amount=amount), seconds=seconds)
            for policy, key, amount, most in wanted
        ]

    def _wanted(self, caller: Caller, cost: int, *, minute: int) -> list[tuple[Policy, str, int, int]]:
        """What one request and its cost would take: of what, where that is counted, how much, and of how much."""
        return [
            (policy, f"{policy}/{caller.account}/{minute}", amount, self._most(caller, policy))
            for policy, amount in ((Policy.REQUESTS, 1), (Policy.COST, cost))
        ]

    def _most(self, caller: Caller, policy: Policy) -> int:
        name = _LIMITS[policy]
        own: int | None = getattr(caller.rights, name)
        default: int = getattr(self._defaults, name)
        return default if own is None else own


def _minute(account: str, now: float) -> tuple[int, int]:
    """The number of an account's minute, and the seconds that are left of it, rounded up."""
    number, passed = divmod(now + zlib.crc32(account.encode()) % SECONDS, SECONDS)
    return int(number), math.ceil(SECONDS - passed)
