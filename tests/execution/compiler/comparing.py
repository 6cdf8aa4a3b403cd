"""Runs an operation both ways, and says where the results differ."""

import inspect

from graphql import ExecutionResult, GraphQLError, execute, parse
from graphql.execution.values import VariableValues

from server.execution.compiler.programs import By, Compiler

PROPAGATION = "@experimental_disableErrorPropagation"


async def referred(schema, document, *, values, root=None, context=None):
    """What graphql-core gives."""
    result = execute(schema, document, root, context, values)
    return await result if inspect.isawaitable(result) else result


def program(compiler, document):
    """The program of a document's first operation, whose form is known already where nothing decides on it."""
    for _ in range(2):
        made = compiler.program(document, document.definitions[0])
        made.routine(VariableValues({}, {}))
    return made


async def compiled(schema, document, *, values, root=None, context=None, compiler=None):
    """What the compiled operation gives, and what ran it."""
    compiler = compiler or Compiler(schema)
    [operation, *_] = document.definitions
    for _ in range(2):  # a form is compiled when it is asked for again
        program = compiler.program(document, operation)
        before = dict(compiler.runs)
        result = program.start(values, context, root=root)
        if inspect.isawaitable(result):
            result = await result
    [by] = [each for each in By if compiler.runs[each] > before[each]] or [None]
    return (ExecutionResult(None, result) if isinstance(result, list) else result), by


def shown(errors):
    """Errors as clients see them."""
    return [error.formatted | {"cause": type(error.original_error).__name__} for error in errors or ()]


def emptied(data, error):
    """The place that an error has emptied: where null stands on the way to it."""
    place = []
    for key in error.path or ():
        if data is None:
            break
        data = data[key]
        place.append(key)
    return tuple(place)


async def same(schema, text, *, values, root=None, context=None, is_still, compiler=None, read=parse):
    """Asserts that both give the same; gives what ran it.

    Where things are waited for, an error may empty a place before another one does, which then is not told
    (https://spec.graphql.org/draft/#sec-Handling-Execution-Errors): all that may be are those without propagation.
    """
    given = {"values": values, "root": root, "context": context}
    expected = await referred(schema, parse(text), **given)
    found, by = await compiled(schema, read(text), compiler=compiler, **given)
    assert repr(found.data) == repr(expected.data), text
    if is_still or found.data == {} or not any(error.path for error in expected.errors or ()):
        assert shown(found.errors) == shown(expected.errors), text
        return by
    every = await referred(schema, parse(text.replace("{", f"{PROPAGATION} {{", 1)), **given)
    places = [{emptied(result.data, error) for error in result.errors or ()} for result in (found, expected)]
    assert places[0] == places[1], text
    known = [str(each) for each in without_lines(every.errors)]
    assert [each for each in without_lines(found.errors) if str(each) not in known] == [], text
    return by


def without_lines(errors: list[GraphQLError] | None):
    """Errors as clients see them, but for where they stand: the directive moves them."""
    return [{key: value for key, value in each.items() if key != "locations"} for each in shown(errors)]
