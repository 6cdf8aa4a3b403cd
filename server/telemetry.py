"""What the server tells its operators: structured logs, as lines for people in development, as JSON in production.

Events have fields. No field holds a query's text, a variable, a search term or an address.
"""

import logging
import sys

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor, WrappedLogger

from server.settings import Environment


def configure(environment: Environment) -> None:
    """Sends events to standard error, in the form that suits the environment; call it once, at the start."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *_ending(environment),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )


def _ending(environment: Environment) -> tuple[Processor, ...]:
    if environment is Environment.DEVELOPMENT:
        plain = structlog.dev.plain_traceback  # the other one shows the values of variables
        return (structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain),)
    return (
        structlog.processors.ExceptionRenderer(_frames),
        _without_messages,
        structlog.processors.JSONRenderer(),
    )


_frames = ExceptionDictTransformer(show_locals=False, max_frames=30)


def _without_messages(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The message of an unexpected error may quote what a reader typed: the kind and the frames have to do."""
    for stack in event.get("exception", ()):
        stack.pop("exc_value", None)
        stack.pop("exc_notes", None)
    return event
