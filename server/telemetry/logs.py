"""Structured logs, as lines for people in development, as JSON in production; those of the libraries among them.

Events have fields. No field holds a query's text, a variable, a search term or an address.
"""

import datetime
import functools
import logging
import re
import sys
import time
from typing import Any

import orjson
import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor, WrappedLogger

from server.settings import Environment, Settings
from server.telemetry.lines import Lines
from server.telemetry.visits import at_hand

_CHATTY = ("uvicorn.error", "uvicorn.access", "asyncio")
"""Loggers that say addresses and URLs below the level of warnings."""

_FIRST_VALUE = re.compile(r"\s*['\"<({\[:\n].*", re.DOTALL)


def configure(settings: Settings) -> None:
    """Sends events to standard error, in the form that suits the environment; call it once, at the start."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    is_production = settings.environment is Environment.PRODUCTION
    json = structlog.processors.JSONRenderer(_json)
    ending: tuple[Processor, ...] = (*_FOR_MACHINES, json) if is_production else (_for_people(),)
    # there is none where the standard error is closed, or is no file
    file = getattr(sys.stderr, "buffer", None) if is_production else None
    lines = Lines(file) if file else None
    structlog.configure(
        processors=[_say_when_and_for_whom, *((*_FOR_MACHINES, _line) if lines else ending)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lines or structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    _take_in_libraries(settings.environment, ending, lines=lines)


class _Handler(logging.StreamHandler[Any]):
    """Writes what the libraries log, behind what was logged before."""

    def __init__(self, lines: Lines | None) -> None:
        super().__init__(sys.stderr)
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        """Writes one event."""
        if self._lines is not None:
            self._lines.flush()
        super().emit(record)


def _take_in_libraries(environment: Environment, ending: tuple[Processor, ...], *, lines: Lines | None) -> None:
    """Gives what the libraries log the same form."""
    naming = _name_alone if environment is Environment.PRODUCTION else _name
    handler = _Handler(lines)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=[_say_when_and_for_whom, naming],
            processors=[ProcessorFormatter.remove_processors_meta, *ending],
        )
    )
    logging.root.handlers = [handler]
    logging.root.setLevel(logging.WARNING)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


def _say_when_and_for_whom(_logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    event["level"] = "error" if method == "exception" else method
    event["timestamp"] = _timestamp(time.time())
    visit = at_hand()
    if visit is not None:
        event["request_id"] = visit.id
        if visit.trace_id:
            event["trace_id"] = visit.trace_id
    return event


def _timestamp(now: float) -> str:
    seconds, rest = divmod(now, 1)
    return f"{_second(int(seconds))}.{int(rest * 1000):03}+00:00"


@functools.lru_cache(maxsize=2)
def _second(seconds: int) -> str:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _name(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    event["logger"] = event["_record"].name
    return event


def _name_alone(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """A library may quote anything: of what it says its own words are kept, up to the first value."""
    event["event"] = _FIRST_VALUE.sub("", str(event["_record"].msg))
    return _name(logger, method, event)


def _for_people() -> Processor:
    plain = structlog.dev.plain_traceback  # the other one shows the values of variables
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)


def _without_messages(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The message of an unexpected error may quote what a reader typed: the kind and the frames have to do."""
    for stack in event.get("exception", ()):
        _strip(stack)
    return event


def _strip(stack: dict[str, Any]) -> None:
    stack.pop("exc_value", None)
    stack.pop("exc_notes", None)
    for group in stack.get("exceptions", ()):
        for inner in group:
            _strip(inner)


def _json(event: EventDict, **options: Any) -> str:  # noqa: ANN401 - the renderer's own
    return orjson.dumps(event, **options).decode()


def _line(_logger: WrappedLogger, _method: str, event: EventDict) -> bytes:
    return orjson.dumps(event, default=repr, option=orjson.OPT_APPEND_NEWLINE)


_frames = ExceptionDictTransformer(show_locals=False, max_frames=30)

_FOR_MACHINES: tuple[Processor, ...] = (structlog.processors.ExceptionRenderer(_frames), _without_messages)
"""What an event is made of before it is written as JSON."""
