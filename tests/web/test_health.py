import asyncio
import json

import pytest

from server.errors.machine import DatabaseUnavailableError
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


async def test_those_who_ask_at_the_same_time_are_told_the_same():
    asked = []

    async def counts():
        asked.append(1)
        await asyncio.sleep(0)
        return True

    readiness = Readiness({"first": counts})
    found = await asyncio.gather(*(readiness.find() for _ in range(5)))

    assert (found, len(asked)) == ([{"first": True}] * 5, 1)
    await readiness.find()
    assert len(asked) == 2
