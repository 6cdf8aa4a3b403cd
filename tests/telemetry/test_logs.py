import asyncio
import datetime
import io
import json
import logging
import re
import sys

import pytest
import structlog

from server.settings import Environment, LogLevel, Settings
from server.telemetry import logs

PRODUCTION = Settings(environment=Environment.PRODUCTION)


pytestmark = pytest.mark.usefixtures("log_configuration")


def fail():
    raise ValueError("what a reader typed")


def log_a_failure():
    try:
        fail()
    except ValueError as error:
        structlog.get_logger().error("unexpected error", incident="1", exc_info=error)


def test_an_event_in_production_is_json_with_the_frames_of_its_error_but_not_its_message(capsys):
    logs.configure(PRODUCTION)
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
    logs.configure(Settings())
    log_a_failure()

    written = capsys.readouterr().err
    assert "unexpected error" in written
    assert written.endswith("ValueError: what a reader typed\n")


def test_an_event_says_when_it_was_to_the_millisecond_in_utc(capsys):
    logs.configure(PRODUCTION)
    before = datetime.datetime.now(datetime.UTC) - datetime.timedelta(milliseconds=1)
    structlog.get_logger().info("request", what=object)

    event = json.loads(capsys.readouterr().err)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", event["timestamp"])
    assert before <= datetime.datetime.fromisoformat(event["timestamp"]) <= datetime.datetime.now(datetime.UTC)
    assert event["what"] == "<class 'object'>"


def test_no_error_in_a_group_or_behind_another_shows_its_message(capsys):
    logs.configure(PRODUCTION)
    try:
        try:
            fail()
        except ValueError as error:
            raise ExceptionGroup("typed too", [error]) from error
    except ExceptionGroup as group:
        structlog.get_logger().error("unexpected error", exc_info=group)

    assert "typed" not in capsys.readouterr().err


def test_a_library_logs_in_the_same_form_without_what_it_quotes(capsys):
    logs.configure(PRODUCTION)
    logging.getLogger("library").warning("could not parse %s", "what a reader typed")
    logging.getLogger("library").warning("could not parse 'what a reader typed'")
    logging.getLogger("uvicorn.error").info("203.0.113.7 was here")

    first, second = map(json.loads, capsys.readouterr().err.splitlines())
    assert (first["event"], first["logger"], first["level"]) == ("could not parse %s", "library", "warning")
    assert second["event"] == "could not parse"


async def test_what_a_library_logs_stands_behind_what_was_logged_before(capsys):
    logs.configure(PRODUCTION)
    structlog.get_logger().info("first")
    logging.getLogger("library").warning("second")

    assert [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()] == ["first", "second"]


@pytest.mark.parametrize("error", [None, io.StringIO()])
def test_where_the_standard_error_is_no_file_events_are_written_all_the_same(monkeypatch, capsys, error):
    monkeypatch.setattr(sys, "stderr", error)
    logs.configure(PRODUCTION)
    structlog.get_logger().warning("unusual")

    written = error.getvalue() if error else capsys.readouterr().out
    assert json.loads(written)["event"] == "unusual"


async def test_a_task_that_fails_alone_is_logged_without_its_message(capsys):
    logs.configure(PRODUCTION)
    loop = asyncio.get_running_loop()
    loop.call_exception_handler(
        {"message": "Task exception was never retrieved", "exception": ValueError("typed"), "future": "<Task 'typed'>"}
    )

    written = capsys.readouterr().err
    event = json.loads(written)
    assert (event["event"], event["exception"][0]["exc_type"]) == ("Task exception was never retrieved", "ValueError")
    assert "typed" not in written


def test_what_matters_less_than_the_level_is_not_written(capsys):
    logs.configure(Settings(environment=Environment.PRODUCTION, log_level=LogLevel.WARNING))
    structlog.get_logger().info("request")
    structlog.get_logger().warning("unusual")

    assert json.loads(capsys.readouterr().err)["event"] == "unusual"
