import pytest

from server.access.documents import checking
from server.access.documents.checking import documents_of, faults_of
from server.access.documents.formats import read_json
from server.access.documents.values import Document
from server.limits import Limits
from tests.access.documents.manifests import HELLO, NUMBER, as_apollo, as_json, by_hash, check, sha256


def told(data, **limits):
    manifest = read_json(data, file="m.json")
    return [str(fault) for fault in faults_of(manifest, lambda text: check(text, limits=Limits(**limits)))]


def test_a_manifest_without_faults_gives_its_documents():
    manifest = read_json(as_apollo(HELLO, NUMBER), file="m.json")

    assert faults_of(manifest, check) == []
    assert documents_of(manifest) == [
        Document(id=sha256(HELLO), text=HELLO, name="Hello"),
        Document(id=sha256(NUMBER), text=NUMBER, name="Number"),
    ]


def test_every_error_of_every_document_is_told_with_its_line():
    assert told(as_json({"a": "query A {\n  helo\n  bik\n}", "b": "query B {", "c": HELLO})) == [
        "m.json: A (a): line 2: Cannot query field 'helo' on type 'Query'. Did you mean 'hello'?",
        "m.json: A (a): line 3: Cannot query field 'bik' on type 'Query'. Did you mean 'big'?",
        "m.json: b: line 1: Syntax Error: Expected Name, found <EOF>.",
    ]


@pytest.mark.parametrize("said_id", ["sha256:" + sha256(NUMBER), sha256(NUMBER), "sha256:page"])
def test_an_id_that_claims_to_be_the_hash_has_to_be_it(said_id):
    [fault] = told(as_json({said_id: HELLO}))

    assert fault.endswith(f": its id says that it is the SHA-256 of the text, which is {sha256(HELLO)}.")


def test_one_id_is_not_two_documents():
    assert told(as_json([["a", HELLO], ["a", NUMBER], ["a", HELLO]])) == [
        "m.json: Number (a): its id is that of another document of the manifest."
    ]


def test_an_id_that_no_request_can_hold_is_told():
    assert told(as_json({"a b": HELLO})) == [
        "m.json: Hello (a b): its id is not 1 to 200 characters of ASCII, without spaces."
    ]


@pytest.mark.parametrize("text", ["{ hello } # \0", "{ hello } # \ud800"])
def test_a_text_that_can_not_be_kept_is_told(text):
    assert told(as_json({"a": text})) == ["m.json: a: its text holds U+0000 or half of a surrogate pair."]


def test_a_text_that_is_too_long_is_told():
    assert told(as_json({"a": "#" * 100_001})) == ["m.json: a: its text has more than 100,000 characters."]


def test_what_the_manifest_says_of_an_operation_has_to_be_so():
    wrong = {"id": "a", "body": HELLO, "name": "Bye", "type": "mutation"}

    assert told(as_apollo(operations=[wrong])) == [
        "m.json: Bye (a): holds no operation named `Bye`.",
        "m.json: Bye (a): holds no operation of the type `mutation`.",
    ]


def test_an_empty_manifest_is_no_manifest():
    assert told(b"{}") == told(b"[]") == told(as_apollo()) == ["m.json: it holds no document."]


def test_a_manifest_has_only_so_many_documents(monkeypatch):
    monkeypatch.setattr(checking, "MOST_DOCUMENTS", 1)

    assert told(by_hash(HELLO, NUMBER)) == ["m.json: a manifest has at most 1 documents."]


def test_an_operation_that_could_be_too_costly_is_told():
    text = "query A($n: Int = 1) { items(first: $n) { nodes { name } } }"

    assert told(as_json({"a": text}), max_cost=20_000) == []
    [fault] = told(as_json({"a": text}), max_cost=50)
    assert fault.startswith("m.json: A (a): The operation `A` may give ")
    assert "with its variables at their largest, and has 50" in fault
