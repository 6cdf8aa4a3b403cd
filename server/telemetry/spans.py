"""Spans as the house writes them; where they go, if anywhere, is `exporting`'s to know.

Names and attributes follow OpenTelemetry's semantic conventions (https://opentelemetry.io/docs/specs/semconv/), without
the attributes that would hold what a reader typed: `url.path` and `url.query`, `client.address`, `graphql.document`,
`graphql.operation.name`, `db.query.text`.
"""

import importlib
from collections.abc import Mapping
from contextlib import AbstractContextManager
from enum import StrEnum
from typing import Protocol, Self

from server.errors.machine import SetupError
from server.settings import Settings

Attributes = Mapping[str, str | int]


class Kind(StrEnum):
    """Whether a span is work for a caller, or a call of ours."""

    SERVER = "server"
    CLIENT = "client"


class Span(Protocol):
    """One piece of work, under way."""

    @property
    def trace_id(self) -> str | None:
        """The id of the trace that it belongs to, as 32 hexadecimal digits; null where none is kept."""

    def rename(self, name: str) -> None:
        """Gives it the name that was not known at its start."""

    def note(self, attributes: Attributes) -> None:
        """Adds attributes."""

    def fail(self, kind: str) -> None:
        """Marks it as failed, with a code or the name of a class, never a message."""


class Tracer(Protocol):
    """Makes spans, each within the one that is under way around it."""

    def span(
        self, name: str, *, kind: Kind, attributes: Attributes, parent: str | None = None
    ) -> AbstractContextManager[Span]:
        """A span as long as the block, failed where an exception leaves it; `parent` is a W3C `traceparent`."""

    def close(self) -> None:
        """Sends what is left; takes two seconds at most."""


class _Nothing:
    """The span of nobody."""

    trace_id = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def rename(self, name: str) -> None:
        """Nothing happens."""

    def note(self, attributes: Attributes) -> None:
        """Nothing happens."""

    def fail(self, kind: str) -> None:
        """Nothing happens."""


_NOTHING = _Nothing()


class Untraced:
    """The tracer where no exporter is configured."""

    def span(
        self,
        name: str,  # noqa: ARG002 - as the protocol has it
        *,
        kind: Kind,  # noqa: ARG002
        attributes: Attributes,  # noqa: ARG002
        parent: str | None = None,  # noqa: ARG002
    ) -> AbstractContextManager[Span]:
        """The same for all: nothing."""
        return _NOTHING

    def close(self) -> None:
        """Nothing is left."""


UNTRACED = Untraced()


def configured_tracer(settings: Settings) -> Tracer:
    """The tracer that the settings ask for; raises SetupError where that needs the extra `telemetry`."""
    if not settings.exports_spans:
        return UNTRACED
    try:
        exporting = importlib.import_module("server.telemetry.exporting")
    except ModuleNotFoundError as error:
        raise SetupError(
            f"OTEL_EXPORTER_OTLP_ENDPOINT is set, and {error.name} is not installed:"
            " install Caveat with its extra `telemetry`, or leave the variable out."
        ) from None
    tracer: Tracer = exporting.otlp_tracer()
    return tracer
