"""Every metric that is served, each with a bounded number of series; a registry for each application.

What a part counts anyway (connections, statements, sockets) is read from it when the metrics are, through `watch`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import prometheus_client
from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from server.telemetry.tallies import Durations, Tally

AD_HOC = "ad hoc"
"""The `operation` of every document that nobody has registered: a client's own names are not bounded."""

MOST_NAMES, OTHER = 500, "other"
"""How many trusted operations have series of their own, and the `operation` of all others."""

UNKNOWN = "unknown"
"""The `type` of an operation whose document was refused."""

NONE = "none"
"""The `route` of what is served nowhere, and the `status` of what was never answered."""

_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

Family: TypeAlias = type[CounterMetricFamily] | type[GaugeMetricFamily]

_WATCHED: dict[str, tuple[Family, str]] = {
    "caveat_subscriptions_open": (GaugeMetricFamily, "Subscriptions under way, over any transport"),
    "caveat_sockets_open": (GaugeMetricFamily, "WebSockets that are open"),
    "caveat_streams_open": (GaugeMetricFamily, "Event streams that are open"),
    "caveat_document_cache_entries": (GaugeMetricFamily, "Documents kept parsed and validated"),
    "caveat_document_cache_hits": (CounterMetricFamily, "Documents found in the cache"),
    "caveat_document_cache_misses": (CounterMetricFamily, "Documents parsed and validated anew"),
    "caveat_compiled_operations": (CounterMetricFamily, "Operations, and events of subscriptions, by what ran them"),
    "caveat_objects_entries": (GaugeMetricFamily, "Answers, revisions and lists kept as objects"),
    "caveat_objects_bytes": (GaugeMetricFamily, "What is kept as objects, in bytes of its JSON"),
    "caveat_objects_hits": (CounterMetricFamily, "Reads of answers and lists that found them kept"),
    "caveat_objects_misses": (CounterMetricFamily, "Reads of answers and lists that asked the database"),
    "caveat_objects_dropped": (CounterMetricFamily, "Kept objects that news touched"),
    "caveat_responses": (CounterMetricFamily, "Results that may be kept, by how they were served"),
    "caveat_responses_kept": (GaugeMetricFamily, "Responses that are kept"),
    "caveat_responses_kept_bytes": (GaugeMetricFamily, "Memory that they take"),
    "caveat_responses_dropped": (CounterMetricFamily, "Responses dropped because something changed"),
    "caveat_database_connections": (GaugeMetricFamily, "Connections of the readers' pool, by state"),
    "caveat_database_statements": (CounterMetricFamily, "Statements sent to read"),
    "caveat_listen_connected": (GaugeMetricFamily, "Whether every change of content is heard of"),
    "caveat_receipts_waiting": (GaugeMetricFamily, "Lines of what was served that are not written yet"),
    "caveat_receipts_dropped": (CounterMetricFamily, "Counts of what was served that found no room"),
    "caveat_purges": (CounterMetricFamily, "Names that caches outside were told to forget, and calls that failed"),
    "caveat_rates_shared": (GaugeMetricFamily, "Whether what callers ask is counted for all processes together"),
}


class Metrics:
    """The metrics of one application."""

    def __init__(self) -> None:
        prometheus_client.disable_created_metrics()  # type: ignore[no-untyped-call]  # of a series each, for nothing
        self.registry = CollectorRegistry()
        self._names: set[str] = set()
        self._watched = _Watched()
        self.registry.register(self._watched)
        ProcessCollector(registry=self.registry)
        self._operations = Tally(
            "caveat_graphql_operations",
            "GraphQL operations by the code of their first error",
            labels=("operation", "type", "code"),
        )
        self._durations = Durations(
            "caveat_graphql_duration_seconds",
            "Time from a request that is read to its result, subscriptions left out",
            labels=("operation", "type"),
            bounds=_SECONDS,
        )
        self._events = Tally("caveat_graphql_events", "Results sent to subscribers by code", labels=("code",))
        self._requests = Tally(
            "caveat_http_requests",
            "HTTP requests answered, sockets at their end",
            labels=("method", "route", "status", "code"),
        )
        for each in (self._operations, self._durations, self._events, self._requests):
            self.registry.register(each)
        self._ready = Gauge("caveat_ready", "Whether all that serving needs is there", registry=self.registry)
        self._outbox_lag = Gauge(
            "caveat_outbox_lag_seconds",
            "Age of the oldest change of content that this process has not heard of",
            registry=self.registry,
        )

    def count_operation(
        self, *, kind: str, code: str, seconds: float | None = None, trusted_name: str | None = None
    ) -> None:
        """Counts an operation of a type at its end, and how long it took; by its name, where it is a trusted one."""
        name = AD_HOC if trusted_name is None else self._bounded(trusted_name)
        self._operations.count(name, kind, code)
        if seconds is not None:
            self._durations.observe(seconds, name, kind)

    def count_event(self, code: str) -> None:
        """Counts a result of a subscription."""
        self._events.count(code)

    def count_request(self, *, method: str, route: str, status: int | None, code: str) -> None:
        """Counts a request at its end; method and route are of those that are served, or one word for all others."""
        self._requests.count(method, route, NONE if status is None else str(status), code)

    def _bounded(self, name: str) -> str:
        if len(self._names) < MOST_NAMES:
            self._names.add(name)
        return name if name in self._names else OTHER

    def note_health(self, *, is_ready: bool, outbox_lag: float) -> None:
        """Takes what was asked just now; a lag of not-a-number is one that can't be known."""
        self._ready.set(is_ready)
        self._outbox_lag.set(outbox_lag)

    def watch(self, name: str, read: Callable[[], float], **labels: str) -> None:
        """Serves what `read` gives as a metric of `_WATCHED`, whenever it is asked for."""
        self._watched.add(name, read, labels=labels)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reading:
    labels: dict[str, str]
    read: Callable[[], float]


class _Watched(Collector):
    """What is read from the parts that count it."""

    def __init__(self) -> None:
        self._readings: defaultdict[str, list[_Reading]] = defaultdict(list)

    def add(self, name: str, read: Callable[[], float], *, labels: dict[str, str]) -> None:
        """Adds a series to a metric."""
        self._readings[name].append(_Reading(labels=labels, read=read))

    def collect(self) -> Iterator[Metric]:
        """The metrics as they are now."""
        for name, readings in self._readings.items():
            family, description = _WATCHED[name]
            metric = family(name, description, labels=tuple(readings[0].labels))
            for reading in readings:
                metric.add_metric(tuple(reading.labels.values()), reading.read())
            yield metric
