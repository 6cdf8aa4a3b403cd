"""Finds out who calls: over HTTP by `Authorization: Bearer …`, over a socket by the payload of `connection_init`.

https://www.rfc-editor.org/rfc/rfc6750#section-2.1. A key stands in no URL, since URLs stand in logs.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

from starlette.datastructures import Headers
from starlette.types import Scope

from server.access.clients import Caller
from server.access.registry import Registry, Session
from server.errors import KeyRequiredError, UnauthenticatedError
from server.web.door import address_of

SCHEME = "bearer"
NOT_A_KEY = ""
"""Stands for credentials that hold no key at all, and is refused as any other that is none."""


class Callers:
    """Asks the registry for whoever is behind a connection."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    async def of_request(self, scope: Scope) -> Caller:
        """Who sends a request; raises UnauthenticatedError, RateLimitedError."""
        return await self._registry.caller(_bearer(Headers(scope=scope)), address=address_of(scope))

    async def of_socket(self, scope: Scope, payload: Mapping[str, Any] | None) -> Caller:
        """Who initialises a socket; raises UnauthenticatedError, RateLimitedError."""
        token = _token_in(payload or {})
        if token is None:
            return await self.of_request(scope)
        return await self._registry.caller(token, address=address_of(scope))

    def session(self, caller: Caller) -> AbstractContextManager[Session]:
        """Says when something that stays open for a caller has to end."""
        return self._registry.session(caller)


def challenge(error: UnauthenticatedError) -> str:
    """What `WWW-Authenticate` says with a 401: https://www.rfc-editor.org/rfc/rfc6750#section-3."""
    return "Bearer" if isinstance(error, KeyRequiredError) else 'Bearer error="invalid_token"'


def _bearer(headers: Headers) -> str | None:
    values = headers.getlist("authorization")
    if not values:
        return None
    return _credentials(values[0]) if len(values) == 1 else NOT_A_KEY


def _credentials(value: str) -> str:
    scheme, _, token = value.strip().partition(" ")
    return token.strip() if scheme.lower() == SCHEME else NOT_A_KEY


def _token_in(payload: Mapping[str, Any]) -> str | None:
    """Clients write the parameters of a connection as they like: as a header, or the key alone."""
    for name in ("Authorization", "authorization"):
        if (value := payload.get(name)) is not None:
            return _credentials(value) if isinstance(value, str) else NOT_A_KEY
    value = payload.get("apiKey")
    return value if value is None or isinstance(value, str) else NOT_A_KEY
