"""The GraphQL endpoint over HTTP: queries and mutations as JSON, subscriptions as event streams.

https://graphql.github.io/graphql-over-http/draft/
"""

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from server.access.clients import Caller
from server.errors.callers import UnauthenticatedError
from server.errors.limits import RateLimitedError
from server.errors.requests import MethodNotAllowedError, MutationOverGetError, NotAcceptableError, RequestTimedOutError
from server.errors.root import CaveatError
from server.execution.charges import Charges
from server.execution.faults import OperationRefusedError
from server.execution.operation import Request, Result
from server.execution.pipeline import Pipeline
from server.settings import Limits
from server.web.addresses import address_of
from server.web.callers import Callers, challenge
from server.web.door import Places
from server.web.graphiql import Page
from server.web.negotiation import Acceptance, acceptance
from server.web.presence import unless_gone
from server.web.quotas import CHARGES
from server.web.reading import ClientGoneError, check_content, read_body, request_in_body, request_in_url
from server.web.streams import EventStreams
from server.web.writing import EVENTS, GRAPHQL, HTML, JSON, STATUS, json_response, refusal_response

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
        self._places = Places(limits.max_operations_per_address)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        self._callers.greet(scope)
        accepted = acceptance(Headers(scope=scope).get("accept"))
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
            return HTMLResponse(self._page.html, headers={"content-security-policy": self._page.policy})
        if accepted.best((GRAPHQL, JSON, EVENTS)) is None:
            raise NotAcceptableError
        with self._places.one(address_of(scope)):
            body = await self._read(scope, receive) if method == "POST" else None
            caller = await self._callers.of_request(scope)  # not before: a body may take longer than a key lives
            charges = scope[CHARGES] = Charges()
            await self._pipeline.admit(caller, charges)
            is_safe = body is None
            request = (
                request_in_url(scope["query_string"], self._limits)
                if body is None
                else request_in_body(body, self._limits)
            )
            running = self._run(request, caller, charges=charges, accepted=accepted, is_safe=is_safe)
            return await unless_gone(receive, running)

    async def _read(self, scope: Scope, receive: Receive) -> bytes:
        headers = Headers(scope=scope)
        check_content(headers)
        return await read_body(receive, headers, limits=self._limits)

    async def _run(
        self, request: Request, caller: Caller, *, charges: Charges, accepted: Acceptance, is_safe: bool
    ) -> ASGIApp:
        media_type = accepted.best((GRAPHQL, JSON, EVENTS))
        try:
            operation = await self._pipeline.prepare(request, caller, charges=charges)
        except OperationRefusedError as refused:
            result = Result(errors=refused.errors, is_refusal=True)
            return self._streams.once(result) if media_type == EVENTS else _response(result, accepted)
        if operation.is_mutation and is_safe:
            raise MutationOverGetError
        if operation.is_subscription:
            if accepted.quality(EVENTS) == 0:
                raise NotAcceptableError("A subscription is served as `text/event-stream`, or over a WebSocket.")
            return self._streams.all(operation, caller)
        with self._callers.session(caller) as session:
            result = await self._pipeline.execute(operation)
        if session.error is not None:  # the key died while the operation ran
            raise session.error
        return self._streams.once(result) if media_type == EVENTS else _response(result, accepted)


def _response(result: Result, accepted: Acceptance) -> Response:
    media_type = _json_type(accepted)
    status = STATUS.get(result.code or "", 400) if result.is_refusal else 200
    if status == 400 and media_type == JSON:
        # Clients of old take any other status for a failure of the network, and never look at the errors.
        status = 200
    return json_response(result.payload, status, media_type=media_type)


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
    return refusal_response(error, media_type=_json_type(accepted), headers=headers)


def _json_type(accepted: Acceptance) -> str:
    """The media type of the response; `application/json` unless the other is asked for by its name."""
    best = accepted.best((GRAPHQL, JSON))
    return GRAPHQL if best == GRAPHQL and accepted.names(GRAPHQL) else JSON
