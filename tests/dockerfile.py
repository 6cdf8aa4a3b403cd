"""The Dockerfile: what it says, and doing the same by hand, in a folder instead of an image."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What stands between one FROM and the next, as names and arguments in order."""

    steps: list[tuple[str, str]]

    def arguments(self, name: str) -> list[str]:
        """The arguments of every instruction of that name."""
        return [argument for each, argument in self.steps if each == name]

    def argument(self, name: str) -> str:
        """The argument of the only instruction of that name."""
        [argument] = self.arguments(name)
        return argument


def read_stages() -> list[Stage]:
    """The stages, in order."""
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.lstrip().startswith("#")).replace("\\\n", "")
    stages: list[Stage] = []
    for line in filter(None, text.splitlines()):
        name, argument = line.split(maxsplit=1)
        if name == "FROM":
            stages.append(Stage(steps=[]))
        if stages:
            stages[-1].steps.append((name, argument))
    return stages


@dataclass(frozen=True, kw_only=True)
class Image:
    """What the steps left in the folder, and how a container of it would be run."""

    folder: Path
    environment: dict[str, str]
    entrypoint: list[str]
    command: list[str]
    health: list[str]

    @property
    def home(self) -> Path:
        """Where its processes start."""
        return self.folder / "srv" / "caveat"


def build_by_hand(folder: Path) -> Image:
    """Does the first stage's steps, with `/opt`, `/srv` and `/tmp` in that folder; the last stage only copies them."""
    building, final = read_stages()
    for name in ("opt", "srv/caveat", "tmp"):
        (folder / name).mkdir(parents=True)
    home = folder / "srv" / "caveat"
    arguments = dict(argument.split("=", 1) for argument in building.arguments("ARG"))
    for name, argument in building.steps:
        if name == "RUN":
            _run(_inside(folder, argument), home, arguments)
        elif name == "COPY":
            source, target = _inside(folder, argument).split()
            _copy(ROOT / source, home / target)
    path = _inside(folder, final.argument("ENV")).replace("$PATH", os.defpath)
    return Image(
        folder=folder,
        environment=dict(pair.split("=", 1) for pair in shlex.split(path)),
        entrypoint=json.loads(final.argument("ENTRYPOINT")),
        command=json.loads(final.argument("CMD")),
        health=json.loads(final.argument("HEALTHCHECK").partition(" CMD ")[2]),
    )


def _inside(folder: Path, text: str) -> str:
    return re.sub(r"(?<![\w.])/(?=(opt|srv|tmp)/)", f"{folder}/", text)


def _run(command: str, home: Path, arguments: dict[str, str]) -> None:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-ec", command],
        cwd=home,
        env={**os.environ, **arguments, "PATH": path, "PIP_NO_COMPILE": "1"},
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if "connection broken by" in done.stdout and done.returncode != 0:
        pytest.skip("There is no package index to install from.")
    assert done.returncode == 0, f"{command}\n{done.stdout}"


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)
