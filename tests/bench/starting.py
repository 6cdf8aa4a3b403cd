"""How long it takes until `caveat serve` answers: `make bench-start`.

On a library that is migrated and has the samples, from the moment that the process is started to the last byte of the
first answer to a query. Started anew again and again; what counts is the best of the times, and the least processor
time of the server itself, since others are busy on the machine. The packages are compiled, as an installation has them.
"""

import contextlib
import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from server.db import local
from tests.bench import machine
from tests.bench.corpus import ROOT
from tests.bench.processor import seconds, tree
from tests.bench.results import parsed, save, table
from tests.bench.servers import START, free_port

QUERY = '{ answer(slug: "how-does-car-t-cell-therapy-work-for-leukemia") { title disclaimers { text } body { html } } }'
RUNS = 5
HEAD = ("command", "Postgres", "ready s", "first answer s", "processor s")
SERVED = (
    ("serve", "running", "production", ()),
    ("serve --workers 2", "running", "production", ("--workers", "2")),
    ("serve, in development", "running", "development", ()),
    ("serve, in development", "embedded, started too", "development", ()),
)


def main(arguments):
    """Prints what a start takes."""
    with tempfile.TemporaryDirectory(prefix="caveat-start-") as home:
        _first_answer(home, {"CAVEAT_ENV": "development"})
        rows = [_row(home, *case) for case in SERVED]
    rows.append(("--help", "", "", "", f"{min(_help() for _ in range(RUNS)):.2f}"))
    heading = f"best of {RUNS}; load of the machine {machine.load()}"
    text = "\n".join([machine.described(), "", heading, "", table(HEAD, rows)])
    sys.stdout.write(text + "\n")
    if arguments.save:
        save("start", text)


def _row(home, command, postgres, environment, words):
    settings = {"CAVEAT_ENV": environment}
    with contextlib.ExitStack() as stack:
        if postgres == "running":
            settings["DATABASE_URL"] = stack.enter_context(local.running(Path(home, "postgres")))
        runs = [_first_answer(home, settings, *words) for _ in range(RUNS)]
    return command, postgres, *(f"{min(figures):.2f}" for figures in zip(*runs, strict=True))


def _first_answer(home, settings, *words):
    """Seconds until all is ready and until the first answer, and the processor's until then, without Postgres."""
    port = free_port()
    with tempfile.TemporaryFile() as output:
        started = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "server.cli", "serve", *words],
            cwd=ROOT,
            env=_environment({"CAVEAT_PORT": str(port), "CAVEAT_DATA_DIR": str(home), **settings}),
            stdout=output,
            stderr=output,
        )
        try:
            connection = _connected(port, until=started + START)
            while _asked(connection, "GET", "/readyz")[0] != 200 and time.monotonic() < started + START:
                time.sleep(0.005)
            ready = time.monotonic() - started
            status, told = _asked(connection, "POST", "/graphql", json.dumps({"query": QUERY}))
            answered = time.monotonic() - started
            if status != 200 or b'"errors"' in told:
                raise SystemExit(f"The answer was {status}: {told[:500].decode()}")
            return ready, answered, seconds(_own(process.pid), with_children=False)
        finally:
            process.terminate()
            process.wait(30)


def _connected(port, *, until):
    """A connection to a server that listens before all else; what it is asked then waits for the answer."""
    while time.monotonic() < until:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START)
        with contextlib.suppress(OSError):
            connection.connect()
            return connection
        time.sleep(0.005)
    raise SystemExit("A server did not start in time.")


def _asked(connection, method, path, body=None):
    connection.request(method, path, body, {"content-type": "application/json"})
    response = connection.getresponse()
    return response.status, response.read()


def _own(pid):
    """The processes of the server, which are not Postgres's."""
    return [pid, *(each for each in tree(pid)[1:] if "postgres" not in Path(f"/proc/{each}/comm").read_text())]


def _help():
    before = os.times()
    command = [sys.executable, "-m", "server.cli", "--help"]
    subprocess.run(command, cwd=ROOT, env=_environment({}), check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def _environment(settings):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CAVEAT_", "DATABASE_"))}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return kept | settings


if __name__ == "__main__":
    main(parsed(__doc__))
