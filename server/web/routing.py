"""What becomes of requests that nothing is served for."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from server.errors.requests import MethodNotAllowedError, RouteNotFoundError
from server.web.writing import refusal_response


async def refuse_path(scope: Scope, receive: Receive, send: Send) -> None:
    """Refuses a request and a socket alike where nothing is served."""
    await refusal_response(RouteNotFoundError())(scope, receive, send)


async def refuse_method(_request: Request, error: Exception) -> Response:
    """A refusal of the router's in the form of all others."""
    return refusal_response(MethodNotAllowedError(), headers=getattr(error, "headers", None))
