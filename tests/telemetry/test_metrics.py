import pytest

from server.telemetry.metrics import Metrics


@pytest.fixture
def metrics():
    return Metrics()


def test_two_applications_count_apart(metrics):
    other = Metrics()
    metrics.count_event("OK")

    assert metrics.registry.get_sample_value("caveat_graphql_events_total", {"code": "OK"}) == 1
    assert other.registry.get_sample_value("caveat_graphql_events_total", {"code": "OK"}) is None


def test_what_is_watched_is_read_when_it_is_asked_for(metrics):
    busy = [0]
    metrics.watch("caveat_database_connections", lambda: busy[0], state="busy")
    metrics.watch("caveat_database_connections", lambda: 7, state="idle")
    busy[0] = 3

    read = metrics.registry.get_sample_value
    assert read("caveat_database_connections", {"state": "busy"}) == 3
    assert read("caveat_database_connections", {"state": "idle"}) == 7


def test_what_was_never_answered_has_no_status(metrics):
    labels = {"method": "POST", "route": "/graphql", "code": "CANCELLED"}
    metrics.count_request(status=None, **labels)

    assert metrics.registry.get_sample_value("caveat_http_requests_total", labels | {"status": "none"}) == 1


def test_every_name_follows_the_conventions(metrics):
    metrics.watch("caveat_database_statements", lambda: 1)

    for family in metrics.registry.collect():
        assert family.name.startswith(("caveat_", "process_"))
        assert not family.name.endswith("_total")
        assert family.documentation
        assert {sample.name for sample in family.samples if sample.name.endswith("_created")} == set()
