"""What the README says is so."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest
from graphql import parse, specified_rules, validate

from schema.build import build_schema
from schema.rules.requires_disclaimer import RequiresDisclaimerRule
from server import errors
from server.cli import main
from server.commands.deferred import Deferred
from server.errors.root import CaveatError
from server.limits import AnonymousLimits, ClientLimits, Limits

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SETTINGS = README.partition("## Configuration")[2].partition("### Limits")[0]
for _, name, _ in pkgutil.iter_modules(errors.__path__, f"{errors.__name__}."):
    importlib.import_module(name)
OF_COMMANDS = {"REFUSED", "UNREADABLE", "SETUP", "LIMIT_EXCEEDED"}
"""Codes that no client of the endpoint meets."""


def error_classes(root: type[CaveatError] = CaveatError) -> Iterator[type[CaveatError]]:
    yield root
    for child in root.__subclasses__():
        yield from error_classes(child)


def commands(group: click.Group, prefix: str = "caveat") -> Iterator[str]:
    for name, there in group.commands.items():
        command = there.loaded() if isinstance(there, Deferred) else there
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}"


def queries() -> list[str]:
    blocks = re.findall(r"(?m)^    query \w+.*\n(?:    .*\n)+", README)
    assert len(blocks) == 3
    return blocks


def test_every_error_code_is_listed() -> None:
    codes = {each.code for each in error_classes() if each.__module__.startswith(f"{errors.__name__}.")} - OF_COMMANDS

    listed = set(re.findall(r"(?m)^\| `([A-Z_]+)` \|", README))

    assert codes <= listed


@pytest.mark.parametrize("limit", fields(Limits), ids=lambda limit: limit.name)
def test_every_limit_is_listed_with_its_default(limit: object) -> None:
    assert f"| {limit.default:,} | `CAVEAT_{limit.name.upper()}` |" in README


@pytest.mark.parametrize("limit", fields(AnonymousLimits), ids=lambda limit: limit.name)
def test_every_limit_without_a_key_is_listed_with_its_default(limit: object) -> None:
    assert f"| {limit.default:,} | `CAVEAT_ANONYMOUS_{limit.name.upper()}` |" in README


@pytest.mark.parametrize("limit", fields(ClientLimits), ids=lambda limit: limit.name)
def test_every_limit_of_clients_is_listed_with_its_default(limit: object) -> None:
    assert f"| {limit.default:,} | `CAVEAT_CLIENT_{limit.name.upper()}` |" in README


def test_every_setting_is_listed() -> None:
    source = (ROOT / "server" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'environment\.get\("([A-Z_]+)"', source))

    assert {"CAVEAT_ENV", "DATABASE_URL"} <= read == set(re.findall(r"(?m)^\| `([A-Z_]+)` \|.*\|.*\|$", SETTINGS))


def test_every_command_is_listed_and_every_listed_one_is_there() -> None:
    listed = set(re.findall(r"`(caveat [a-z]+(?: [a-z]+)?)(?: [A-Z\[-][^`]*)?`", README))

    assert listed == set(commands(main))


@pytest.mark.parametrize("query", queries(), ids=["web page", "mobile app", "partner portal"])
def test_every_query_is_valid(query: str) -> None:
    assert validate(build_schema(), parse(query), rules=[*specified_rules, RequiresDisclaimerRule]) == []


def test_every_link_leads_somewhere() -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if "://" not in link]

    assert [link for link in links if not (ROOT / link).exists()] == []
