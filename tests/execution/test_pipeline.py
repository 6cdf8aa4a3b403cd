import asyncio
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from server.execution.callers import Rights
from server.execution.faults import OperationRefusedError
from server.execution.operation import Request
from server.execution.texts import DocumentText
from server.limits import Limits
from tests.execution.shop import STRANGER, Visit, ask, make_pipeline, prepare


def refusal(query, *, pipeline=None, **request):
    with pytest.raises(OperationRefusedError) as caught:
        prepare(pipeline or make_pipeline(), query, **request)
    return caught.value.errors


async def test_a_query_gives_its_data():
    assert await ask("{ hello number(of: 3) }") == {"data": {"hello": "hello world", "number": 3}}


async def test_the_operation_is_chosen_by_name():
    assert await ask("query A { hello } query B { number }", operation_name="B") == {"data": {"number": 0}}


async def test_one_of_several_operations_has_to_be_named():
    [error] = refusal("query A { hello } query B { number }")

    assert error == {
        "message": "The document holds several operations: say which one in `operationName`.",
        "extensions": {"code": "OPERATION_NOT_FOUND"},
    }


@pytest.mark.parametrize("query", ["query A { hello }", "fragment F on Query { hello } query A { ...F }"])
async def test_an_operation_that_is_not_there_is_refused(query):
    [error] = refusal(query, operation_name="C")

    assert error["extensions"] == {"code": "OPERATION_NOT_FOUND"}


@pytest.mark.parametrize("query", ["", "# nothing", "{", "{ hello(", "\0", "{ a } }", '{ hello(name: "\\uD800") }'])
async def test_what_is_not_graphql_is_refused_with_its_place(query):
    [error] = refusal(query)

    assert error["extensions"] == {"code": "GRAPHQL_PARSE_FAILED"}
    assert error["locations"][0]["line"] == 1


async def test_what_is_not_valid_is_refused_with_every_reason():
    errors = refusal("{ helo bik }")

    assert [error["message"] for error in errors] == [
        "Cannot query field 'helo' on type 'Query'. Did you mean 'hello'?",
        "Cannot query field 'bik' on type 'Query'. Did you mean 'big'?",
    ]
    assert {error["extensions"]["code"] for error in errors} == {"GRAPHQL_VALIDATION_FAILED"}


async def test_a_message_repeats_only_so_much_of_what_was_sent():
    errors = refusal(f'{{ number(of: "{"x" * 9_000}") }}')

    assert errors[0]["message"] == 'Int cannot represent non-integer value: "'.ljust(1_000, "x") + "…"


async def test_nothing_is_suggested_where_the_schema_is_concealed():
    [error] = refusal("{ helo }", pipeline=make_pipeline(conceals_schema=True))

    assert error["message"] == "Cannot query field 'helo' on type 'Query'."


async def test_a_variable_that_does_not_fit_is_the_callers_fault():
    payload = await ask("query ($n: Int!) { number(of: $n) }", n="three")

    assert list(payload) == ["errors"]
    assert payload["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT"}


async def test_an_argument_that_does_not_fit_at_run_time_is_the_callers_fault():
    payload = await ask("query ($n: Int = 2) { item { like(first: $n) { name } } }", n=None)

    assert payload["data"] == {"item": {"like": None}}
    assert payload["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT"}


async def test_an_error_of_ours_keeps_its_message_place_and_code():
    payload = await ask("{ refused hello }")

    assert payload == {
        "errors": [
            {
                "message": "Not like this.",
                "locations": [{"line": 1, "column": 3}],
                "path": ["refused"],
                "extensions": {"code": "BAD_USER_INPUT"},
            }
        ],
        "data": {"refused": None, "hello": "hello world"},
    }


async def test_an_error_without_a_null_to_stand_for_empties_the_data():
    payload = await ask("{ hello away }")

    assert payload["data"] is None
    assert payload["errors"][0]["extensions"] == {"code": "DATABASE_UNAVAILABLE"}


async def test_an_unexpected_error_is_masked_and_found_in_the_log_by_its_incident():
    with capture_logs() as logs:
        payload = await ask("{ broken }")

    [error], [logged] = payload["errors"], logs
    assert "secret" not in str(payload)
    assert error["extensions"] == {"code": "INTERNAL_SERVER_ERROR", "incident": logged["incident"]}
    assert logged["incident"] in error["message"]
    assert str(logged["exc_info"]) == "SELECT secret FROM vault"


async def test_an_operation_that_takes_too_long_is_stopped():
    payload = await ask("{ slow }", pipeline=make_pipeline(limits=Limits(max_seconds=0)))

    assert [error["extensions"]["code"] for error in payload["errors"]] == ["OPERATION_TIMED_OUT"]
    assert "data" not in payload


async def test_a_cancelled_operation_leaves_nothing_behind():
    pipeline = make_pipeline()
    before = asyncio.all_tasks()
    running = asyncio.create_task(pipeline.execute(prepare(pipeline, "{ a: slow b: slow }")))
    for _ in range(3):
        await asyncio.sleep(0)

    running.cancel()
    await asyncio.wait([running])
    await asyncio.sleep(0)

    assert asyncio.all_tasks() == before


async def test_every_operation_has_a_context_of_its_own():
    before = Visit.made

    payloads = [await ask("{ visits }") for _ in range(2)]

    assert [payload["data"]["visits"] - before for payload in payloads] == [1, 2]


async def test_an_operation_runs_in_a_context_of_its_callers():
    payloads = [await ask("{ account }", caller=replace(STRANGER, address=address)) for address in ("a", "b")]

    assert [payload["data"]["account"] for payload in payloads] == ["address:a", "address:b"]


async def test_the_schema_is_shown_unless_concealed():
    query = '{ __schema { queryType { name } } __type(name: "Item") { name } }'

    assert await ask(query) == {"data": {"__schema": {"queryType": {"name": "Query"}}, "__type": {"name": "Item"}}}


async def test_a_concealed_schema_lists_nothing():
    [error] = refusal("{ __schema { queryType { name } } }", pipeline=make_pipeline(conceals_schema=True))

    assert error["extensions"] == {"code": "INTROSPECTION_DISABLED"}


async def test_a_concealed_schema_knows_no_type():
    payload = await ask('{ t: __type(name: "Item") { name } hello }', pipeline=make_pipeline(conceals_schema=True))

    assert payload == {"data": {"t": None, "hello": "hello world"}}


async def test_nothing_of_a_text_is_looked_at_before_the_caller_may_ask_it():
    bound = replace(STRANGER, rights=Rights(is_bound=True))

    for query in ("{ hello }", "{", "{ hello " * 10_000):
        [error] = refusal(query, caller=bound, variables={"text": "x" * 100_000})
        assert error["extensions"] == {"code": "DOCUMENT_NOT_TRUSTED"}


async def test_the_text_is_that_which_is_found():
    async def find_text(request, caller):
        assert (request.document_id, caller) == ("page", STRANGER)
        return DocumentText(text="{ hello }", id="page")

    pipeline = make_pipeline()
    pipeline.find_text = find_text
    operation = await pipeline.prepare(Request(document_id="page"), STRANGER)

    assert operation.text == DocumentText(text="{ hello }", id="page")
    assert (await pipeline.execute(operation)).payload == {"data": {"hello": "hello world"}}
