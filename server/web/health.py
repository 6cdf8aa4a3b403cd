"""Whether the process lives (`/healthz`) and whether it can serve (`/readyz`), for those who start and stop it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response

from server.errors.root import CaveatError
from server.web.writing import json_response

Check = Callable[[], Awaitable[bool]]
CHECK_SECONDS = 1.2


async def healthz(_request: Request) -> Response:
    """The process answers."""
    return json_response({"status": "ok"}, 200)


class Readiness:
    """Asks everything that serving needs, all at once; those who ask meanwhile are told the same."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = dict(checks)
        self._asking: asyncio.Task[dict[str, bool]] | None = None

    async def __call__(self, _request: Request) -> Response:
        """200 when all is there, else 503; either way what was found, by name."""
        found = await self.find()
        is_ready = all(found.values())
        return json_response({"status": "ok" if is_ready else "unavailable", "checks": found}, 200 if is_ready else 503)

    async def find(self) -> dict[str, bool]:
        """What is there, by name."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        return await asyncio.shield(self._asking)

    async def _ask(self) -> dict[str, bool]:
        found = await asyncio.gather(*map(_passes, self._checks.values()))
        return dict(zip(self._checks, found, strict=True))


async def _passes(check: Check) -> bool:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await check()
    except (CaveatError, TimeoutError, OSError):
        return False
