"""`GET /infobutton`: a knowledge request of HL7's Infobutton, as patient portals send it, answered with a feed.

The form of its address and of its answer is that of https://medlineplus.gov/medlineplus-connect/web-service/. What is
found is decided elsewhere and comes in as a callable. Callers are those of GraphQL, with their keys, origins, quotas
and receipts; their wording and their bounds are looked after where the feed is made.
"""

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeAlias
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from server.access.clients import Caller
from server.db import patience
from server.errors.callers import UnauthenticatedError
from server.errors.documents import DocumentNotTrustedError
from server.errors.limits import RateLimitedError, TooManyOperationsError
from server.errors.requests import BadRequestError, MethodNotAllowedError, NotAcceptableError, OperationTimedOutError
from server.errors.root import CaveatError
from server.execution.charges import Charges, Meter, Policy, pay
from server.execution.receipts import Entity, Receipt
from server.limits import Limits
from server.web.addresses import address_of
from server.web.callers import Callers, challenge
from server.web.door import Places
from server.web.heads import listed
from server.web.negotiation import acceptance
from server.web.presence import unless_gone
from server.web.quotas import CHARGES
from server.web.reading import ClientGoneError
from server.web.writing import JSON, VARY, refusal_response

METHODS = "GET, HEAD, OPTIONS"
ATOM, XML, JAVASCRIPT = "application/atom+xml", "text/xml", "application/javascript"
OFFERS = (ATOM, XML, "application/xml", JSON)
RESPONSE_TYPE = "knowledgeResponseType"
COST = 770
"""What the same costs over GraphQL, where a list of 20 answers is asked for with what an entry says of each."""

_MOST_PARAMETERS = 200
_HOST = re.compile(r"[A-Za-z0-9.\-_\[\]:]{1,255}")


class Found(Protocol):
    """A feed, in the forms that it is served in."""

    @property
    def served(self) -> tuple[Entity, ...]:
        """The answers in it."""

    def xml(self) -> bytes:
        """The feed as Atom."""

    def json(self) -> bytes:
        """The same as JSON."""


Parameters: TypeAlias = Sequence[tuple[str, str]]
Ask: TypeAlias = Callable[[Caller, str], Awaitable[Found]]
"""Finds what was asked, as a caller may see it; links may lead to the GraphQL at the address given."""
Read: TypeAlias = Callable[[Parameters], Ask]
"""Reads what is asked; raises CaveatError with the name of the parameter that is wrong."""


class Infobutton:
    """Answers every method; what is asked and what is found is told by a callable."""

    def __init__(
        self, read: Read, *, callers: Callers, meter: Meter, note: Callable[[Caller, Receipt], None], limits: Limits
    ) -> None:
        self._read = read
        self._callers = callers
        self._meter = meter
        self._note = note
        """Told what was served."""
        self._limits = limits
        self._places = Places(limits.max_operations_per_address)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        self._callers.greet(scope)
        try:
            response = await self._respond(scope, receive)
        except ClientGoneError:
            return
        except CaveatError as error:
            response = _refusal(error)
        await response(scope, receive, send)

    async def _respond(self, scope: Scope, receive: Receive) -> Response:
        method = scope["method"]
        if method == "OPTIONS":
            return Response(status_code=204, headers={"allow": METHODS})
        if method not in ("GET", "HEAD"):
            raise MethodNotAllowedError
        with self._places.one(address_of(scope)):
            caller = await self._callers.of_request(scope)
            charges = scope[CHARGES] = Charges()
            charges.note(await self._meter(caller, {Policy.REQUESTS: 1, Policy.COST: 0}))
            if caller.rights.is_bound:
                raise DocumentNotTrustedError(
                    "The client asks its trusted documents only: `/infobutton` takes no key that is bound to them."
                )
            parameters = _parameters(scope["query_string"])
            media_type = _media_type(parameters, listed(scope, b"accept"))
            ask = self._read(parameters)
            await pay(COST, charges, caller=caller, meter=self._meter, limits=self._limits)
            found = await unless_gone(receive, self._run(ask, caller, address=_graphql(scope)))
        self._note(caller, Receipt(document=None, fields=(), entities=found.served))
        return _response(found, media_type, known=listed(scope, b"if-none-match"))

    async def _run(self, ask: Ask, caller: Caller, *, address: str) -> Found:
        with self._callers.session(caller) as session, patience.shared():
            try:
                async with asyncio.timeout(self._limits.max_seconds):
                    found = await ask(caller, address)
            except TimeoutError:
                raise OperationTimedOutError from None
        if session.error is not None:  # the key died meanwhile
            raise session.error
        return found


def _parameters(query_string: bytes) -> Parameters:
    try:
        return parse_qsl(
            query_string.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS
        )
    except ValueError:
        raise BadRequestError(
            f"The URL's query can't be read: percent-encode it as UTF-8, with {_MOST_PARAMETERS} parameters at most."
        ) from None


def _media_type(parameters: Parameters, accept: str | None) -> str:
    """The form that the request names, else that which `Accept` likes best."""
    said = [value.strip().lower() for name, value in parameters if name == RESPONSE_TYPE and value.strip()]
    if not said:
        best = acceptance(accept).best(OFFERS)
        if best is None:
            raise NotAcceptableError(f"Nothing that `Accept` names can be served: ask for `{ATOM}` or `{JSON}`.")
        return best
    if said[0] == JAVASCRIPT:
        raise BadRequestError(
            f"`{RESPONSE_TYPE}` is `{JAVASCRIPT}`, which is not served: a script of ours would have all rights of your "
            f"page. Ask for `{JSON}`, which pages of origins that are named may read."
        )
    if said[0] not in OFFERS:
        raise BadRequestError(f"`{RESPONSE_TYPE}` is none that is served: say `{XML}` or `{JSON}`.")
    if len(said) > 1:
        raise BadRequestError(f"The URL says `{RESPONSE_TYPE}` twice: say it once.")
    return said[0]


def _graphql(scope: Scope) -> str:
    """Where GraphQL is, as the caller calls this server; without its host where it names none."""
    host = Headers(scope=scope).get("host", "")
    return f"{scope['scheme']}://{host}/graphql" if _HOST.fullmatch(host) else "/graphql"


def _response(found: Found, media_type: str, *, known: str | None) -> Response:
    """The feed, or the word that the caller has it; asked for anew each time, since an answer may be withdrawn."""
    body = found.json() if media_type == JSON else found.xml()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": "private, no-cache", "vary": VARY}
    if known is not None and {tag, "*"} & {each.strip().removeprefix("W/") for each in known.split(",")}:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=f"{media_type}; charset=utf-8", headers=headers)


def _refusal(error: CaveatError) -> Response:
    headers: dict[str, str] = {}
    if isinstance(error, MethodNotAllowedError):
        headers["allow"] = METHODS
    if isinstance(error, UnauthenticatedError):
        headers["www-authenticate"] = challenge(error)
    if isinstance(error, RateLimitedError):
        headers["retry-after"] = str(error.retry_after)
    if isinstance(error, TooManyOperationsError):
        headers["retry-after"] = "1"
    return refusal_response(error, headers=headers)
