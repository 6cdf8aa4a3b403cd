import os
import re
import shutil
import subprocess
import sys
from datetime import date
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from server.importers.files import Form, Manner
from server.importers.stamps import READ_WITH, Stamper
from tests.house.sources import ROOT

SALT = "from server.importers.stamps import *; print(Stamper.of(Manner()).salt.hex())"
FILE = Path("5_NIDDK_QA/0000001.xml")


def stamp(path: Path = FILE, data: bytes = b"<Document>", **manner: object) -> bytes:
    return Stamper.of(Manner(**manner)).stamp(path, data)


def test_a_file_has_one_stamp_wherever_its_folder_is() -> None:
    assert stamp() == stamp(Path("elsewhere", FILE)) == stamp(Path.cwd() / FILE)


@pytest.mark.parametrize(
    "other",
    [
        stamp(data=b"<Document> "),
        stamp(FILE.with_stem("0000002")),
        stamp(FILE.with_suffix(".txt")),
        stamp(Path("6_NINDS_QA", FILE.name)),
        stamp(Path("5_NIDDK_QA0", "000001.xml")),
        stamp(Path(FILE.parent, os.fsdecode(b"\xff.xml"))),
        stamp(locale="es"),
        stamp(published_on=date(2020, 2, 29)),
        stamp(form=Form.MEDQUAD),
    ],
)
def test_another_file_or_manner_has_another_stamp(other: bytes) -> None:
    assert other != stamp()


def test_whatever_is_changed_in_the_code_changes_every_stamp(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "server", tmp_path / "server", ignore=shutil.ignore_patterns("__pycache__"))
    salts = [salt(tmp_path), salt(tmp_path)]

    with (tmp_path / "server/content/checks/drafts.py").open("a") as file:
        file.write("# now it is another\n")

    assert salts[0] == salts[1] != salt(tmp_path)


def salt(folder: Path) -> str:
    command = [sys.executable, "-c", SALT]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def test_whatever_files_are_read_with_is_known() -> None:
    rooms = ("importers", "content/checks", "content/publication")
    sources = [path.read_text() for room in rooms for path in (ROOT / "server" / room).rglob("*.py")]
    named = {name for source in sources for name in re.findall(r"^(?:from|import) (\w+)", source, re.MULTILINE)}
    others = named - sys.stdlib_module_names - {"server"}

    assert {name.lower() for module in others for name in packages_distributions()[module]} <= set(READ_WITH)
