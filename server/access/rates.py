"""How much each caller may ask in a minute, and what it has asked.

Minutes begin at another second for each account, so that those who wait do not all come at once. A minute's count is
one number at a key of its own, so that processes that share it need agree on the time of day only.
"""

import functools
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
            key, most = _key(policy, account, minute=minute), self._most(caller, policy)
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
        requests, costs = _keys(caller.account, minute)
        most, most_cost = self._mosts(caller)
        return counts.count(requests) < most and counts.count(costs) + cost <= most_cost

    def take_now(self, caller: Caller, cost: int) -> Sequence[Quota] | None:
        """Takes one request and what it costs, both or nothing; None where one is not left, or others have to count."""
        counts, account = self._counts, caller.account
        if not isinstance(counts, MemoryCounts):
            return None
        minute, seconds = _minute(account, time.time())
        requests, costs = _keys(account, minute)
        most, most_cost = self._mosts(caller)
        if counts.count(requests) >= most or counts.count(costs) + cost > most_cost:
            return None
        left = most - counts.add(requests, KEPT_SECONDS, amount=1)
        left_cost = most_cost - counts.add(costs, KEPT_SECONDS, amount=cost)
        return (
            Quota(Policy.REQUESTS, most=most, left=left, seconds=seconds),
            Quota(Policy.COST, most=most_cost, left=left_cost, seconds=seconds),
        )

    def _mosts(self, caller: Caller) -> tuple[int, int]:
        """How many requests a caller may make in a minute, and what they may cost together."""
        return self._most(caller, Policy.REQUESTS), self._most(caller, Policy.COST)

    def _most(self, caller: Caller, policy: Policy) -> int:
        own, of_all = caller.rights, self._defaults
        if policy is Policy.REQUESTS:
            return of_all.requests_per_minute if own.requests_per_minute is None else own.requests_per_minute
        return of_all.cost_per_minute if own.cost_per_minute is None else own.cost_per_minute


def _minute(account: str, now: float) -> tuple[int, int]:
    """The number of an account's minute, and the seconds that are left of it, rounded up."""
    number, passed = divmod(now + _beginning(account), SECONDS)
    return int(number), math.ceil(SECONDS - passed)


@functools.lru_cache(maxsize=4096)
def _beginning(account: str) -> int:
    """The second of the clock's minute that an account's begins at, counted backwards."""
    return zlib.crc32(account.encode()) % SECONDS


@functools.lru_cache(maxsize=4096)
def _keys(account: str, minute: int) -> tuple[str, str]:
    """Where the requests and the cost of an account's minute are counted."""
    return _key(Policy.REQUESTS, account, minute=minute), _key(Policy.COST, account, minute=minute)


def _key(policy: Policy, account: str, *, minute: int) -> str:
    return f"{policy}/{account}/{minute}"
