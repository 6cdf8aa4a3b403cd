"""Puts a result into a response: its coding, its entity tag, what caches are told of it, and a 304 for who has it."""

import asyncio
from dataclasses import dataclass

from starlette.responses import Response
from starlette.types import Scope

from server.access.clients import Caller
from server.execution.encoding import Written
from server.execution.freshness import Lifetime
from server.execution.operation import Result
from server.telemetry.visits import note
from server.web.caching import Caching, may_be_kept
from server.web.codings import PLAIN, Choice, Coding, choice, coded
from server.web.entity_tags import digest_of, entity_tag, matches
from server.web.heads import listed
from server.web.negotiation import Acceptance
from server.web.writing import JSON, STATUS, VARY

_DIGEST = "digest"

NONE = Lifetime()
"""Of what is no result of an operation."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wishes:
    """What a request says of the response that it wants."""

    accepted: Acceptance
    choice: Choice = PLAIN
    has: str | None = None
    """The entity tags of what the client has, as it sent them."""
    is_safe: bool = False
    """Whether its method promises to change nothing."""
    is_named: bool = False
    """Whether it is a GET that names its document."""


def wishes_of(scope: Scope, accepted: Acceptance) -> Wishes:
    """What the headers of a request say; raises NotAcceptableError where no coding suits it."""
    return Wishes(
        accepted=accepted,
        choice=choice(listed(scope, b"accept-encoding")),
        has=listed(scope, b"if-none-match"),
        is_safe=scope["method"] != "POST",
    )


class Delivery:
    """How the results of one process go out."""

    def __init__(self, caching: Caching) -> None:
        self._caching = caching
        self._under_way: dict[tuple[int, Coding], asyncio.Task[bytes]] = {}
        """What is being made of results that several requests may wait for."""

    async def respond(self, result: Result, wishes: Wishes, *, caller: Caller, lifetime: Lifetime = NONE) -> Response:
        """The response to a request, which others may keep for a lifetime where it named its document."""
        if result.code is not None:
            note(result.code)
        is_kept = wishes.is_named and may_be_kept(result, lifetime)
        body, coding = await self._coded(result, wishes.choice, is_own=lifetime.is_private)
        headers = dict(self._caching.headers(result, lifetime if is_kept else None, caller=caller)) | {"vary": VARY}
        if is_kept:
            headers["etag"] = entity_tag(_digest(result), wishes.accepted.json_type, coding=coding)
            if matches(wishes.has, headers["etag"]):
                return Response(status_code=304, headers=headers)
        if coding is not Coding.IDENTITY:
            headers["content-encoding"] = coding
        media_type = f"{wishes.accepted.json_type}; charset=utf-8"
        return Response(body, _status(result, wishes), media_type=media_type, headers=headers)

    async def _coded(self, result: Result, choice: Choice, *, is_own: bool) -> tuple[bytes, Coding]:
        """The body as it goes out, and its coding: none, where that makes it no shorter, or it is its caller's own."""
        body, coding = result.body, choice.best
        if not choice.is_worth(len(body)) or (is_own and choice.takes_plain):
            return body, Coding.IDENTITY
        form = await (coded(body, coding) if result.plain is None else self._form(result.plain, coding))
        is_shorter = len(form) < len(body)
        return (form, coding) if is_shorter or not choice.takes_plain else (body, Coding.IDENTITY)

    async def _form(self, written: Written, coding: Coding) -> bytes:
        """A written body in a coding, made once."""
        form = written.form(coding)
        if isinstance(form, bytes):
            return form
        key = (id(written), coding)
        task = self._under_way.get(key)
        if task is None:
            task = self._under_way[key] = asyncio.create_task(_made(written, coding))
            task.add_done_callback(lambda _: self._under_way.pop(key))
        return await asyncio.shield(task)


async def _made(written: Written, coding: Coding) -> bytes:
    form = await coded(written.body, coding)
    written.keep_form(coding, form)
    return form


def _status(result: Result, wishes: Wishes) -> int:
    status = STATUS.get(result.code or "", 400) if result.is_refusal else 200
    # Clients of old take any other status for a failure of the network, and never look at the errors.
    return 200 if status == 400 and wishes.accepted.json_type == JSON else status


def _digest(result: Result) -> str:
    written = result.plain
    digest = written.form(_DIGEST) if written else None
    if not isinstance(digest, str):
        digest = digest_of(result.body)
        if written is not None:
            written.keep_form(_DIGEST, digest)
    return digest
