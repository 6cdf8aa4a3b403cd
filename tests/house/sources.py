"""The Python files of the house, parsed once."""

import ast
import functools
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCT = ("server", "schema", "migrations", ".ci")
EVERYTHING = (*PRODUCT, "tests")


@functools.cache
def trees(*folders: str) -> dict[str, ast.Module]:
    """Every module of those folders by its path in the checkout."""
    files = (file for folder in folders for file in (ROOT / folder).rglob("*.py") if "node_modules" not in file.parts)
    return {str(file.relative_to(ROOT)): ast.parse(file.read_text(encoding="utf-8")) for file in sorted(files)}


def functions(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a module, nested ones too."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def imported(tree: ast.AST) -> set[str]:
    """The dotted names that a module, or a part of one, imports."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names
