"""Counters and histograms of one thread: what prometheus_client exposes, without the locks that it counts under."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import TypeAlias

from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

Labels: TypeAlias = tuple[str, ...]


class Tally(Collector):
    """A counter for each set of labels."""

    def __init__(self, name: str, description: str, *, labels: Sequence[str]) -> None:
        self._head = name, description, labels
        self._counts: defaultdict[Labels, int] = defaultdict(int)

    def count(self, *labels: str) -> None:
        """Counts one more."""
        self._counts[labels] += 1

    def collect(self) -> Iterator[Metric]:
        """The counts as they are now."""
        name, description, labels = self._head
        family = CounterMetricFamily(name, description, labels=labels)
        for values, count in self._counts.items():
            family.add_metric(values, count)
        yield family


class Durations(Collector):
    """A histogram of seconds for each set of labels."""

    def __init__(self, name: str, description: str, *, labels: Sequence[str], bounds: Sequence[float]) -> None:
        self._head = name, description, labels
        self._bounds = (*bounds, float("inf"))
        self._counts: defaultdict[Labels, list[int]] = defaultdict(lambda: [0] * len(self._bounds))
        self._sums: defaultdict[Labels, float] = defaultdict(float)

    def observe(self, seconds: float, *labels: str) -> None:
        """Counts one that took so long."""
        self._counts[labels][bisect_left(self._bounds, seconds)] += 1
        self._sums[labels] += seconds

    def collect(self) -> Iterator[Metric]:
        """The counts as they are now, each bucket with those below it."""
        name, description, labels = self._head
        family = HistogramMetricFamily(name, description, labels=labels)
        for values, counts in self._counts.items():
            buckets = zip(map(floatToGoString, self._bounds), accumulate(counts), strict=True)
            family.add_metric(values, [*buckets], self._sums[values])
        yield family
