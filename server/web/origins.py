"""Which web pages may call: those of the server's own origin, and of origins that somebody named.

https://fetch.spec.whatwg.org/#http-cors-protocol. A browser asks beforehand, without a key, so a preflight is answered
where anybody named the origin. The request itself is refused where its key's client did not; without a key it is
answered all the same, for whoever has no browser around it, but no page reads the answer: nothing is changed by asking.
"""

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from server.access.clients import Client
from server.access.origins import check_origin, is_allowed
from server.errors.content import RefusedError
from server.errors.machine import SetupError
from server.settings import Environment, Settings
from server.web.heads import header

READABLE = "readable_by"
"""The key in a request's scope of the origin whose pages may read the response."""

EXPOSED = "Age, Cache-Status, ETag, RateLimit, RateLimit-Policy, Retry-After, X-Request-ID"
_PREFLIGHT = {
    "access-control-allow-methods": "GET, POST",
    "access-control-allow-headers": "Accept, Authorization, Content-Type, If-None-Match",
    "access-control-max-age": "600",
}
_LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


class Origins:
    """The origins that were named, and by whom."""

    def __init__(
        self, *, anonymous: Sequence[str] = (), names: Callable[[str], bool], is_development: bool = False
    ) -> None:
        self._anonymous = tuple(anonymous)
        """Patterns of those whose pages call without a key."""
        self._names = names
        """Whether some client named it."""
        self._is_development = is_development

    def is_named(self, origin: str) -> bool:
        """Whether anybody's pages come from there."""
        return self.is_open_to(None, origin) or self._names(origin)

    def is_open_to(self, client: Client | None, origin: str) -> bool:
        """Whether pages from there may call as a client, or as the anonymous one."""
        if self._is_development and _is_local(origin):
            return True
        return is_allowed(origin, self._anonymous if client is None else client.origins)

    def answer_preflight(self, scope: Scope) -> Response:
        """What a browser is told that asks whether a page may call; nothing where nobody named its origin."""
        origin = foreign_origin(scope)
        return Response(status_code=204, headers=_PREFLIGHT if origin and self.is_named(origin) else None)

    def admit(self, scope: Scope) -> None:
        """Lets a page of an origin that is named read what comes before its caller is known: refusals."""
        origin = foreign_origin(scope)
        scope[READABLE] = origin if origin and self.is_named(origin) else None


def named_origins(settings: Settings, names: Callable[[str], bool]) -> Origins:
    """The origins that the settings name, and those that clients do; raises SetupError for one that is none."""
    try:
        anonymous = [check_origin(pattern) for pattern in settings.origins]
    except RefusedError as error:
        raise SetupError(f"CAVEAT_ORIGINS: {error.message}") from None
    return Origins(anonymous=anonymous, names=names, is_development=settings.environment is Environment.DEVELOPMENT)


def foreign_origin(scope: Scope) -> str | None:
    """The origin of the page that calls; None where it is the server's own, and where no page calls."""
    origin = header(scope, b"origin")
    return None if origin is None or _netloc(origin) == header(scope, b"host") else origin


def is_preflight(scope: Scope) -> bool:
    """Whether a browser asks beforehand."""
    if scope["type"] != "http" or scope["method"] != "OPTIONS":
        return False
    headers = Headers(scope=scope)
    return "origin" in headers and "access-control-request-method" in headers


def _netloc(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def _is_local(origin: str) -> bool:
    try:
        return urlsplit(origin).hostname in _LOCAL_HOSTS
    except ValueError:
        return False
