import asyncio
import json

import pytest

from server.execution.callers import Rights
from server.execution.charges import Policy, Quota
from server.execution.faults import OperationRefusedError
from server.execution.operation import Request, Served
from server.execution.texts import DocumentText
from server.execution.watching import watch_serving
from server.telemetry.metrics import Metrics
from tests.execution.shelves import ITEM, Shop, Somebody, begun
from tests.execution.test_receipts import SOLD, Till


@pytest.fixture
def shop():
    return Shop()


async def asked(shop, *requests):
    """How each was served."""
    return [(await shop.ask(ITEM, **request)).served for request in requests]


async def test_what_was_run_is_kept_and_served_as_the_same_bytes(shop):
    first, second = await shop.ask(ITEM), await shop.ask(ITEM)

    assert (first.served, second.served, shop.shelf.reads) == (Served.RUN, Served.KEPT, ["a"])
    assert first.body == second.body == b'{"data":{"item":"tea"}}'
    assert json.loads(second.body) == {"data": {"item": "tea"}}


async def test_a_default_that_is_spelt_out_is_the_same_request(shop):
    assert await asked(shop, {}, {"name": "a"}, {"name": "b"}, {"name": None}) == [
        Served.RUN,
        Served.KEPT,
        Served.RUN,
        Served.RUN,
    ]


@pytest.mark.parametrize("values", [({"id": 1}, {"id": "1"}), ({"float": 1}, {"float": 1.0})])
async def test_what_coercion_makes_equal_is_the_same_request(shop, values):
    query = "query ($id: ID, $float: Float) { echo(id: $id, float: $float) }"
    results = [await shop.ask(query, **each) for each in values]

    assert [each.served for each in results] == [Served.RUN, Served.KEPT]
    assert results[0].body == results[1].body


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("query ($text: String) { echo(text: $text) }", [{"text": "1"}, {"text": "true"}, {"text": None}, {}]),
        ("query ($float: Float) { echo(float: $float) }", [{"float": 0.0}, {"float": -0.0}]),
        (
            "query ($list: [Int]) { echo(list: $list) }",
            [{"list": [1]}, {"list": [1, 1]}, {"list": []}],
        ),
    ],
)
async def test_other_values_are_other_requests(shop, query, values):
    bodies = [(await shop.ask(query, **each)).body for each in values * 2]

    assert len(set(bodies)) == len(values)
    assert bodies[: len(values)] == bodies[len(values) :]


async def test_the_order_of_variables_does_not_matter(shop):
    query = "query ($int: Int, $text: String) { echo(int: $int, text: $text) }"
    results = [await shop.ask(query, int=1, text="x"), await shop.ask(query, text="x", int=1)]

    assert [each.served for each in results] == [Served.RUN, Served.KEPT]


async def test_other_audiences_documents_and_operations_are_other_requests(shop):
    both = 'query A { item(name: "a") } query B { item(name: "b") }'
    runs = [
        await shop.ask(both, operation_name="A", audience="one"),
        await shop.ask(both, operation_name="B", audience="one"),
        await shop.ask(both, operation_name="A", audience="two"),
        await shop.ask(both + " ", operation_name="A", audience="one"),
    ]

    assert [each.served for each in runs] == [Served.RUN] * 4


async def test_what_one_is_shown_of_the_schema_is_not_served_to_whom_it_is_concealed_from():
    shop = Shop(conceals_schema=True)
    request = Request(query='{ __type(name: "Query") { name } }')
    callers = [Somebody(None, rights=Rights(introspects=introspects)) for introspects in (True, False)]
    results = [
        await shop.pipeline.execute(await shop.pipeline.prepare(request, caller)) for caller in callers + callers
    ]

    assert [json.loads(each.body)["data"]["__type"] for each in results] == [{"name": "Query"}, None] * 2


@pytest.mark.parametrize(
    "query", ["{ mine }", "{ ...F } fragment F on Query { a: mine }", "{ mine @include(if: false) __typename }"]
)
async def test_what_asks_for_a_marked_field_is_never_kept(shop, query):
    await shop.ask(query)
    await shop.ask(query)

    assert (len(shop.responses), shop.serving.served) == (0, {})


async def test_a_mutation_is_never_kept(shop):
    assert [(await shop.ask("mutation { buy }")).served for _ in range(2)] == [Served.RUN] * 2
    assert len(shop.responses) == 0


async def test_a_result_with_errors_is_never_kept(shop):
    shop.shelf.is_away = True
    await shop.ask(ITEM)
    shop.shelf.is_away = False

    assert (await shop.ask(ITEM)).body == b'{"data":{"item":"tea"}}'


async def test_what_changed_is_dropped_and_nothing_else(shop):
    await asked(shop, {"name": "a"}, {"name": "b"})
    shop.shelf.items["a"] = "rum"
    shop.responses.drop(frozenset("a"))

    assert await asked(shop, {"name": "a"}, {"name": "b"}) == [Served.RUN, Served.KEPT]
    assert ((await shop.ask(ITEM)).body, shop.responses.dropped) == (b'{"data":{"item":"rum"}}', 1)


async def test_where_it_is_not_known_what_changed_everything_is_dropped(shop):
    await asked(shop, {"name": "a"}, {"name": "b"})
    shop.responses.drop(None)

    assert (len(shop.responses), shop.responses.size) == (0, 0)
    assert await asked(shop, {"name": "a"}, {"name": "b"}) == [Served.RUN] * 2


@pytest.mark.parametrize("told", [frozenset("a"), frozenset("ab"), None])
async def test_what_is_touched_in_the_middle_of_a_run_is_not_kept(shop, told):
    shop.shelf.gate.clear()
    running = asyncio.create_task(shop.ask(ITEM))
    await begun(shop, 1)
    shop.responses.drop(told)
    shop.shelf.gate.set()
    result = await running

    assert (len(shop.responses), result.tags) == (0, None)
    assert await asked(shop, {}, {}) == [Served.RUN, Served.KEPT]


async def test_news_of_something_else_does_not_matter_to_a_run(shop):
    shop.shelf.gate.clear()
    running = asyncio.create_task(shop.ask(ITEM))
    await begun(shop, 1)
    shop.responses.drop(frozenset("b"))
    shop.shelf.gate.set()
    await running

    assert await asked(shop, {}) == [Served.KEPT]


async def test_what_is_not_known_to_be_current_is_confirmed_first(shop):
    await shop.ask(ITEM)
    shop.freshness.now = False

    assert await asked(shop, {}) == [Served.KEPT]


async def test_what_cannot_be_confirmed_is_served_as_stale(shop):
    await shop.ask(ITEM)
    shop.freshness.now, shop.freshness.confirms, shop.freshness.age = False, False, 300.0
    result = await shop.ask(ITEM)

    assert result.body == b'{"data":{"item":"tea"},"extensions":{"stale":true}}'
    assert (result.served, result.is_stale, result.age) == (Served.STALE, True, 300.0)


async def test_what_could_not_be_confirmed_for_too_long_is_not_served(shop):
    await shop.ask(ITEM)
    shop.freshness.now, shop.freshness.confirms, shop.freshness.age = False, False, 300.1
    shop.shelf.is_away = True

    assert (await shop.ask(ITEM)).codes == {"DATABASE_UNAVAILABLE"}


async def test_what_is_known_to_have_changed_is_not_served_as_stale(shop):
    await shop.ask(ITEM)
    shop.responses.drop(frozenset("a"))
    shop.freshness.now, shop.freshness.confirms, shop.shelf.is_away = False, False, True

    assert (await shop.ask(ITEM)).codes == {"DATABASE_UNAVAILABLE"}


async def test_what_made_room_while_it_was_confirmed_is_not_served(shop):
    await shop.ask(ITEM)

    async def make_room_and_look():
        shop.freshness.now = True
        for number in range(600):
            await asked(shop, {"name": str(number)}, {"name": str(number)})
        shop.responses.drop(frozenset("a"))
        return True

    shop.shelf.items["a"], shop.freshness.now, shop.freshness.confirm = "rum", False, make_room_and_look

    assert (await shop.ask(ITEM)).body == b'{"data":{"item":"rum"}}'


async def test_what_is_told_beside_a_result_is_told_of_each_request(shop):
    await shop.ask(ITEM)
    told = await shop.ask(ITEM, extensions={"cost": True})
    shop.freshness.now, shop.freshness.confirms = False, False
    stale = await shop.ask(ITEM, extensions={"cost": True})

    assert (told.served, set(told.extensions), set(stale.extensions)) == (Served.KEPT, {"cost"}, {"cost", "stale"})
    assert json.loads(told.body) == {"data": {"item": "tea"}, "extensions": told.extensions}


async def test_what_is_kept_is_charged_and_refused_as_if_it_were_run(shop):
    taken = []

    async def meter(_caller, amounts):
        taken.append(amounts)
        is_exceeded = len(taken) > 2
        return [Quota(policy=each, most=1, left=0, seconds=9, is_exceeded=is_exceeded) for each in amounts]

    shop.pipeline.meter = meter
    await shop.ask(ITEM)
    await shop.ask(ITEM)

    with pytest.raises(OperationRefusedError) as refused:
        await shop.ask(ITEM)
    assert (refused.value.reason, taken) == ("RATE_LIMITED", [{Policy.COST: 0}] * 3)


async def test_what_is_kept_is_counted_as_served_each_time(shop):
    till = Till()
    shop.pipeline.receiver = till
    for _ in range(3):
        await shop.ask(ITEM)

    assert [account for account, _ in till.taken] == ["somebody"] * 3
    assert [receipt.entities for _, receipt in till.taken] == [(SOLD,)] * 3


async def test_what_is_kept_for_a_trusted_document_is_counted_for_that(shop):
    till = Till()
    shop.pipeline.receiver = till
    for document_id in (None, "mine", "yours", "mine"):

        async def find_text(request, _caller, document_id=document_id):
            return DocumentText(text=request.query, id=document_id)

        shop.pipeline.find_text = find_text
        await shop.ask(ITEM)

    assert [receipt.document for _, receipt in till.taken] == [None, "mine", "yours", "mine"]


async def test_what_is_served_is_told_to_operators(shop):
    metrics = Metrics()
    watch_serving(metrics, shop.serving)
    await asked(shop, {}, {}, {"name": "b"})
    shop.responses.drop(frozenset("a"))

    read = metrics.registry.get_sample_value
    assert [read("caveat_responses_total", {"served": served}) for served in Served] == [2, 0, 1, 0]
    assert (read("caveat_responses_kept"), read("caveat_responses_dropped_total")) == (1, 1)
    assert read("caveat_responses_kept_bytes") == shop.responses.size > 0
