"""What every call past the second argument says: its name (goes into tests/house/test_sizes.py)."""

from tests.house.sources import functions, trees

CALLED_BY_LIBRARIES = (
    ("scope", "receive", "send"),  # ASGI
    ("value", "param", "ctx"),  # click
    ("state", "start", "end", "silent"),  # markdown-it
    ("logger", "method", "event"),  # structlog
    ("key", "expiry", "amount"),  # limits
    ("kind", "error", "trace"),  # Python's own `with`
    ("parent_type", "source", "field_details_list", "path", "position_context"),  # graphql-core
    ("return_type", "field_details_list", "path", "result", "position_context"),  # graphql-core
)
"""A library calls these with positions."""


def test_parameters_past_the_second_are_named_by_every_call():
    positional = {
        f"{path}:{function.name}": names
        for path, tree in trees("server", "schema").items()
        for function in functions(tree)
        if len(names := _positional(function)) > 2 and names not in CALLED_BY_LIBRARIES
    }
    assert positional == {}


def _positional(function) -> tuple[str, ...]:
    every = [*function.args.posonlyargs, *function.args.args]
    return tuple(argument.arg.lstrip("_") for argument in every if argument.arg not in ("self", "cls"))
