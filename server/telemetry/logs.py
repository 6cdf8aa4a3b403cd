"""Structured logs, as lines for people in development, as JSON in production; those of the libraries among them.

Events have fields. No field holds a query's text, a variable, a search term or an address.
"""

import logging
import re
import sys
from typing import Any

import orjson
import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor, WrappedLogger

from server.settings import Environment, Settings

_BEGINNING: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)
_CHATTY = ("uvicorn.error", "uvicorn.access", "asyncio")
"""Loggers that say addresses and URLs below the level of warnings."""

_FIRST_VALUE = re.compile(r"\s*['\"<({\[:\n].*", re.DOTALL)


def configure(settings: Settings) -> None:
    """Sends events to standard error, in the form that suits the environment; call it once, at the start."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    ending = _ending(settings.environment)
    structlog.configure(
        processors=[*_BEGINNING, *ending],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    _take_in_libraries(settings.environment, ending)


def _take_in_libraries(environment: Environment, ending: tuple[Processor, ...]) -> None:
    """Gives what the libraries log the same form."""
    naming = _name_alone if environment is Environment.PRODUCTION else _name
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=[*_BEGINNING, naming],
            processors=[ProcessorFormatter.remove_processors_meta, *ending],
        )
    )
    logging.root.handlers = [handler]
    logging.root.setLevel(logging.WARNING)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


def _name(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    event["logger"] = event["_record"].name
    return event


def _name_alone(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """A library may quote anything: of what it says its own words are kept, up to the first value."""
    event["event"] = _FIRST_VALUE.sub("", str(event["_record"].msg))
    return _name(logger, method, event)


def _ending(environment: Environment) -> tuple[Processor, ...]:
    if environment is Environment.DEVELOPMENT:
        plain = structlog.dev.plain_traceback  # the other one shows the values of variables
        return (structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain),)
    return (
        structlog.processors.ExceptionRenderer(_frames),
        _without_messages,
        structlog.processors.JSONRenderer(_json),
    )


_frames = ExceptionDictTransformer(show_locals=False, max_frames=30)


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
