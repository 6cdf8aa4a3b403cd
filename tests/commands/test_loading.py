"""What the commands load: each what it works with, and what lists them nothing of that."""

import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

from server.cli import COMMANDS, main
from tests.house.sources import ROOT
from tests.journeys.processes import serving

HEAVY = re.compile(
    r"\b(alembic|sqlmodel|pydantic|yaml|markdown_it|numpy|opentelemetry|server\.(?:importers|content\.publishing))\b"
)
LIST = """
import sys
there = set(sys.modules)
from server.cli import main
main(["--help"], standalone_mode=False)
print(*{name.partition(".")[0] for name in sys.modules.keys() - there} - sys.stdlib_module_names, file=sys.stderr)
"""


def test_help_loads_nothing_that_commands_work_with() -> None:
    ended = subprocess.run([sys.executable, "-c", LIST], cwd=ROOT, check=True, capture_output=True, text=True)

    assert "  serve  " in ended.stdout
    assert set(ended.stderr.split()) == {"click", "server"}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_command_is_listed_with_its_own_words(command) -> None:
    own = command.loaded()

    assert (command.name, command.get_short_help_str(1000)) == (own.name, own.get_short_help_str(1000))


def test_the_help_of_a_command_is_its_own() -> None:
    result = CliRunner().invoke(main, ["serve", "--help"])

    assert (result.exit_code, "--workers" in result.stdout) == (0, True)


async def test_a_server_that_has_nothing_to_prepare_loads_only_what_it_serves_with(database_url, tmp_path) -> None:
    settings = {"DATABASE_URL": database_url, "CAVEAT_DATA_DIR": str(tmp_path), "PYTHONPROFILEIMPORTTIME": "1"}
    async with serving(**settings) as (_, process):
        process.terminate()
        _, told = await process.communicate()

    modules = re.findall(r"(?m)^import time:.*\| +([\w.]+)$", told.decode())
    assert {"server.app", "sqlalchemy"} <= set(modules)
    assert [name for name in modules if HEAVY.match(name)] == []
