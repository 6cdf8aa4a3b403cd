"""What a request is charged, and what that leaves to its caller, whoever keeps the count."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Protocol

from server.errors.limits import OperationTooCostlyError, RateLimitedError
from server.execution.callers import Caller
from server.limits import Limits


class Policy(StrEnum):
    """What is counted of a caller, minute by minute."""

    REQUESTS = "requests"
    COST = "cost"


class Quota(NamedTuple):
    """What a caller may have of one thing, and what is left of it."""

    policy: Policy
    most: int
    """In a minute."""
    left: int
    seconds: int
    """Until there is all of it again, rounded up."""
    is_exceeded: bool = False
    """Whether more was asked than was left, and so nothing was taken."""


class Left(NamedTuple):
    """What a caller may have of requests and of cost in one minute, and what is left of them once both were taken."""

    requests: int
    requests_left: int
    cost: int
    cost_left: int
    seconds: int
    """Until there is all of it again, rounded up."""


class Meter(Protocol):
    """Takes from what a caller may have, and says what is left; nothing of what is not there."""

    async def __call__(self, caller: Caller, amounts: Mapping[Policy, int], /) -> Sequence[Quota]:
        """The quotas that were asked for, in that order."""


async def unmetered(_caller: Caller, _amounts: Mapping[Policy, int]) -> Sequence[Quota]:
    """The meter of those who count nothing."""
    return ()


@dataclass(kw_only=True, slots=True, eq=False)
class Charges:
    """What one request was charged so far: noted while it is decided on, told with its response."""

    quotas: dict[Policy, Quota] = field(default_factory=dict)

    def note(self, quotas: Iterable[Quota]) -> None:
        """Takes down what is left; raises RateLimitedError where that was not enough."""
        for quota in quotas:
            self.quotas[quota.policy] = quota
        for quota in self.quotas.values():
            if quota.is_exceeded:
                raise RateLimitedError(_complaint(quota), retry_after=quota.seconds)

    @property
    def cost_left(self) -> int | None:
        """What may be asked for yet in this minute; None where nobody counts."""
        quota = self.quotas.get(Policy.COST)
        return quota.left if quota else None

    @property
    def retry_after(self) -> int | None:
        """Seconds until it can be asked again; None where nothing was exceeded."""
        waits = [quota.seconds for quota in self.quotas.values() if quota.is_exceeded]
        return max(waits, default=None)


async def pay(cost: int, charges: Charges, *, caller: Caller, meter: Meter, limits: Limits) -> int:
    """Charges a caller what it is about to be given, and gives what that may cost at most.

    Raises OperationTooCostlyError, and RateLimitedError where too little is left.
    """
    most = _most_cost(charges, caller=caller, limits=limits)
    if cost > most:
        raise OperationTooCostlyError(
            f"The operation may give {cost} objects and has {most}: "
            "ask for shorter lists, fewer lists in lists, or each text once."
        )
    charges.note(await meter(caller, {Policy.COST: cost}))
    return most


async def pay_in_time(cost: int, *, caller: Caller, meter: Meter) -> Charges:
    """Charges a caller a cost as soon as that is left to it, which may be in the next minute."""
    charges = Charges()
    while True:
        try:
            charges.note(await meter(caller, {Policy.COST: cost}))
        except RateLimitedError as error:
            await asyncio.sleep(error.retry_after)
        else:
            return charges


def _most_cost(charges: Charges, *, caller: Caller, limits: Limits) -> int:
    """What one operation may cost: never more than all of a minute, for which it would wait in vain."""
    bounds = [limits.max_cost]
    if caller.rights.max_cost is not None:
        bounds.append(caller.rights.max_cost)
    if quota := charges.quotas.get(Policy.COST):
        bounds.append(quota.most)
    return min(bounds)


def _complaint(quota: Quota) -> str:
    if quota.policy is Policy.REQUESTS:
        return f"All {quota.most} requests of this minute are made: ask again in {quota.seconds} seconds."
    return (
        f"Of the cost of {quota.most} in a minute {quota.left} is left, which is not enough for this operation:"
        f" ask again in {quota.seconds} seconds, or for less."
    )
