"""What is kept is charged, told and counted as if it were run."""

import json

import pytest

from server.execution.charges import Policy, Quota
from server.execution.faults import OperationRefusedError
from server.execution.operation import Served
from server.execution.texts import DocumentText
from server.execution.watching import watch_serving
from server.telemetry.metrics import Metrics
from tests.execution.shelves import Shop
from tests.execution.test_receipts import SOLD, Till

ITEM = 'query ($name: String = "a") { item(name: $name) }'


@pytest.fixture
def shop():
    return Shop()


async def asked(shop, *requests):
    """How each was served."""
    return [(await shop.ask(ITEM, **request)).served for request in requests]


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
