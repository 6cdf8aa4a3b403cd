"""The calls by which caches are told to forget names, each in the form that one kind of cache understands.

Names are made of letters, digits, `-` and `_`, so that they stand in headers and patterns as they are.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import httpx

from server.settings import PurgeForm, Purging

PATIENCE = 5.0
"""Seconds that a cache has for all of its answer: nobody else purges meanwhile."""

_Call: TypeAlias = tuple[str, dict[str, str], Any]
"""A method, headers and a JSON body, or none."""


class PurgeRefusedError(Exception):
    """The cache answered otherwise than that it did it, or not in time."""


def _varnish(names: Sequence[str], token: str | None) -> _Call:
    return "PURGE", {"surrogate-key": " ".join(names), **_bearer(token)}, None


def _fastly(names: Sequence[str], token: str | None) -> _Call:
    return "POST", {"fastly-key": token} if token else {}, {"surrogate_keys": list(names)}


def _cloudflare(names: Sequence[str], token: str | None) -> _Call:
    return "POST", _bearer(token), {"tags": list(names)}


def _bearer(token: str | None) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"} if token else {}


_CALLS: Mapping[PurgeForm, Callable[[Sequence[str], str | None], _Call]] = {
    PurgeForm.VARNISH: _varnish,
    PurgeForm.FASTLY: _fastly,
    PurgeForm.CLOUDFLARE: _cloudflare,
}


class PurgeCalls:
    """Calls one cache; open from `async with` to its end."""

    def __init__(self, purging: Purging) -> None:
        self._purging = purging
        self._client = httpx.AsyncClient(timeout=PATIENCE, trust_env=False, follow_redirects=False)

    async def __call__(self, names: Sequence[str]) -> None:
        """Has the cache forget names; raises httpx.HTTPError or PurgeRefusedError."""
        method, headers, body = _CALLS[self._purging.form](names, self._purging.token)
        try:
            async with asyncio.timeout(PATIENCE):
                response = await self._client.request(method, self._purging.url, headers=headers, json=body)
        except TimeoutError:
            raise PurgeRefusedError("no answer in time") from None
        if not response.is_success:
            raise PurgeRefusedError(f"status {response.status_code}")

    async def close(self) -> None:
        """Hangs up."""
        await self._client.aclose()
