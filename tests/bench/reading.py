"""What reads of a large library cost: their statements, their time, and how much of a table they look at."""

import json
import os
import time
from dataclasses import dataclass, field

from server.db.connections import connect
from server.db.gathering import SESSION
from server.db.reads import NO_SCANS, Reads
from tests.bench import processor

PATIENCE = 120.0
SERVED_SECONDS = 1.0
"""The longest that the server waits for the reads of an operation."""
LARGE = 1_000
"""Rows from which to look at the whole of a table is to look at too much."""
MOST_SECONDS = 20.0


class Noting(Reads):
    """Reads that keep what was sent, and wait for however long it takes; those of items planned as they are served."""

    def __init__(self, url):
        super().__init__(url, size=1, deadline=PATIENCE, session=NO_SCANS)
        self.sent = []
        self._items = Reads(url, size=1, deadline=PATIENCE, session=SESSION)

    async def open(self):
        await super().open()
        await self._items.open()

    async def close(self):
        await self._items.close()
        await super().close()

    async def pids(self):
        """The processes that answer in Postgres."""
        return [await each.fetch_value("select pg_backend_pid()") for each in (self, self._items)]

    async def fetch(self, sql, *args):
        self.sent.append((sql, args))
        return await super().fetch(sql, *args)

    async def fetch_each(self, each, items):
        self.sent.append((each.sql, each.arguments(items)))
        return await self._items.fetch_each(each, items)


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What a plan says, once it was run."""

    rows: int
    """The most that one node of it read."""
    scanned: tuple[str, ...]
    """The large tables of which it read every row, or every entry of an index."""


@dataclass(kw_only=True)
class Cost:
    """What one kind of read took."""

    name: str
    statements: int = 0
    seconds: list = field(default_factory=list)
    processor_seconds: float = 0.0
    """Of this process and the connection's in Postgres, for all of them together."""
    looked: Looked = Looked(rows=0, scanned=())

    def at(self, part):
        """Milliseconds at that part of the reads, the quickest first."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * part))] * 1000

    @property
    def processor_ms(self):
        """Milliseconds of processor time of one read."""
        return self.processor_seconds / len(self.seconds) * 1000


async def cost(name, call, *, reads, explain, times):
    """The cost of a read with other arguments each time: the numbers from 0 on."""
    found, pids = Cost(name=name), [os.getpid(), *await reads.pids()]
    limit = time.monotonic() + MOST_SECONDS
    for number in range(times):
        reads.sent.clear()
        used, began = processor.seconds(pids), time.perf_counter()
        await call(number)
        found.seconds.append(time.perf_counter() - began)
        found.processor_seconds += processor.seconds(pids) - used
        found.statements = max(found.statements, len(reads.sent))
        if number == 0 or time.monotonic() > limit:
            looked = [await explain(*sent) for sent in list(reads.sent)]
            found.looked = _most(found.looked, *looked)
        if time.monotonic() > limit:
            break
    return found


def _most(*looked):
    scanned = dict.fromkeys(table for each in looked for table in each.scanned)
    return Looked(rows=max(each.rows for each in looked), scanned=tuple(scanned))


class Explaining:
    """Runs statements once more, and reads their plans."""

    def __init__(self, connection, sizes):
        self._connection = connection
        self._sizes = sizes

    @classmethod
    async def on(cls, url):
        """With the sizes of the tables of a database, by name."""
        connection = await connect(url, **NO_SCANS)
        rows = await connection.fetch("select relname, reltuples::bigint from pg_class where relkind = 'r'")
        return cls(connection, {row[0]: row[1] for row in rows if row[1] >= LARGE})

    async def __call__(self, sql, args):
        """What a statement looks at."""
        rows = await self._connection.fetch(f"explain (analyze, timing off, format json) {sql}", *args)
        seen = list(_nodes(json.loads(rows[0][0])[0]["Plan"]))
        scanned = [node["Relation Name"] for node in seen if self._is_whole(node)]
        return Looked(rows=max(map(_read, seen), default=0), scanned=tuple(dict.fromkeys(scanned)))

    def _is_whole(self, node):
        """Whether a node reads all of a large table: the plan's own word, and what came of it."""
        size = self._sizes.get(node.get("Relation Name"), 0)
        return bool(size) and (node["Node Type"] == "Seq Scan" or _read(node) >= size * 0.9) and _read(node) > 0

    async def close(self):
        """Hangs up."""
        await self._connection.close()


def _read(node):
    """The rows that a node read, those that it left out too, in all its loops."""
    if "Relation Name" not in node:
        return 0
    kept = node["Actual Rows"] + node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return round(kept * node["Actual Loops"])


def _nodes(plan):
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)
