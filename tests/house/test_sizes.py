"""What is small enough to be read at once."""

from tests.house.sources import EVERYTHING, PRODUCT, functions, trees

TABLES = "migrations/versions/"
"""A migration lists columns: one after the other, however many."""

FIELDS = "schema/"
"""A field has the arguments that the contract gives it."""


def test_modules_stay_under_300_lines():
    lengths = {path: tree.body[-1].end_lineno for path, tree in trees(*EVERYTHING).items() if tree.body}
    assert {path: length for path, length in lengths.items() if length >= 300} == {}


def test_functions_stay_under_40_lines():
    long = {
        f"{path}:{function.name}": length
        for path, tree in trees(*PRODUCT).items()
        for function in functions(tree)
        if (length := function.end_lineno - function.lineno + 1) >= 40 and not path.startswith(TABLES)
    }
    assert long == {}


def test_functions_take_at_most_five_parameters():
    wide = {
        f"{path}:{function.name}": len(names)
        for path, tree in trees(*PRODUCT).items()
        for function in functions(tree)
        if len(names := _parameters(function)) > 5 and not path.startswith(FIELDS)
    }
    assert wide == {}


def _parameters(function) -> list[str]:
    every = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return [argument.arg for argument in every if argument.arg not in ("self", "cls")]
