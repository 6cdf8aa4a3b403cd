"""Who asks, as far as execution must know: what that one may, and on whose account it goes."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class Rights:
    """What a caller may ask; None where the server's own limit is the only one."""

    requests_per_minute: int | None = None
    cost_per_minute: int | None = None
    max_cost: int | None = None
    """Of one operation."""
    max_subscriptions: int | None = None
    """Under way at once, on all its connections."""
    is_bound: bool = False
    """Whether it may ask its trusted documents only."""
    registers_documents: bool = False
    """Whether a document that it sends once is known by its hash from then on (automatic persisted queries)."""
    introspects: bool = False
    """Whether the schema is shown to it where it is concealed from others."""


class Caller(Protocol):
    """Whoever asks; what else is known of it is for whoever let it in, and is handed back to what app passes in."""

    @property
    def rights(self) -> Rights:
        """What it may."""

    @property
    def account(self) -> str:
        """On whose account its operations go."""

    @property
    def audience(self) -> Hashable:
        """What distinguishes the answers to it from those to others: equal ones are served equal bytes."""
