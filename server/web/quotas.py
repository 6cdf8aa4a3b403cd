"""What a response tells of what its caller has left.

https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ has the two fields. Its units are requests unless
`qu` says otherwise; that of cost is our own.
"""

from collections.abc import Iterator

from starlette.types import Scope

from server.access.rates import SECONDS
from server.execution.charges import Charges, Policy, Quota

CHARGES = "charges"
"""The key in a request's scope of what it was charged."""

_UNITS = {Policy.REQUESTS: "", Policy.COST: ';qu="cost"'}


def quota_headers(scope: Scope) -> Iterator[tuple[str, str]]:
    """The headers of the response to a request; none where nothing was charged."""
    charges: Charges | None = scope.get(CHARGES)
    if charges is None or not charges.quotas:
        return
    quotas = charges.quotas.values()
    yield "ratelimit-policy", ", ".join(map(_policy, quotas))
    yield "ratelimit", ", ".join(f'"{quota.policy}";r={quota.left};t={quota.seconds}' for quota in quotas)
    if charges.retry_after is not None:
        yield "retry-after", str(charges.retry_after)


def _policy(quota: Quota) -> str:
    return f'"{quota.policy}";q={quota.most};w={SECONDS}{_UNITS[quota.policy]}'
