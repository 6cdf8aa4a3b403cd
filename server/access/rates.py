"""How much each caller may ask in a minute, and what it has asked.

Minutes begin at another second for each account, so that those who wait do not all come at once. A minute's count is
one number at a key of its own, so that processes that share it need agree on the time of day only.
"""

import functools
import math
import time
import zlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from server.access.counts import Counts, MemoryCounts
from server.execution.callers import Caller
from server.execution.charges import Left, Policy, Quota
from server.limits import ClientLimits

SECONDS = 60
KEPT_SECONDS = SECONDS + 5
"""How long a count is kept: its minute, and what the clocks of two processes may differ by."""

MOST_TABS = 4096
"""Of how many accounts it is remembered where this minute is counted."""


class Rates:
    """The meter of one process."""

    def __init__(self, counts: Counts, *, defaults: ClientLimits) -> None:
        self._counts = counts
        self._defaults = defaults
        """What a client has for whom nothing else was said."""
        self._tabs: dict[str, _Tab] = {}

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
        tab = self._tab(caller.account, time.time())
        most, most_cost = self._mosts(caller)
        return counts.count(tab.requests) < most and counts.count(tab.cost) + cost <= most_cost

    def take_now(self, caller: Caller, cost: int) -> Left | None:
        """Takes one request and what it costs, both or nothing; None where one is not left, or others have to count."""
        counts, now = self._counts, time.time()
        if not isinstance(counts, MemoryCounts):
            return None
        tab = self._tab(caller.account, now)
        most, most_cost = self._mosts(caller)
        if counts.count(tab.requests) >= most or counts.count(tab.cost) + cost > most_cost:
            return None
        left = most - counts.add(tab.requests, KEPT_SECONDS, amount=1)
        left_cost = most_cost - counts.add(tab.cost, KEPT_SECONDS, amount=cost)
        return Left(most, left, most_cost, left_cost, math.ceil(tab.ends - now))

    def _tab(self, account: str, now: float) -> "_Tab":
        """Where the requests and the cost of an account are counted at a moment."""
        tab = self._tabs.get(account)
        if tab is None or not tab.ends - SECONDS <= now < tab.ends:
            if len(self._tabs) >= MOST_TABS:
                self._tabs.clear()
            minute, _ = _minute(account, now)
            keys = [_key(policy, account, minute=minute) for policy in (Policy.REQUESTS, Policy.COST)]
            tab = self._tabs[account] = _Tab((minute + 1) * SECONDS - _beginning(account), *keys)
        return tab

    def _mosts(self, caller: Caller) -> tuple[int, int]:
        """How many requests a caller may make in a minute, and what they may cost together."""
        own, of_all = caller.rights, self._defaults
        requests, cost = own.requests_per_minute, own.cost_per_minute
        return (
            of_all.requests_per_minute if requests is None else requests,
            of_all.cost_per_minute if cost is None else cost,
        )

    def _most(self, caller: Caller, policy: Policy) -> int:
        requests, cost = self._mosts(caller)
        return requests if policy is Policy.REQUESTS else cost


class _Tab(NamedTuple):
    """The minute of one account: when it ends, and where its requests and their cost are counted."""

    ends: float
    requests: str
    cost: str


def _minute(account: str, now: float) -> tuple[int, int]:
    """The number of an account's minute, and the seconds that are left of it, rounded up."""
    number, passed = divmod(now + _beginning(account), SECONDS)
    return int(number), math.ceil(SECONDS - passed)


@functools.lru_cache(maxsize=4096)
def _beginning(account: str) -> int:
    """The second of the clock's minute that an account's begins at, counted backwards."""
    return zlib.crc32(account.encode()) % SECONDS


def _key(policy: Policy, account: str, *, minute: int) -> str:
    return f"{policy}/{account}/{minute}"
