"""A client that is confined to a topic, and one that is served a library in which nothing else is."""

import base64
import binascii
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID

import httpx

from server.access.keys import Key
from server.access.receipts.lines import Asked, Lines, Served
from server.access.receipts.writing import Batch, write
from server.access.registration import find_client
from server.days import today
from server.db.uuids import new_uuid
from tests.access.registering import bearer
from tests.journeys.attacks.enumerated import Attack
from tests.web.registered import Registered

BUSY = "DATABASE_UNAVAILABLE"
"""The code of what is to be asked again: the machine may have other work."""


@dataclass(kw_only=True)
class Partner:
    """A client of a server; whatever it asks about itself it asks as a client that has asked nothing before."""

    name: str
    server: Registered
    asking: httpx.AsyncClient
    rights: dict[str, Any]
    served: list[UUID]
    """The answers that it was served in former days, when it was not confined."""
    key: Key
    cursors: set[str] = field(default_factory=set)
    """What the cursors hold that it was given."""
    _numbers: Iterator[int] = field(default_factory=count)

    async def told(self, attack: Attack) -> str:
        """What comes of an attack, as any client could be told it."""
        name, key = await self._former() if attack.root == "client" else (self.name, self.key)
        return self.shown(await self.ask(attack.text, key)).replace(f'"{name}"', '"its name"')

    async def ask(self, text: str, key: Key | None = None) -> dict[str, Any]:
        """The response to an operation; it is asked again where the database was too busy."""
        while True:
            response = await self.asking.post(self.server.url, json={"query": text}, headers=bearer(key or self.key))
            if BUSY not in response.text:
                answered: dict[str, Any] = response.json()
                return answered

    def shown(self, response: Any) -> str:
        """A response without what its cursors hold."""
        return json.dumps(self._without_cursors(response), indent=1, ensure_ascii=False)

    def _without_cursors(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self._without_cursors(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self._without_cursors(each) for each in value]
        if isinstance(value, str) and (held := _held_by_cursor(value)):
            self.cursors.add(held)
            return "cursor"
        return value

    async def _former(self) -> tuple[str, Key]:
        """Name and key of a new client that was served what the partner was."""
        name = f"{self.name} {next(self._numbers)}"
        key = await self.server.register(name, **self.rights)
        async with self.server.engine.transaction() as session:
            client_id = (await find_client(session, name)).id
        lines = Lines(most=1_000)
        lines.add_asked(Asked(today(), client_id, "Answer.title"), 3)
        for times, answer_id in enumerate(self.served, start=1):
            lines.add_served(Served(today(), client_id, "", answer_id, 1), times)
        await write(self.server.engine, Batch(writer=new_uuid(), number=1, lines=lines))
        return name, key


def _held_by_cursor(text: str) -> str:
    """What a cursor holds, as anybody can read it; empty for what is none."""
    try:
        held = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)).decode()
        return held if isinstance(json.loads(held), list) else ""
    except (binascii.Error, UnicodeError, ValueError):
        return ""
