"""What no module is called, holds or imports."""

import ast
from pathlib import Path

from tests.house.sources import EVERYTHING, PRODUCT, ROOT, functions, imported, trees

VAGUE = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc", "shared"}
READERS_OF_THE_ENVIRONMENT = {
    "server/settings.py": "the one that reads settings",
    "server/db/local.py": "hands the whole of it on to Postgres",
    "migrations/env.py": "a maintainer's Alembic, which imports nothing of server but the tables",
    ".ci/environment.py": "hands the whole of it on to the installers",
}


def test_no_module_has_a_vague_name():
    assert [path for path in trees(*EVERYTHING) if VAGUE & {Path(path).stem, *Path(path).parts}] == []


def test_every_module_says_what_it_owns():
    assert [path for path, tree in trees(*PRODUCT).items() if not ast.get_docstring(tree)] == []


def test_a_package_holds_its_docstring_alone():
    packages = {path: tree for path, tree in trees(*EVERYTHING).items() if path.endswith("__init__.py")}
    assert [path for path, tree in packages.items() if len(tree.body) != 1] == []


def test_nothing_is_imported_inside_a_function():
    found = {
        f"{path}:{function.name}": names
        for path, tree in trees(*EVERYTHING).items()
        for function in functions(tree)
        if (names := imported(function))
    }
    assert found == {}


def test_no_circle_is_dodged():
    dodges = {"typing.TYPE_CHECKING", "strawberry.lazy"}
    assert {path: names for path, tree in trees(*EVERYTHING).items() if (names := imported(tree) & dodges)} == {}
    assert [path for path, tree in trees(*EVERYTHING).items() if _mentions(tree, {"TYPE_CHECKING", "lazy_type"})] == []


def test_no_middleware_breaks_cancellation():
    assert [path for path, tree in trees(*PRODUCT).items() if _mentions(tree, {"BaseHTTPMiddleware"})] == []


def test_nothing_of_ours_is_mocked():
    mocks = {name for tree in trees("tests").values() for name in imported(tree) if "mock" in name.lower()}
    assert mocks == set()


def test_the_environment_is_read_in_one_place():
    readers = {path for path, tree in trees(*PRODUCT).items() if _mentions(tree, {"environ", "getenv"})}
    assert readers == set(READERS_OF_THE_ENVIRONMENT)


def test_migrations_import_nothing_of_the_house_but_its_tables():
    names = {path: imported(tree) for path, tree in trees("migrations").items()}
    ours = {path: {name for name in found if name.startswith(("server", "schema"))} for path, found in names.items()}
    tables = {f"server.{room}.tables" for room in ("access", "content", "events")}
    allowed = {*tables, "server.content.file_tables", "server.db.metadata.metadata"}
    assert ours.pop("migrations/env.py") <= allowed
    assert set().union(*ours.values()) == set()


def test_the_seeds_are_never_loaded_by_sql():
    assert [file.name for file in (ROOT / "seeds").rglob("*.sql")] == []


def _mentions(tree: ast.AST, names: set[str]) -> bool:
    return any(
        (isinstance(node, ast.Name) and node.id in names) or (isinstance(node, ast.Attribute) and node.attr in names)
        for node in ast.walk(tree)
    )
