"""Clients: the apps that call, and what each of them may."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from server.access.audience import ANONYMOUS, Audience
from server.access.keys import PUBLISHABLE, SECRET
from server.execution.callers import Rights


class ClientKind(StrEnum):
    """What a client is, which says where its key lies."""

    WEB = "web"
    MOBILE = "mobile"
    PARTNER = "partner"
    SERVER = "server"

    @property
    def key_form(self) -> str:
        """The form of its keys: those of apps lie in the app, where anybody can read them."""
        return PUBLISHABLE if self in (ClientKind.WEB, ClientKind.MOBILE) else SECRET

    @property
    def is_publishable(self) -> bool:
        """Whether its key is known to everybody, so that it opens trusted documents only."""
        return self.key_form == PUBLISHABLE


@dataclass(frozen=True, kw_only=True, slots=True)
class Client:
    """One registered client, as it is at this moment."""

    id: UUID
    name: str
    kind: ClientKind
    rights: Rights
    audience: Audience
    origins: tuple[str, ...] = ()
    """Patterns of the origins whose pages may call with its key."""
    created_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """Who asks: a client by its key, or the anonymous one by its address, which shows nowhere."""

    address: str = field(repr=False)
    """Where it calls from."""
    rights: Rights
    client: Client | None = None
    key: str | None = None
    """The public part of the key that it showed."""
    account: str = field(init=False, repr=False)
    """On whose account its requests go: its own, or that of its address."""

    def __post_init__(self) -> None:
        account = f"client:{self.client.id}" if self.client else f"address:{self.address}"
        object.__setattr__(self, "account", account)

    @property
    def audience(self) -> Audience:
        """What distinguishes the answers to it from those to others: the only place that says so."""
        return self.client.audience if self.client else ANONYMOUS
