import asyncio
import json

import pytest

from server.errors import DatabaseUnavailableError
from server.web import health
from server.web.health import Readiness


async def yes():
    return True


async def no():
    return False


async def fails():
    raise DatabaseUnavailableError


async def hangs():
    await asyncio.Event().wait()


@pytest.mark.parametrize(
    ("check", "status", "passes"), [(yes, 200, True), (no, 503, False), (fails, 503, False), (hangs, 503, False)]
)
async def test_a_server_is_ready_when_every_check_passes(monkeypatch, check, status, passes):
    monkeypatch.setattr(health, "CHECK_SECONDS", 0.05)

    response = await Readiness({"first": yes, "second": check})(None)

    assert response.status_code == status
    assert json.loads(response.body) == {
        "status": "ok" if passes else "unavailable",
        "checks": {"first": True, "second": passes},
    }
