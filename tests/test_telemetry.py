import json

import pytest
import structlog

from server import telemetry
from server.settings import Environment


@pytest.fixture(autouse=True)
def configuration():
    """The configuration of before comes back."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def fail():
    raise ValueError("what a reader typed")


def log_a_failure():
    try:
        fail()
    except ValueError as error:
        structlog.get_logger().error("unexpected error", incident="1", exc_info=error)


def test_an_event_in_production_is_json_with_the_frames_of_its_error_but_not_its_message(capsys):
    telemetry.configure(Environment.PRODUCTION)
    log_a_failure()

    written = capsys.readouterr().err
    event = json.loads(written)
    [stack] = event["exception"]
    assert (event["event"], event["level"], event["incident"]) == ("unexpected error", "error", "1")
    assert (stack["exc_type"], [frame["name"] for frame in stack["frames"]]) == (
        "ValueError",
        ["log_a_failure", "fail"],
    )
    assert "typed" not in written


def test_an_event_in_development_is_for_people(capsys):
    telemetry.configure(Environment.DEVELOPMENT)
    log_a_failure()

    written = capsys.readouterr().err
    assert "unexpected error" in written
    assert written.endswith("ValueError: what a reader typed\n")
