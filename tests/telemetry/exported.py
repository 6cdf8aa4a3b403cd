"""Spans that are kept instead of sent."""

from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter


class Exported:
    """A provider and what it was given."""

    def __init__(self):
        self._exporter = InMemorySpanExporter()
        self.provider = TracerProvider(shutdown_on_exit=False)
        self.provider.add_span_processor(SimpleSpanProcessor(self._exporter))

    def spans(self):
        """Those that have ended, in the order in which they did."""
        return list(self._exporter.get_finished_spans())

    def text(self):
        """Everything that would be sent."""
        return "\n".join(span.to_json() for span in self.spans())
