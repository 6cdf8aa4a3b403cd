"""Who asks, as far as execution must know: what that one may, and on whose account it goes."""

from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from server.errors.limits import TooManyOperationsError


@dataclass(frozen=True, kw_only=True, slots=True)
class Rights:
    """What a caller may ask; None where the server's own limit is the only one."""

    requests_per_minute: int | None = None
    cost_per_minute: int | None = None
    max_cost: int | None = None
    """Of one operation."""
    max_subscriptions: int | None = None
    """Under way at once, on all its connections to one process."""
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


class Subscribers:
    """How many subscriptions are under way on each account, and no more than its rights allow."""

    def __init__(self) -> None:
        self.most: int | None = None
        """Of a caller whose rights say nothing of it; None for no limit."""
        self._open: Counter[str] = Counter()

    @contextmanager
    def one(self, caller: Caller) -> Iterator[None]:
        """Counts a subscription of a caller; raises TooManyOperationsError where it has as many as it may."""
        account, own = caller.account, caller.rights.max_subscriptions
        most = self.most if own is None else own
        if most is not None and self._open[account] >= most:
            raise TooManyOperationsError(f"At most {most} subscriptions are under way at once: end one of them first.")
        self._open[account] += 1
        try:
            yield
        finally:
            self._open[account] -= 1
            if not self._open[account]:
                del self._open[account]
