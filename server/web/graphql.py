"""The GraphQL endpoint over HTTP: queries and mutations as JSON, subscriptions as event streams.

https://graphql.github.io/graphql-over-http/draft/
"""

from dataclasses import replace

from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from server.access.clients import Caller
from server.errors.callers import UnauthenticatedError
from server.errors.limits import RateLimitedError
from server.errors.requests import MethodNotAllowedError, MutationOverGetError, NotAcceptableError, RequestTimedOutError
from server.errors.root import CaveatError
from server.execution.charges import Charges
from server.execution.faults import OperationRefusedError
from server.execution.freshness import Lifetime
from server.execution.operation import Request, Result
from server.execution.pipeline import Pipeline
from server.limits import Limits
from server.web.addresses import address_of
from server.web.caching import NO_STORE, Caching
from server.web.callers import Callers, challenge
from server.web.delivery import NONE, Delivery, Wishes, wishes_of
from server.web.door import Places
from server.web.graphiql import Page
from server.web.heads import listed
from server.web.negotiation import Acceptance, acceptance
from server.web.presence import unless_gone
from server.web.quotas import CHARGES
from server.web.reading import ClientGoneError, check_content, read_body, request_in_body, request_in_url
from server.web.repeats import Repeats
from server.web.streams import EventStreams
from server.web.writing import EVENTS, GRAPHQL, HTML, JSON, VARY, refusal_response

METHODS = "GET, HEAD, POST, OPTIONS"


class GraphQLEndpoint:
    """Answers every method; the operation is decided by the pipeline, the form of the answer here."""

    def __init__(
        self,
        pipeline: Pipeline,
        *,
        callers: Callers,
        streams: EventStreams,
        limits: Limits,
        page: Page | None = None,
    ) -> None:
        self._pipeline = pipeline
        self._callers = callers
        self._streams = streams
        self._limits = limits
        self._page = page
        self.delivery = Delivery(Caching())
        """How results go out; whoever knows of caches that are purged sets another."""
        self.places = Places(limits.max_operations_per_address)
        self.repeats: Repeats | None = None
        """What remembers requests, if anything does."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        self._callers.greet(scope)
        accepted = acceptance(listed(scope, b"accept"))
        try:
            response = await self._respond(scope, receive, accepted=accepted)
        except ClientGoneError:
            return
        except CaveatError as error:
            response = _refusal(error, accepted)
        await response(scope, receive, send)

    async def _respond(self, scope: Scope, receive: Receive, *, accepted: Acceptance) -> ASGIApp:
        """The response, whole or as a stream."""
        method = scope["method"]
        if method == "OPTIONS":
            return Response(status_code=204, headers={"allow": METHODS})
        if method not in ("GET", "HEAD", "POST"):
            raise MethodNotAllowedError
        if self._page and method != "POST" and not scope["query_string"] and accepted.names(HTML):
            headers = {"content-security-policy": self._page.policy, "cache-control": NO_STORE, "vary": VARY}
            return HTMLResponse(self._page.html, headers=headers)
        if accepted.best((GRAPHQL, JSON, EVENTS)) is None:
            raise NotAcceptableError
        wishes = wishes_of(scope, accepted)
        with self.places.one(address_of(scope)):
            body = await self._read(scope, receive) if method == "POST" else None
            caller = await self._callers.of_request(scope)  # not before: a body may take longer than a key lives
            charges = scope[CHARGES] = Charges()
            await self._pipeline.admit(caller, charges)
            request = (
                request_in_url(scope["query_string"], self._limits)
                if body is None
                else request_in_body(body, self._limits)
            )
            if wishes.is_safe and request.query is None:
                wishes = replace(wishes, is_named=True)
            return await unless_gone(receive, self._run(request, caller, scope=scope, wishes=wishes))

    async def _read(self, scope: Scope, receive: Receive) -> bytes:
        check_content(scope)
        return await read_body(receive, scope, limits=self._limits)

    async def _run(self, request: Request, caller: Caller, *, scope: Scope, wishes: Wishes) -> ASGIApp:
        try:
            operation = await self._pipeline.prepare(request, caller, charges=scope[CHARGES])
        except OperationRefusedError as refused:
            result = Result(errors=refused.errors, is_refusal=True)
            return await self._answer(result, caller, wishes=wishes)
        if operation.is_mutation and wishes.is_safe:
            raise MutationOverGetError
        if operation.is_subscription:
            if wishes.accepted.quality(EVENTS) == 0:
                raise NotAcceptableError("A subscription is served as `text/event-stream`, or over a WebSocket.")
            return self._streams.all(operation, caller)
        with self._callers.session(caller) as session:
            result = await self._pipeline.execute(operation)
            response = await self._answer(result, caller, wishes=wishes, lifetime=self._pipeline.lifetime(operation))
        if session.error is not None:  # the key died while the operation ran
            raise session.error
        if self.repeats is not None and type(response) is Response:
            self.repeats.note(scope, operation, result=result, response=response)
        return response

    async def _answer(self, result: Result, caller: Caller, *, wishes: Wishes, lifetime: Lifetime = NONE) -> ASGIApp:
        if wishes.accepted.best((GRAPHQL, JSON, EVENTS)) == EVENTS:
            return self._streams.once(result)
        return await self.delivery.respond(result, wishes, caller=caller, lifetime=lifetime)


def _refusal(error: CaveatError, accepted: Acceptance) -> Response:
    headers: dict[str, str] = {}
    if isinstance(error, MethodNotAllowedError):
        headers["allow"] = "POST" if isinstance(error, MutationOverGetError) else METHODS
    if isinstance(error, RequestTimedOutError):
        headers["connection"] = "close"
    if isinstance(error, UnauthenticatedError):
        headers["www-authenticate"] = challenge(error)
    if isinstance(error, RateLimitedError):
        headers["retry-after"] = str(error.retry_after)
    if error.code == "TOO_MANY_OPERATIONS":
        headers["retry-after"] = "1"
    return refusal_response(error, media_type=accepted.json_type, headers=headers)
