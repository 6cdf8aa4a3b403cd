"""The servers that are measured, each a process of its own on a free port of this machine."""

import contextlib
import http.client
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.bench.corpus import ROOT, say
from tests.bench.processor import tree

UNLIMITED = str(2**31 - 1)
SERVED = {
    "CAVEAT_ENV": "production",
    "CAVEAT_LOG_LEVEL": "warning",
    "CAVEAT_ANONYMOUS_REQUESTS_PER_MINUTE": UNLIMITED,
    "CAVEAT_ANONYMOUS_COST_PER_MINUTE": UNLIMITED,
    "CAVEAT_CLIENT_REQUESTS_PER_MINUTE": UNLIMITED,
    "CAVEAT_CLIENT_COST_PER_MINUTE": UNLIMITED,
}
"""All of it counts and checks as ever; only the numbers are out of reach, and no line is written for each request."""

RESPONSES, OBJECTS = "CAVEAT_CACHE_MB", "CAVEAT_OBJECTS_MB"
CACHED, NO_RESPONSES, NO_OBJECTS = "Caveat", "Caveat, no responses kept", "Caveat, nor objects"
VARIANTS = {
    CACHED: {},
    NO_RESPONSES: {RESPONSES: "0"},
    NO_OBJECTS: {RESPONSES: "0", OBJECTS: "0"},
}
START = 60


@dataclass(frozen=True, kw_only=True)
class Server:
    """One that answers."""

    name: str
    port: int
    pid: int

    @property
    def pids(self):
        """Its processes."""
        return tree(self.pid)


def variants():
    """Those that the settings of this checkout can tell apart; the others are named, and left out."""
    known = set(re.findall(r'"(CAVEAT_[A-Z_]+)"', (ROOT / "server" / "settings.py").read_text()))
    found = {}
    for name, settings in VARIANTS.items():
        if missing := set(settings) - known:
            say(f"LEFT OUT: “{name}”: there is no setting {', '.join(sorted(missing))} in this checkout.")
        else:
            found[name] = settings
    return found


@contextlib.contextmanager
def caveat(name, *, url, workers=1, **settings):
    """`caveat serve` on a database."""
    port = free_port()
    command = [sys.executable, "-m", "server.cli", "serve"]
    if workers > 1:
        command += ["--workers", str(workers)]
    environment = {**os.environ, **SERVED, "DATABASE_URL": url, "CAVEAT_PORT": str(port), **settings}
    with _running(name, command, port=port, environment=environment, path="/readyz") as server:
        yield server


@contextlib.contextmanager
def other(module, argument, *, name):
    """Another server, which a module of these runs."""
    port = free_port()
    command = [sys.executable, "-m", f"tests.bench.{module}", str(port), str(argument)]
    with _running(name, command, port=port, environment=dict(os.environ)) as server:
        yield server


@contextlib.contextmanager
def _running(name, command, *, port, environment, path=None):
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=output, stderr=output)
        try:
            _wait(process, port, path=path, output=output)
            yield Server(name=name, port=port, pid=process.pid)
        finally:
            process.terminate()
            process.wait(30)


def _wait(process, port, *, path, output):
    limit = time.monotonic() + START
    while time.monotonic() < limit:
        if process.poll() is not None:
            output.seek(0)
            raise SystemExit(f"A server ended: {output.read()[-2000:].decode()}")
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", path or "/")
            if path is None or connection.getresponse().status == 200:
                return
        time.sleep(0.02)
    raise SystemExit("A server did not start in time.")


def free_port():
    """A port of this machine that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def postmaster(home):
    """The process id of the embedded Postgres of a data folder."""
    return int((Path(home) / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
