"""What no committed file holds."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.sources import ROOT

FOLDERS = (".ci", "clients", "migrations", "schema", "seeds", "server", "tests")
BUILT = {"__pycache__", "node_modules"}
PLACES = re.compile(rb"/[w]ork/(?:main|shared)|/home/[a-z]+/|/root/")


def test_no_file_names_a_place_on_somebodys_machine():
    assert [str(file) for file in _files() if PLACES.search(file.read_bytes())] == []


def _files() -> Iterator[Path]:
    """Every file but those that are built, and this one, which has to name what it looks for."""
    yield from (file for file in ROOT.iterdir() if file.is_file())
    for folder in FOLDERS:
        for file in (ROOT / folder).rglob("*"):
            if file.is_file() and not BUILT & set(file.parts) and file.name != Path(__file__).name:
                yield file
