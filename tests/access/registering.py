"""Clients for tests."""

from server.access.clients import ClientKind
from server.access.registration import add_client
from server.settings import Environment, Settings, read_settings


async def register(engine, name="app", *, kind=ClientKind.PARTNER, expires_at=None, **rights):
    """Registers a client and gives its key."""
    return await add_client(engine, name, kind=kind, rights=rights, expires_at=expires_at)


def bearer(key):
    """The header that bears a key."""
    return {"authorization": f"Bearer {key.text}"}


def production(**settings):
    """Settings of a server in production."""
    return Settings(environment=Environment.PRODUCTION, data_dir=read_settings().data_dir, **settings)
