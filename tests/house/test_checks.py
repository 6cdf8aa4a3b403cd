"""What the tools find: nothing."""

import subprocess
import sys

import pytest

from tests.house.sources import ROOT

PYTHON = ("server", "schema", "migrations", "tests", ".ci")


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "command",
    [
        pytest.param(("ruff", "check", "--no-cache", *PYTHON), id="ruff"),
        pytest.param(("ruff", "format", "--no-cache", "--check", *PYTHON), id="format"),
        pytest.param(("mypy",), id="mypy"),
    ],
)
def test_a_tool_finds_nothing(command: tuple[str, ...]):
    found = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert found.returncode == 0, found.stdout


def test_imports_point_down_the_house():
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout
