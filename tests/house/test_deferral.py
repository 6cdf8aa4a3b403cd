"""What is loaded late stands where its place says, and no higher in the house than who loads it."""

import ast
import importlib
import re
import tomllib

from tests.house.sources import ROOT, trees

PLACE = re.compile(r"(?:server|schema)(?:\.\w+)+:\w+")


def test_everything_that_is_loaded_late_is_there_and_not_above() -> None:
    places = {
        (path, node.value)
        for path, tree in trees("server", "schema").items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and PLACE.fullmatch(str(node.value))
    }

    assert len({path for path, _ in places}) == 4
    for path, place in places:
        module, _, name = place.partition(":")
        assert callable(getattr(importlib.import_module(module), name))
        assert _floor(module) >= _floor(path.removesuffix(".py").replace("/", "."))


def _floor(module: str) -> int:
    """On which layer of the house a module stands, from the roof down."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    [layers] = [each["layers"] for each in settings["tool"]["importlinter"]["contracts"] if each["type"] == "layers"]
    rooms = [layer.split(" | ") for layer in layers]
    [floor] = [at for at, names in enumerate(rooms) if any(f"{module}.".startswith(f"{name}.") for name in names)]
    return floor
