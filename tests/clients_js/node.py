"""Programs of npm packages, and the packages themselves, which are installed once for all workers and all runs."""

import fcntl
import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
TOOLS = FOLDER / "tools"
OLDEST = 20


def _version() -> int:
    """The major version of node; 0 where it or npm is missing, or a version manager's shim does not work."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        return 0
    told = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)", told)
    return int(found[1]) if found else 0


needs_node = pytest.mark.skipif(_version() < OLDEST, reason=f"node {OLDEST} or later and npm are not installed")


def install(folder: Path) -> None:
    """Installs the packages of a folder's lock file, unless they are."""
    digest = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    installed = folder / "node_modules" / ".caveat-installed"
    with (folder / ".npm-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not installed.exists() or installed.read_text() != digest:
            subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=folder, check=True, capture_output=True)
            installed.write_text(digest)


def run_tool(name: str, *arguments: str, folder: Path, status: int = 0) -> subprocess.CompletedProcess[str]:
    """Runs a program of the tools' packages in a folder; what it says is the error where it ends otherwise."""
    command = [str(TOOLS / "node_modules" / ".bin" / name), *arguments]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=100)
    assert result.returncode == status, result.stdout + result.stderr
    return result
