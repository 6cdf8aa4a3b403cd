"""`/metrics`, as Prometheus and OpenMetrics collectors read them; for those who bear the token, where one is set."""

import secrets
from collections.abc import Awaitable, Callable

from prometheus_client.exposition import choose_encoder
from starlette.requests import Request
from starlette.responses import Response

from server.errors.requests import RouteNotFoundError
from server.telemetry.metrics import Metrics
from server.web.writing import refusal_response


class MetricsPage:
    """The metrics of this process; what has to be asked for is asked just before they are written."""

    def __init__(self, metrics: Metrics, *, refresh: Callable[[], Awaitable[None]], token: str | None) -> None:
        self._metrics = metrics
        self._refresh = refresh
        self._authorization = f"Bearer {token}".encode() if token else None

    async def __call__(self, request: Request) -> Response:
        """The metrics; to a stranger nothing is there."""
        if not self._is_allowed(request):
            return refusal_response(RouteNotFoundError())
        await self._refresh()
        write, media_type = choose_encoder(request.headers.get("accept", ""))
        return Response(write(self._metrics.registry), media_type=media_type, headers={"cache-control": "no-store"})

    def _is_allowed(self, request: Request) -> bool:
        if self._authorization is None:
            return True
        given = request.headers.get("authorization", "").encode("latin-1")
        return secrets.compare_digest(given, self._authorization)
