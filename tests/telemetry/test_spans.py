import sys

import pytest
from opentelemetry.trace import SpanKind, StatusCode

from server.errors import BadUserInputError, SetupError
from server.settings import Settings
from server.telemetry.exporting import ExportingTracer, otlp_tracer
from server.telemetry.spans import UNTRACED, Kind, configured_tracer
from tests.telemetry.exported import Exported

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture
def exported():
    return Exported()


@pytest.fixture
def tracer(exported):
    return ExportingTracer(exported.provider)


def test_where_no_exporter_is_configured_nothing_is_made():
    assert configured_tracer(Settings()) is UNTRACED
    with UNTRACED.span("work", kind=Kind.SERVER, attributes={}) as first:
        first.rename("other")
        first.note({"a": 1})
        first.fail("x")
    with UNTRACED.span("more", kind=Kind.CLIENT, attributes={}) as second:
        assert (first is second, second.trace_id) == (True, None)


def test_spans_nest_and_bear_names_kinds_and_attributes(exported, tracer):
    with tracer.span("outer", kind=Kind.SERVER, attributes={"a": 1}) as outer:
        outer.rename("renamed")
        outer.note({"b": "c"})
        with tracer.span("inner", kind=Kind.CLIENT, attributes={}):
            pass

    inner, outer = exported.spans()
    assert (outer.name, outer.kind, outer.attributes) == ("renamed", SpanKind.SERVER, {"a": 1, "b": "c"})
    assert (inner.kind, inner.parent.span_id, outer.parent) == (SpanKind.CLIENT, outer.context.span_id, None)


@pytest.mark.parametrize(
    ("error", "kind"), [(ValueError("typed"), "ValueError"), (BadUserInputError("typed"), "BAD_USER_INPUT")]
)
def test_an_error_is_told_by_its_kind_alone(exported, tracer, error, kind):
    with pytest.raises(type(error)), tracer.span("work", kind=Kind.SERVER, attributes={}):
        raise error

    [span] = exported.spans()
    assert (span.status.status_code, span.attributes, span.events) == (StatusCode.ERROR, {"error.type": kind}, ())
    assert "typed" not in exported.text()


@pytest.mark.parametrize(
    ("parent", "is_followed"), [(f"00-{TRACE}-00f067aa0ba902b7-01", True), ("what a reader typed", False)]
)
def test_a_callers_trace_goes_on_where_it_is_one(exported, tracer, parent, is_followed):
    with tracer.span("work", kind=Kind.SERVER, attributes={}, parent=parent) as span:
        assert (span.trace_id == TRACE) is is_followed

    assert "typed" not in exported.text()


def test_spans_go_to_the_collector_that_is_named(monkeypatch):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    tracer = configured_tracer(Settings(exports_spans=True))

    assert isinstance(tracer, ExportingTracer)
    tracer.close()


@pytest.mark.parametrize(("given", "name"), [(None, "caveat"), ("portal", "portal")])
def test_the_service_is_called_caveat_unless_it_has_a_name(monkeypatch, given, name):
    if given:
        monkeypatch.setenv("OTEL_SERVICE_NAME", given)
    tracer = otlp_tracer()

    assert tracer.resource["service.name"] == name
    tracer.close()


def test_without_the_extra_the_refusal_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    monkeypatch.delitem(sys.modules, "server.telemetry.exporting")

    with pytest.raises(SetupError, match="install Caveat with its extra `telemetry`"):
        configured_tracer(Settings(exports_spans=True))
