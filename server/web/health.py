"""Whether the process lives (`/healthz`) and whether it can serve (`/readyz`), for those who start and stop it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response

from server.errors import CaveatError
from server.web.writing import json_response

Check = Callable[[], Awaitable[bool]]
CHECK_SECONDS = 1.2


async def healthz(_request: Request) -> Response:
    """The process answers."""
    return json_response({"status": "ok"}, 200)


class Readiness:
    """Asks everything that serving needs, all at once."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = dict(checks)

    async def __call__(self, _request: Request) -> Response:
        """200 when all is there, else 503; either way what was found, by name."""
        found = dict(zip(self._checks, await asyncio.gather(*map(_passes, self._checks.values())), strict=True))
        is_ready = all(found.values())
        return json_response({"status": "ok" if is_ready else "unavailable", "checks": found}, 200 if is_ready else 503)


async def _passes(check: Check) -> bool:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await check()
    except (CaveatError, TimeoutError, OSError):
        return False
