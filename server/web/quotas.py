"""What a response tells of what its caller has left.

https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ has the two fields. Its units are requests unless
`qu` says otherwise; that of cost is our own.
"""

from collections.abc import Iterable
from functools import lru_cache

from starlette.types import Scope

from server.access.rates import SECONDS
from server.execution.charges import Charges, Left, Policy, Quota

CHARGES = "charges"
"""The key in a request's scope of what it was charged."""

_UNITS = {Policy.REQUESTS: "", Policy.COST: ';qu="cost"'}


def quota_headers(scope: Scope) -> list[tuple[str, str]]:
    """The headers of the response to a request; none where nothing was charged."""
    charges: Charges | None = scope.get(CHARGES)
    if charges is None or not charges.quotas:
        return []
    quotas = charges.quotas.values()
    policies = _policies(tuple([(quota.policy, quota.most) for quota in quotas]))
    headers = [("ratelimit-policy", policies), ("ratelimit", _left(quotas))]
    if charges.retry_after is not None:
        headers.append(("retry-after", str(charges.retry_after)))
    return headers


def quota_lines(left: Left) -> bytes:
    """The same as lines of a response's head, where nothing was exceeded."""
    return _frame(left.requests, left.cost) % (left.requests_left, left.seconds, left.cost_left, left.seconds)


@lru_cache(maxsize=256)
def _frame(requests: int, cost: int) -> bytes:
    """The lines but for what is left, and for how many seconds."""
    policies = _policies(((Policy.REQUESTS, requests), (Policy.COST, cost)))
    left = ", ".join([f'"{policy}";r=%d;t=%d' for policy in (Policy.REQUESTS, Policy.COST)])
    return f"ratelimit-policy: {policies}\r\nratelimit: {left}\r\n".encode()


def _left(quotas: Iterable[Quota]) -> str:
    return ", ".join([f'"{quota.policy}";r={quota.left};t={quota.seconds}' for quota in quotas])


@lru_cache(maxsize=256)
def _policies(mosts: tuple[tuple[Policy, int], ...]) -> str:
    return ", ".join(f'"{policy}";q={most};w={SECONDS}{_UNITS[policy]}' for policy, most in mosts)
