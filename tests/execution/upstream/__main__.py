"""Fetches graphql-core's tests and runs them: see `make upstream`. Exit code 0 where they fail as is known."""

import hashlib
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from importlib.metadata import version
from pathlib import Path
from xml.etree import ElementTree

from tests.execution.upstream.compiled import COUNTS

HERE, ROOT = Path(__file__).parent, Path(__file__).parents[3]
PIP = (sys.executable, "-m", "pip", "--quiet")
LEFT_OUT = ("tests/execution/incremental", "tests/execution/test_too_deeply_nested_selections.py")
"""What is of incremental delivery, and of documents that are refused before they are executed."""

KNOWN = {
    "nullable_and_non_nullable_nested_fields_throw_nested_errors",
    "slower_nullable_after_non_nullable_nested_field",
}
"""Tests that fail, and why.

They want two errors told of which the later one empties a place that the earlier one has emptied already; whether it is
told is left open by https://spec.graphql.org/draft/#sec-Handling-Execution-Errors.
"""


def fetch(folder: Path) -> Path:
    """The folder of the locked version's sources, whose archive is the one that the lock file knows."""
    name = f"graphql-core=={version('graphql-core')}"
    subprocess.run([*PIP, "download", "--no-deps", "--no-binary", "graphql-core", "-d", folder, name], check=True)
    plugins = ("--no-deps", "--require-hashes", "--target", folder / "plugins", "-r", HERE / "requirements.txt")
    subprocess.run([*PIP, "install", *plugins], check=True)
    [archive] = folder.glob("graphql_core-*.tar.gz")
    if hashlib.sha256(archive.read_bytes()).hexdigest() not in (ROOT / "requirements.lock").read_text():
        raise SystemExit(f"{archive.name} is not what requirements.lock says.")
    with tarfile.open(archive) as sources:
        sources.extractall(folder, filter="data")
    return folder / archive.name.removesuffix(".tar.gz")


def run(sources: Path) -> tuple[set[str], int]:
    """The names of the tests that fail, and how many there are."""
    (sources / "pytest.ini").write_text("[pytest]\nasyncio_mode = strict\n")
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(map(str, (sources, sources.parent / "plugins", HERE, ROOT))),
        COUNTS: str(sources / "counts.json"),
    }
    words = ("-q", "--tb=no", "--timeout=20", "-W", "ignore", "-p", "compiled", "--junitxml=found.xml")
    ignored = [f"--ignore={path}" for path in LEFT_OUT]
    command = [sys.executable, "-m", "pytest", *words, *ignored, "tests/execution"]
    subprocess.run(command, cwd=sources, env=environment, check=False)
    cases = [*ElementTree.parse(sources / "found.xml").iter("testcase")]  # noqa: S314 - pytest wrote it just now
    failed = {case.attrib["name"] for case in cases if {"failure", "error"} & {each.tag for each in case}}
    return failed, len(cases)


def main() -> int:
    """Says what was found."""
    with tempfile.TemporaryDirectory() as folder:
        sources = fetch(Path(folder))
        failed, count = run(sources)
        counts = json.loads((sources / "counts.json").read_text())
    told = ", ".join(f"{number} {by}" for by, number in counts.items())
    sys.stdout.write(f"{count} tests; operations: {told}\n")
    for name in sorted(failed ^ KNOWN):
        sys.stdout.write(f"{'fails' if name in failed else 'does not fail any more'}: {name}\n")
    return int(failed != KNOWN or not count or not counts["compiled"])


if __name__ == "__main__":
    sys.exit(main())
