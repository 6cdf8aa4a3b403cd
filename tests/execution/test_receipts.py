from uuid import UUID

from server.execution.compiler.programs import Compiler
from server.execution.documents import Documents
from server.execution.operation import Request
from server.execution.receipts import fields_of
from server.limits import Limits
from tests.execution.shop import STRANGER, make_pipeline, prepare, schema

SOLD = (UUID(int=7), 2)


class Till:
    """Takes every receipt."""

    def __init__(self):
        self.taken = []

    def served(self, _context):
        return (SOLD,)

    def note(self, caller, receipt):
        self.taken.append((caller.account, receipt))


def fields(text, name=None):
    document = Documents(Compiler(schema), [], limits=Limits()).find(text)
    return fields_of(schema, document, name=name)


def test_receipts_of_several_documents_hold_the_name_of_a_field_once():
    (first,), (second, _) = fields("{ hello }"), fields("{ hello item { __typename } }")

    assert first is second


def test_the_fields_of_an_operation_are_those_of_its_types_each_once():
    assert fields(
        "{ a: hello b: hello item { __typename like { ...F } } } fragment F on Item { name ... { name } }"
    ) == (
        "Item.like",
        "Item.name",
        "Query.hello",
        "Query.item",
    )


def test_what_another_document_asked_for_is_found_again():
    documents = Documents(Compiler(schema), [], limits=Limits())
    texts = ["{ item { like { name } } }", "query Q { hello item { like { name } } }", "{ item { like { price } } }"]

    found = [
        fields_of(schema, documents.find(text), name=name) for text, name in zip(texts, (None, "Q", None), strict=True)
    ]

    assert found == [
        ("Item.like", "Item.name", "Query.item"),
        ("Item.like", "Item.name", "Query.hello", "Query.item"),
        ("Item.like", "Item.price", "Query.item"),
    ]


def test_another_operation_of_the_document_does_not_count():
    assert fields("query A { hello } query B { number }", "B") == ("Query.number",)


def test_introspection_is_no_field():
    assert fields("{ __typename __schema { types { name } } }") == ()


async def test_a_result_carries_its_receipt_and_is_counted_for_its_caller():
    pipeline, till = make_pipeline(), Till()
    pipeline.receiver = till
    result = await pipeline.execute(prepare(pipeline, "{ hello }"))

    assert till.taken == [(STRANGER.account, result.receipt)]
    assert (result.receipt.document, result.receipt.fields, result.receipt.entities) == (
        None,
        ("Query.hello",),
        (SOLD,),
    )


async def test_a_result_without_data_gives_nothing_but_was_asked():
    pipeline, till = make_pipeline(), Till()
    pipeline.receiver = till
    result = await pipeline.execute(prepare(pipeline, "{ away }"))

    assert (result.receipt.fields, result.receipt.entities) == (("Query.away",), ())


async def test_every_event_of_a_subscription_counts():
    pipeline, till = make_pipeline(), Till()
    pipeline.receiver = till
    operation = await pipeline.prepare(Request(query="subscription { count(to: 3) }"), STRANGER)

    assert len([result async for result in await pipeline.subscribe(operation)]) == 3
    assert len(till.taken) == 3
