"""Reads that are spans: by a summary of each statement, never its text or its values.

https://opentelemetry.io/docs/specs/semconv/database/database-spans/
"""

import functools
import re
from typing import Any

import asyncpg

from server.db.reads import Reads
from server.telemetry.spans import Kind, Tracer

_COMMENT = re.compile(r"--.*")
_TABLE = re.compile(r"\b(?:from|join|into|update)\s+([a-z_]+)")
_NAMED_HERE = re.compile(r"\b([a-z_]+)\s*(?:\([^)]*\))?\s+as\s+(?:(?:not\s+)?materialized\s+)?\(")
_MOST_SUMMARIES = 512
_LONGEST = 255


class TracedReads(Reads):
    """Reads of which each is a span."""

    def __init__(self, url: str, *, tracer: Tracer, size: int = 10) -> None:
        super().__init__(url, size=size)
        self._tracer = tracer

    async def fetch(self, sql: str, *args: Any) -> list[asyncpg.Record]:  # noqa: ANN401 - any value that SQL takes
        """All rows of the statement."""
        attributes = {"db.system.name": "postgresql", "db.query.summary": summary(sql)}
        with self._tracer.span(attributes["db.query.summary"], kind=Kind.CLIENT, attributes=attributes):
            return await super().fetch(sql, *args)


@functools.lru_cache(maxsize=_MOST_SUMMARIES)
def summary(sql: str) -> str:
    """What a statement does and to which tables: `SELECT answer revision`."""
    text = _COMMENT.sub("", sql).lower()
    here = set(_NAMED_HERE.findall(text))
    tables = dict.fromkeys(table for table in _TABLE.findall(text) if table not in here)
    verb = text.split(maxsplit=1)[0].replace("with", "select")
    return " ".join([verb.upper(), *tables])[:_LONGEST]
