import uuid

from schema.evolution.verdict import judge
from server.access.documents.values import Document, Registered
from server.execution.callers import Rights

OLD = "type Query { a: Int! b: Int c: Int }"


def registered(text, *, client="app", versions=("1",)):
    document = Document(id=text, text=text, name="Q")
    return Registered(client_id=uuid.uuid4(), client=client, rights=Rights(), document=document, versions=versions)


def check(bad):
    """Refuses texts that hold a word."""
    return lambda each: [(f"holds {bad}", 7)] if bad in each.document.text else []


A, B, BOTH = registered("{ a }"), registered("{ b }", client="site"), registered("{\n  b\n  a\n}")


def found(new, *, old=OLD, bad="nothing"):
    verdict = judge([A, B, BOTH], old=old, new=new, check=check(bad))
    told = {
        str(each.difference): [(broken.registered, broken.line) for broken in each.broken] for each in verdict.findings
    }
    return told, [(each.registered, each.line, each.message) for each in verdict.refused], verdict


def test_a_schema_that_is_as_it_was_breaks_nobody():
    assert found(OLD)[:2] == ({}, [])


def test_a_removal_that_nobody_uses_breaks_nobody():
    told, refused, verdict = found("type Query { a: Int! b: Int }")

    assert (told, refused, verdict.broken()) == ({"Query.c was removed": []}, [], [])


def test_a_removal_breaks_whoever_uses_it():
    told, _, verdict = found("type Query { a: Int! c: Int }", bad="b")

    assert told == {"Query.b was removed": [(B, 1), (BOTH, 2)]}
    assert [each.registered for each in verdict.broken()] == [B, BOTH]


def test_what_validation_does_not_see_breaks_as_well():
    told, _, _ = found("type Query { a: Int b: Int c: Int }")

    assert told == {"Query.a is `Int` now, and was `Int!`": [(A, 1), (BOTH, 3)]}


def test_a_document_that_is_refused_for_another_reason_is_told_with_it():
    told, refused, verdict = found(OLD, bad="b")

    assert (told, refused) == ({}, [(B, 7, "holds b"), (BOTH, 7, "holds b")])
    assert [each.registered for each in verdict.broken()] == [B, BOTH]


def test_a_change_that_is_accepted_breaks_nobody():
    _, _, verdict = found("type Query { a: Int b: Int c: Int }")

    assert verdict.broken(["Query.a"]) == []
    assert len(verdict.broken(["Query.b"])) == 2


def test_documents_are_checked_where_no_schema_was_served():
    told, refused, _ = found("type Query { a: Int! }", old=None, bad="b")

    assert (told, [each[0] for each in refused]) == ({}, [B, BOTH])


def test_a_document_that_can_not_be_parsed_is_left_to_the_check():
    verdict = judge([registered("{ oops")], old=OLD, new=OLD, check=check("oops"))

    assert [each.message for each in verdict.refused] == ["holds oops"]
