"""What is counted here is exposed as prometheus_client exposes what it counts itself."""

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, generate_latest

from server.telemetry.tallies import Durations, Tally

BOUNDS = (0.001, 0.01, 0.25, 1.0)
SECONDS = st.sampled_from([0.0, *BOUNDS, 7.0]) | st.floats(0, 3)
LABELS = st.tuples(st.sampled_from(["a", 'b "b"']), st.sampled_from(["c", "d\n"]))


def exposed(*collectors):
    registry = CollectorRegistry()
    for each in collectors:
        registry.register(each)
    return generate_latest(registry).decode()


@given(st.lists(LABELS))
def test_counts_are_those_of_a_counter(counted):
    disable_created_metrics()
    tally, counter = (
        Tally("things", "Things", labels=("x", "y")),
        Counter("things", "Things", ("x", "y"), registry=None),
    )

    for labels in counted:
        tally.count(*labels)
        counter.labels(*labels).inc()

    assert exposed(tally) == exposed(counter)


@given(st.lists(st.tuples(SECONDS, LABELS)))
def test_durations_are_those_of_a_histogram(observed):
    disable_created_metrics()
    durations = Durations("waits", "Waits", labels=("x", "y"), bounds=BOUNDS)
    histogram = Histogram("waits", "Waits", ("x", "y"), buckets=BOUNDS, registry=None)

    for seconds, labels in observed:
        durations.observe(seconds, *labels)
        histogram.labels(*labels).observe(seconds)

    assert exposed(durations) == exposed(histogram)
