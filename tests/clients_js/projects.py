"""Folders as applications have them: the schema, the packages, operations, and the files of one kind of tool."""

import re
import shutil
from pathlib import Path

from tests.clients_js.node import TOOLS
from tests.house.sources import ROOT


def prepared(folder: Path, kind: str | None = None) -> Path:
    """A folder with the schema, the packages, and the files of one kind of tool."""
    if kind:
        shutil.copytree(TOOLS / kind, folder, dirs_exist_ok=True)
    shutil.copy(ROOT / "schema" / "schema.graphql", folder)
    (folder / "node_modules").symlink_to(TOOLS / "node_modules")
    (folder / "package.json").write_text('{"type": "module"}')
    return folder


def with_operations(folder: Path) -> Path:
    """The folder, with the operations of the README in files of their own."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name, text in by_name(re.findall(r"(?m)^    query \w+.*\n(?:    .*\n)+", readme), indent=4).items():
        (folder / f"{name}.graphql").write_text(text)
    return folder


def by_name(texts, *, indent=0):
    """Texts of operations by their names, with so much less indentation."""
    return {re.search(r"^ *\w+ (\w+)", text)[1]: re.sub(rf"(?m)^ {{{indent}}}", "", text) for text in texts}
