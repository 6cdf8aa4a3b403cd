"""Makes `.venv` and installs what a lock file names; with any Python from 3.11, and nothing but its standard library.

    python3 .ci/environment.py requirements.lock

uv installs where it is there, pip otherwise; every file is checked against the lock's hashes. What is already installed
is not looked at again until the lock changes. Two that run at once run one after the other.
"""  # noqa: INP001 - a script

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
COMMAND = """#!/bin/sh
bin="$(dirname "$(readlink -f "$0")")"
PYTHONPATH="$bin/../..${PYTHONPATH:+:$PYTHONPATH}" exec "$bin/python" -m server.cli "$@"
"""


def main(lock_name: str) -> None:
    """Installs the lock file's packages, unless they are."""
    os.umask(0o022)  # the embedded Postgres may run as another user
    lock = ROOT / lock_name
    stamp = VENV / f"{lock_name}.sha256"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    with alone():
        if read(stamp) != digest or not runs(PYTHON, ""):
            uv = find_uv()
            make_venv(uv)
            install(uv, lock)
            make_command()
            stamp.write_text(digest)
    stamp.touch()


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Waits until no other process makes the environment."""
    VENV.mkdir(exist_ok=True)
    with (VENV / "setup.lock").open("w") as file:  # `.lock` is uv's own
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def read(path: Path) -> str | None:
    """The text of a file; null where there is none."""
    return path.read_text() if path.exists() else None


def runs(python: Path, code: str) -> bool:
    """Whether that Python is there and the code ends well."""
    return python.exists() and subprocess.run([python, "-c", code], check=False, capture_output=True).returncode == 0


def find_uv() -> str | None:
    """The uv command, where there is one that works; a version manager's shim may not."""
    uv = shutil.which("uv")
    works = uv and subprocess.run([uv, "--version"], check=False, capture_output=True).returncode == 0
    return uv if works else None


def make_venv(uv: str | None) -> None:
    """Makes the virtual environment, unless there is one that works and can install."""
    if runs(PYTHON, "" if uv else "import pip"):
        return
    say("Making the virtual environment")
    for stale in (VENV / "bin").glob("python*"):
        stale.unlink()
    if uv:
        run([uv, "venv", "--quiet", "--allow-existing", "--no-python-downloads", "--python", sys.executable, str(VENV)])
    elif runs(Path(sys.executable), "import ensurepip, venv"):
        run([sys.executable, "-m", "venv", str(VENV)])
    else:
        sys.exit(
            "This Python can't make virtual environments. Install its venv package (on Debian and Ubuntu: "
            "`apt install python3-venv`) or uv (https://docs.astral.sh/uv), then run the command again."
        )


def install(uv: str | None, lock: Path) -> None:
    """Installs the lock's packages, each in the one version and with the hashes that it names."""
    say(f"Installing {lock.name}" + ("" if uv else " with pip (uv would be quicker)"))
    if uv:
        options = ["--quiet", "--compile-bytecode", "--require-hashes"]
        run([uv, "pip", "install", *options, "--python", str(PYTHON), "-r", str(lock)])
    else:
        options = ["--quiet", "--disable-pip-version-check", "--no-input", "--require-hashes", "--no-deps"]
        run([str(PYTHON), "-m", "pip", "install", *options, "-r", str(lock)])


def make_command() -> None:
    """Puts the `caveat` command into the environment's `bin`."""
    command = VENV / "bin" / "caveat"
    command.write_text(COMMAND)
    command.chmod(0o755)


def say(text: str) -> None:
    """Tells what takes its time."""
    print(f"{text} …", flush=True)  # noqa: T201 - a script has no other voice


def run(command: list[str]) -> None:
    """Runs a command, whose own words are the error where it fails."""
    result = subprocess.run(command, check=False, env={**os.environ, **CALM})
    if result.returncode != 0:
        sys.exit(f"`{Path(command[0]).name}` could not set up the environment (see above); nothing else was changed.")


CALM = {"UV_LINK_MODE": "copy", "PIP_ROOT_USER_ACTION": "ignore"}
"""Settings without which the installers warn about what is as it should be."""

if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except KeyboardInterrupt:
        sys.exit(130)
