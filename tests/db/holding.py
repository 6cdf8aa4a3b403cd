"""A program that uses an embedded Postgres until it is killed: tests run it as another process."""

import sys
import threading
from pathlib import Path

from server.db import local

if __name__ == "__main__":
    with local.running(Path(sys.argv[1]), local.Profile(initdb=("--no-sync",))) as url:
        sys.stdout.write(f"{url}\n")
        sys.stdout.flush()
        threading.Event().wait()
