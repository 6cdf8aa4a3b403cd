"""Finds out who calls, and whether from where it may.

Over HTTP by `Authorization: Bearer …`, over a socket by the payload of `connection_init` or that header:

https://www.rfc-editor.org/rfc/rfc6750#section-2.1. A key stands in no URL, since URLs stand in logs.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

from starlette.types import Scope

from server.access.clients import Caller
from server.access.keys import Shown, shown_key
from server.access.registry import Registry, Session
from server.errors.callers import KeyRequiredError, OriginNotAllowedError, UnauthenticatedError
from server.web.addresses import address_of
from server.web.heads import header_lines
from server.web.origins import READABLE, Origins, foreign_origin

SCHEME = "bearer"
SPACES = " \t"
"""What may stand around the value of a header, and nothing else: Python would take off U+00A0 and U+0085 too."""
NOT_A_KEY = ""
"""Stands for credentials that hold no key at all, and is refused as any other that is none."""


class Callers:
    """Asks the registry for whoever is behind a connection."""

    def __init__(self, registry: Registry, origins: Origins) -> None:
        self._registry = registry
        self._origins = origins

    def greet(self, scope: Scope) -> None:
        """Takes a request in whose caller is found later, or never: refusals may be read where its origin is named."""
        self._origins.admit(scope)

    async def of_request(self, scope: Scope) -> Caller:
        """Who sends a request, whose response may be read from where that one is at home.

        Raises UnauthenticatedError, RateLimitedError, and OriginNotAllowedError for a client whose page this is not.
        """
        caller = await self._registry.caller(_bearer(scope), address=address_of(scope))
        origin = foreign_origin(scope)
        is_open = origin is None or self._origins.is_open_to(caller.client, origin)
        scope[READABLE] = origin if is_open else None
        if caller.client is not None and not is_open:
            raise OriginNotAllowedError
        return caller

    def known(self, scope: Scope, key: Shown | None) -> Caller | None:
        """Who sends a request with a key or without, as `of_request` says, where that is known beyond doubt."""
        caller = self._registry.known_caller(key, address=address_of(scope))
        origin = foreign_origin(scope)
        if caller is None or (origin is not None and not self._origins.is_open_to(caller.client, origin)):
            return None
        scope[READABLE] = origin
        return caller

    async def of_socket(self, scope: Scope, payload: Mapping[str, Any] | None) -> Caller:
        """Who initialises a socket, which any page could read; raises what `of_request` does."""
        token = _token_in(payload or {})
        if token is None:
            token = _bearer(scope)
        caller = await self._registry.caller(token, address=address_of(scope))
        origin = foreign_origin(scope)
        if origin is not None and not self._origins.is_open_to(caller.client, origin):
            raise OriginNotAllowedError
        return caller

    def session(self, caller: Caller) -> AbstractContextManager[Session]:
        """Says when something that stays open for a caller has to end."""
        return self._registry.session(caller)


def key_in(scope: Scope) -> Shown | None:
    """The key that a request bears; raises UnauthenticatedError for what has not the form of one."""
    token = _bearer(scope)
    key = None if token is None else shown_key(token)
    if token is not None and key is None:
        raise UnauthenticatedError
    return key


def challenge(error: UnauthenticatedError) -> str:
    """What `WWW-Authenticate` says with a 401: https://www.rfc-editor.org/rfc/rfc6750#section-3."""
    return "Bearer" if isinstance(error, KeyRequiredError) else 'Bearer error="invalid_token"'


def _bearer(scope: Scope) -> str | None:
    values = header_lines(scope, b"authorization")
    if not values:
        return None
    return _credentials(values[0]) if len(values) == 1 else NOT_A_KEY


def _credentials(value: str) -> str:
    scheme, _, token = value.strip(SPACES).partition(" ")
    return token.strip(SPACES) if scheme.lower() == SCHEME else NOT_A_KEY


def _token_in(payload: Mapping[str, Any]) -> str | None:
    """Clients write the parameters of a connection as they like: as a header, or the key alone."""
    for name in ("Authorization", "authorization"):
        if (value := payload.get(name)) is not None:
            return _credentials(value) if isinstance(value, str) else NOT_A_KEY
    value = payload.get("apiKey")
    return value if value is None or isinstance(value, str) else NOT_A_KEY
