"""What a client can learn of itself: who it is, what it may, and what it was served."""

import datetime
from dataclasses import dataclass

from server.access.clients import Client
from server.access.receipts.usage import fields_of_client, since
from server.db.reads import Reads
from server.settings import Settings

LARGEST = 2**31 - 1
"""The largest number that GraphQL's Int holds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """What it may ask, its own or the server's."""

    requests_per_minute: int
    cost_per_minute: int
    max_cost: int
    max_subscriptions: int


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldCount:
    """How often its operations asked for a field."""

    field: str
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """A client, for itself."""

    client: Client
    bounds: Bounds
    reads: Reads


def account_of(client: Client | None, settings: Settings, *, reads: Reads) -> Account | None:
    """What a client can learn of itself; None for the anonymous one."""
    if client is None:
        return None
    rights, limits, defaults = client.rights, settings.limits, settings.clients
    bounds = Bounds(
        requests_per_minute=_first(rights.requests_per_minute, defaults.requests_per_minute),
        cost_per_minute=_first(rights.cost_per_minute, defaults.cost_per_minute),
        max_cost=min(_first(rights.max_cost, limits.max_cost), limits.max_cost),
        max_subscriptions=_first(rights.max_subscriptions, defaults.max_subscriptions),
    )
    return Account(client=client, bounds=bounds, reads=reads)


def _first(own: int | None, default: int) -> int:
    return default if own is None else own


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """What a client was served in the last so many days, as far as it is written."""

    account: Account
    days: int

    @property
    def since(self) -> datetime.date:
        """The first of the days."""
        return since(self.days)

    async def fields(self) -> list[FieldCount]:
        """The fields that it asked for, in order of their names."""
        found = await fields_of_client(self.account.reads, self.account.client.id, days=self.days)
        return [FieldCount(field=name, count=min(count, LARGEST)) for name, count in found]
