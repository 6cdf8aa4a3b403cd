import gzip
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.trace import SpanKind, StatusCode

from server.errors.machine import SetupError
from server.errors.requests import BadUserInputError
from server.settings import Settings
from server.telemetry.exporting import CLOSE_SECONDS, ExportingTracer, otlp_tracer
from server.telemetry.spans import UNTRACED, Kind, configured_tracer
from tests.telemetry.exported import Exported

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture
def exported():
    return Exported()


@pytest.fixture
def tracer(exported):
    return ExportingTracer(exported.provider)


class Collector(ThreadingHTTPServer):
    """Takes what is posted."""

    def __init__(self):
        self.received = []
        super().__init__(("127.0.0.1", 0), Posted)
        self.url = f"http://127.0.0.1:{self.server_port}"


class Posted(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.received.append((self.path, gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def collector():
    with Collector() as opened:
        serving = threading.Thread(target=opened.serve_forever)
        serving.start()
        yield opened
        opened.shutdown()
        serving.join()


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


def test_spans_go_to_the_collector_that_is_named(monkeypatch, collector):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
    tracer = configured_tracer(Settings(exports_spans=True))
    with tracer.span("work", kind=Kind.SERVER, attributes={}):
        pass
    tracer.close()

    [(path, body)] = collector.received
    assert path == "/v1/traces"
    assert b"work" in body


def test_a_collector_that_does_not_answer_holds_nobody_up(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{deaf.getsockname()[1]}")
        tracer = otlp_tracer()
        with tracer.span("work", kind=Kind.SERVER, attributes={}):
            pass
        began = time.monotonic()
        tracer.close()

    assert time.monotonic() - began < 2 * CLOSE_SECONDS


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
