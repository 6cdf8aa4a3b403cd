"""Spans through OpenTelemetry; the one module that imports it, loaded where an exporter is configured.

The SDK reads its own variables: `OTEL_EXPORTER_OTLP_…`, `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`,
`OTEL_TRACES_SAMPLER`.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span as ApiSpan
from opentelemetry.trace import SpanKind, StatusCode, format_trace_id
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from server.errors.root import CaveatError
from server.telemetry.spans import Attributes, Kind, Span

CLOSE_SECONDS = 2.0
"""How long the server's end waits for a collector."""

_KINDS = {Kind.SERVER: SpanKind.SERVER, Kind.CLIENT: SpanKind.CLIENT}


class ExportedSpan:
    """A span of OpenTelemetry's."""

    def __init__(self, span: ApiSpan) -> None:
        self._span = span

    @property
    def trace_id(self) -> str | None:
        """As W3C writes it."""
        return format_trace_id(self._span.get_span_context().trace_id)

    def rename(self, name: str) -> None:
        """Gives it another name."""
        self._span.update_name(name)

    def note(self, attributes: Attributes) -> None:
        """Adds attributes."""
        self._span.set_attributes(attributes)

    def fail(self, kind: str) -> None:
        """https://opentelemetry.io/docs/specs/semconv/general/recording-errors/, without descriptions."""
        self._span.set_attribute("error.type", kind)
        self._span.set_status(StatusCode.ERROR)


class ExportingTracer:
    """Makes spans that a provider processes."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("caveat")
        self._propagator = TraceContextTextMapPropagator()

    @property
    def resource(self) -> Mapping[str, object]:
        """What the spans say of the process that made them."""
        return self._provider.resource.attributes

    @contextmanager
    def span(self, name: str, *, kind: Kind, attributes: Attributes, parent: str | None = None) -> Iterator[Span]:
        """A span as long as the block; of the caller's headers only `traceparent` counts, which can hold no text."""
        with self._tracer.start_as_current_span(
            name,
            context=self._propagator.extract({"traceparent": parent}) if parent else None,
            kind=_KINDS[kind],
            attributes=attributes,
            record_exception=False,  # its message may quote what a reader typed
            set_status_on_exception=False,
        ) as opened:
            span = ExportedSpan(opened)
            try:
                yield span
            except Exception as error:
                span.fail(error.code if isinstance(error, CaveatError) else type(error).__qualname__)
                raise

    def close(self) -> None:
        """Sends what is left, unless the collector is slower than the server's end can be."""
        closing = threading.Thread(target=self._provider.shutdown, daemon=True)
        closing.start()
        closing.join(CLOSE_SECONDS)


def otlp_tracer() -> ExportingTracer:
    """A tracer to the collector that OpenTelemetry's variables name."""
    provider = TracerProvider(resource=_resource(), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(timeout=CLOSE_SECONDS)))
    return ExportingTracer(provider)


def _resource() -> Resource:
    resource = Resource.create()
    is_named = not str(resource.attributes[SERVICE_NAME]).startswith("unknown_service")
    return resource if is_named else resource.merge(Resource({SERVICE_NAME: "caveat"}))
