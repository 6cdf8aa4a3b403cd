"""A pytest plugin that puts the compiler where graphql-core's tests execute, as far as their API allows.

What the compiler has no word for is executed as ever: mutations, other executors, middleware, hooks, the promise of
`execute_sync` not to wait, incremental delivery. Fields are marked as a schema of ours would mark them, but for those
whose resolvers look at what they are told of the request, of which a compiled field is told the context alone.
"""

import inspect
import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace

from graphql import (
    ExecutionResult,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    assert_valid_schema,
    default_field_resolver,
    print_ast,
)

from server.execution.compiler.marks import CALL, EXECUTION, WAITS, Call
from server.execution.compiler.programs import By, Compiler

COUNTS = "CAVEAT_UPSTREAM_COUNTS"
"""The variable that names the file in which it stands how many operations were run by what."""

MODULES = ("graphql", "graphql.execution", "graphql.execution.execute", "graphql.graphql")
NAMES = ("schema", "document", "root_value", "context_value", "variable_values", "operation_name")
TAKEN = {*NAMES, "hide_suggestions"}
INCREMENTAL = ("defer", "stream")

_core = sys.modules["graphql.execution.execute"]
_execute, _execute_sync = _core.execute, _core.execute_sync
_counts = dict.fromkeys([*By, "other"], 0)


def pytest_configure():
    """Takes the places of both functions wherever they are imported from."""
    for module in (sys.modules[name] for name in MODULES):
        for function in (execute, execute_sync):
            if callable(getattr(module, function.__name__, None)):
                setattr(module, function.__name__, function)


def pytest_unconfigure():
    """Writes down what ran."""
    Path(os.environ[COUNTS]).write_text(json.dumps(_counts))


def execute(*args, **options):
    """Executes compiled what can be."""
    operation = _operation(args, options)
    return _start(*operation) if operation else _other(_execute, args, options)


def execute_sync(*args, **options):
    """The same, of what does not wait."""
    operation = _operation(args, options)
    if operation is None:
        return _other(_execute_sync, args, options)
    result = _start(*operation)
    if not inspect.isawaitable(result):
        return result
    result.close()
    return _other(_execute_sync, args, options)


def _other(function, args, options):
    _counts["other"] += 1
    return function(*args, **options)


def _operation(args, options):
    """What is to be executed, if that is a query without anything that the compiler has no word for."""
    given = dict(zip(NAMES, args, strict=False)) | options
    schema, document = given.get("schema"), given.get("document")
    if len(args) > len(NAMES) or not given.keys() <= TAKEN or not isinstance(schema, GraphQLSchema) or not document:
        return None
    assert_valid_schema(schema)
    text = print_ast(document)
    if schema.query_type is None or any(schema.get_directive(each) or f"@{each}" in text for each in INCREMENTAL):
        return None
    name, operations = given.get("operation_name"), document.definitions
    operations = [each for each in operations if isinstance(each, OperationDefinitionNode)]
    found = [each for each in operations if name in (None, each.name and each.name.value)]
    is_query = [each.operation for each in found] == [OperationType.QUERY]
    return (given, found[0]) if is_query else None


def _start(given, operation):
    """What the operation gives, compiled as if it had been asked before."""
    _mark(given["schema"])
    compiler = Compiler(given["schema"], hides_suggestions=given.get("hide_suggestions", False))
    variables = given.get("variable_values") or {}
    for _ in range(2):
        program = compiler.program(given["document"], operation)
        values = program.values(variables)
        if not isinstance(values, list):
            program.routine(values)
    outcome = program.start(variables, given.get("context_value"), root=given.get("root_value"))
    for by in By:
        _counts[by] += compiler.runs[by]
    return ExecutionResult(None, outcome) if isinstance(outcome, list) else outcome


def _mark(schema):
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__"):
            for name, field in type_.fields.items():
                function = _plain(name, field.resolve)
                if function is not None and EXECUTION not in field.extensions:
                    marks = {EXECUTION: WAITS, CALL: Call(function=function, parent="parent", info="asked")}
                    field.extensions = {**field.extensions, **marks}


def _plain(name, resolve):
    """The plain function behind a field; None where it asks what only graphql-core can tell."""
    if resolve is None:

        def read(parent, asked, **arguments):
            told = SimpleNamespace(field_name=name, context=asked.context)
            return default_field_resolver(parent, told, **arguments)

        return read
    parameters = [*inspect.signature(resolve).parameters.values()]
    is_told = len(parameters) > 1 and parameters[1].name.startswith("_")
    if not is_told and [each.kind for each in parameters[:1]] != [inspect.Parameter.VAR_POSITIONAL]:
        return None

    def call(parent, asked, **arguments):
        return resolve(parent, asked, **arguments)  # by position: its parameters have other names

    return call
