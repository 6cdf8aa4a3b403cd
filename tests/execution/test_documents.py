import pytest
from graphql import specified_rules
from graphql.validation import ASTValidationRule

from server.execution import documents
from server.execution.compiler.programs import Compiler
from server.execution.documents import Documents
from server.execution.faults import OperationRefusedError
from server.limits import Limits
from tests.execution.shop import schema


def counted():
    """A rule that counts the documents that it saw."""

    class Counted(ASTValidationRule):
        seen = 0

        def __init__(self, context):
            super().__init__(context)
            Counted.seen += 1

    return Counted


def make_documents(rule):
    return Documents(Compiler(schema), [*specified_rules, rule], limits=Limits())


def test_a_document_is_validated_once():
    rule = counted()
    kept = make_documents(rule)

    found = [kept.find("{ hello }") for _ in range(3)]

    assert rule.seen == 1
    assert found[0] is found[2]


def test_an_invalid_document_is_not_kept():
    rule = counted()
    kept = make_documents(rule)

    for _ in range(2):
        with pytest.raises(OperationRefusedError):
            kept.find("{ helo }")

    assert rule.seen == 2


def test_the_documents_asked_for_last_are_kept(monkeypatch):
    monkeypatch.setattr(documents, "MOST_KEPT", 8)
    rule = counted()
    kept = make_documents(rule)

    for query in ("{ hello }", "{ hello }", "{ number }", "{ big }", "{ away }", "{ hello }", "{ number }"):
        kept.find(query)

    assert rule.seen == 5


def test_long_documents_make_room_for_one_another(monkeypatch):
    monkeypatch.setattr(documents, "MOST_KEPT_CHARACTERS", 80)
    rule = counted()
    kept = make_documents(rule)

    for query in ("{ hello number }", "{ number hello }", "{ hello number }"):
        kept.find(query)

    assert rule.seen == 3


def test_what_is_trusted_makes_room_for_nothing_that_is_not(monkeypatch):
    monkeypatch.setattr(documents, "MOST_KEPT", 2)
    rule = counted()
    kept = make_documents(rule)

    first = kept.find("{ hello }", is_trusted=True)
    for query in ("{ number }", "{ big }", "{ visits }"):
        kept.find(query)

    assert kept.find("{ hello }") is first
    assert rule.seen == 4


def test_a_document_is_kept_as_trusted_from_when_it_is(monkeypatch):
    monkeypatch.setattr(documents, "MOST_KEPT", 1)
    rule = counted()
    kept = make_documents(rule)

    first = kept.find("{ hello }")
    kept.find("{ hello }", is_trusted=True)
    kept.find("{ number }")

    assert kept.find("{ hello }", is_trusted=True) is first
    assert rule.seen == 2


def test_trusted_documents_make_room_for_one_another(monkeypatch):
    monkeypatch.setattr(documents, "MOST_TRUSTED_KEPT", 1)
    rule = counted()
    kept = make_documents(rule)

    for query in ("{ hello }", "{ number }", "{ hello }"):
        kept.find(query, is_trusted=True)

    assert rule.seen == 3
