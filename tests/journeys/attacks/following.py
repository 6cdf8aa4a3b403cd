"""Subscriptions of one client, many at once, over as many sockets as they need."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

from websockets import ConnectionClosed
from websockets.asyncio.client import ClientConnection

from tests.journeys.attacks.enumerated import Attack
from tests.journeys.attacks.partners import BUSY, Partner
from tests.journeys.attacks.scenes import NOW
from tests.waiting import until
from tests.web.running import hear, say

MOST = 50
"""Subscriptions of one socket."""
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT(?!00:00:00Z)\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)")
"""One that is now: those that content bears are midnights."""


class Following:
    """What subscriptions hear, each by the text of its attack."""

    def __init__(self, partner: Partner) -> None:
        self.heard: dict[str, list[str]] = {}
        self._partner = partner

    async def subscribe(self, opened: ClientConnection, attacks: Sequence[Attack], *, cursor: str) -> None:
        """Subscribes to one after the other, of each of which something is heard at once; then listens to all."""
        for number, attack in enumerate(attacks):
            self.heard[attack.text] = []
            while not self.heard[attack.text]:
                payload = {"query": attack.text.replace(NOW, cursor)}
                await say(opened, type="subscribe", id=str(number), payload=payload)
                self._note(await hear(opened), attacks)

    async def listen(self, opened: ClientConnection, attacks: Sequence[Attack]) -> None:
        """Hears what comes until the socket is closed."""
        with suppress(ConnectionClosed):
            while True:
                self._note(json.loads(await opened.recv()), attacks)

    async def until_all(self, answer_id: str) -> None:
        """Waits until each has heard that an answer changed, or has ended."""
        sign = f'"answerId": "{answer_id}"'

        async def have_heard() -> bool:
            return all(sign in events[-1] or "errors" in events[-1] for events in self.heard.values())

        await until(have_heard)

    def _note(self, message: dict[str, Any], attacks: Sequence[Attack]) -> None:
        told = {"errors": message["payload"]} if message["type"] == "error" else message["payload"]
        shown = MOMENT.sub("a moment", self._partner.shown(told))
        if BUSY not in shown:
            self.heard[attacks[int(message["id"])].text].append(shown)


@asynccontextmanager
async def following(partner: Partner, attacks: Sequence[Attack], *, cursor: str) -> AsyncIterator[Following]:
    """Subscribes to what happened since a cursor, and from now on."""
    made = Following(partner)
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as tasks:
        for some in [attacks[start : start + MOST] for start in range(0, len(attacks), MOST)]:
            opened = await stack.enter_async_context(partner.server.socket())
            await say(opened, type="connection_init", payload={"apiKey": partner.key.text})
            await hear(opened)
            await made.subscribe(opened, some, cursor=cursor)
            tasks.create_task(made.listen(opened, some))
        yield made
        await stack.aclose()
