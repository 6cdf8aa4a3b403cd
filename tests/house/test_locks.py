"""The lock files: complete, checked by hashes, and free of addresses."""

import re
import tomllib

import pytest

from tests.house.sources import ROOT

LOCKS = ("requirements.lock", "requirements-embedded.lock", "requirements-semantic.lock", "requirements-dev.lock")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RUNTIME = PROJECT["dependencies"]
EMBEDDED = PROJECT["optional-dependencies"]["embedded"]
TELEMETRY = PROJECT["optional-dependencies"]["telemetry"]
SEMANTIC = PROJECT["optional-dependencies"]["semantic"]
DEV = PROJECT["optional-dependencies"]["dev"]


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        (LOCKS[0], RUNTIME + TELEMETRY),
        (LOCKS[1], RUNTIME + EMBEDDED),
        (LOCKS[2], RUNTIME + TELEMETRY + SEMANTIC),
        (LOCKS[3], RUNTIME + EMBEDDED + TELEMETRY + SEMANTIC + DEV),
    ],
)
def test_a_lock_names_all_that_is_asked_for(lock: str, wanted: list[str]):
    assert {_name(requirement) for requirement in wanted} - set(_pins(lock)) == set()


@pytest.mark.parametrize("lock", LOCKS[1:])
def test_what_is_tried_and_tested_is_what_is_served(lock: str):
    runtime, larger = _pins(LOCKS[0]), _pins(lock)
    both = runtime.keys() & larger.keys()
    assert {name: (runtime[name], larger[name]) for name in both if larger[name] != runtime[name]} == {}


def test_what_is_served_elsewhere_has_no_embedded_postgres():
    assert set(_pins(LOCKS[0])) & {_name(requirement) for requirement in EMBEDDED} == set()


@pytest.mark.parametrize("lock", LOCKS[:2])
def test_nothing_of_search_by_meaning_is_installed_unasked(lock: str):
    assert set(_pins(lock)) & {_name(requirement) for requirement in SEMANTIC} == set()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_has_one_version_and_hashes(lock: str):
    entries = re.split(r"\n(?=\S)", "\n".join(_lines(lock)))
    assert [
        entry for entry in entries if not re.match(r"[a-z0-9-]+(\[[a-z,]+\])?==\S+.* \\\n\s+--hash=sha256:", entry)
    ] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address(lock: str):
    assert [line for line in _lines(lock) if "://" in line or line.startswith("-")] == []


def _lines(lock: str) -> list[str]:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.lstrip().startswith("#")]


def _pins(lock: str) -> dict[str, str]:
    """The lines that pin packages, by name; one that depends on the platform may be pinned twice."""
    pins: dict[str, str] = {}
    for line in _lines(lock):
        if not line.startswith(" "):
            pins[_name(line)] = pins.get(_name(line), "") + line
    return pins


def _name(requirement: str) -> str:
    return re.split(r"[\[=<>~!; ]", requirement, maxsplit=1)[0].lower().replace("_", "-")
