"""A client with a key and a trusted document, registered with the commands that anybody has."""

import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.cases import PAGE
from tests.bench.corpus import ROOT

NAME = "Benchmark"


def trusted(url):
    """The key of the client, and the id of the page as its document."""
    with contextlib.suppress(subprocess.CalledProcessError):
        _run(url, "clients", "revoke", NAME)
    try:
        key = _run(url, "clients", "rotate", NAME).strip()
    except subprocess.CalledProcessError:
        key = _run(url, "clients", "add", NAME, "--kind", "server").strip()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "page.graphql").write_text(PAGE)
        printed = _run(url, "documents", "push", folder, "--client", NAME, "--version", "1")
    document = next(word for word in printed.split() if len(word.removeprefix("sha256:")) == 64)
    return key, document


def _run(url, *words):
    command = [sys.executable, "-m", "server.cli", *words]
    environment = {**os.environ, "DATABASE_URL": url}
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout
