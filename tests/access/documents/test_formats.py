import pytest

from server.access.documents.formats import read_json
from server.errors.content import UnreadableError
from tests.access.documents.manifests import HELLO, NUMBER, as_apollo, as_json, by_hash, sha256

READ = [(sha256(HELLO), HELLO), (sha256(NUMBER), NUMBER)]


def read(data):
    """The ids and texts of a manifest without faults."""
    manifest = read_json(data, file="manifest.json")
    assert manifest.faults == ()
    return [(entry.id, entry.text) for entry in manifest.entries]


@pytest.mark.parametrize(
    "data",
    [
        by_hash(HELLO, NUMBER),
        by_hash(HELLO, NUMBER, prefix="sha256:"),
        b"\xef\xbb\xbf" + by_hash(HELLO, NUMBER),
        as_apollo(HELLO, NUMBER),
        as_json([[sha256(HELLO), HELLO], [sha256(NUMBER), NUMBER]]),
        as_json([{"id": sha256(HELLO), "text": HELLO}, {"id": sha256(NUMBER), "text": NUMBER}]),
        as_json({sha256(HELLO): {"name": "Hello", "source": HELLO}, sha256(NUMBER): {"source": NUMBER}}),
        as_apollo(operations={sha256(HELLO): {"body": HELLO}, sha256(NUMBER): {"body": NUMBER}}),
    ],
    ids=["codegen", "codegen, prefixed", "byte order mark", "Apollo", "pairs", "objects", "output", "Apollo by id"],
)
def test_every_form_gives_the_same_documents(data):
    assert read(data) == READ


def test_an_id_that_is_no_hash_is_kept_as_it_is():
    assert read(as_json({"d41d8cd98f00b204e9800998ecf8427e": HELLO, "page": NUMBER})) == [
        ("d41d8cd98f00b204e9800998ecf8427e", HELLO),
        ("page", NUMBER),
    ]


def test_what_apollo_says_of_an_operation_is_kept():
    [entry] = read_json(as_apollo(HELLO), file="manifest.json").entries

    assert (entry.name, entry.kind) == ("Hello", "query")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "line 1: it is not JSON: Expecting value."),
        (b'{\n"a": }', "line 2: it is not JSON: Expecting value."),
        (b"\xff", "it is not UTF-8."),
        (b"3", "it is no manifest: neither a JSON object nor a list."),
        (b"[" * 100_000, "it nests too deep to be a manifest."),
        (b'{"a": "{ hello }", "a": "{ number }"}', "`a` stands in it twice, with different values."),
        (as_apollo(format="other"), "its `format` is not `apollo-persisted-query-manifest`."),
        (as_apollo(version=2), "its `version` is not 1."),
        (as_apollo(operations=None), "its `operations` are no list."),
    ],
)
def test_what_is_no_manifest_is_refused_with_the_reason(data, reason):
    with pytest.raises(UnreadableError) as caught:
        read_json(data, file="manifest.json")

    assert caught.value.message == reason


def test_whatever_is_no_document_is_told_and_the_rest_is_read():
    manifest = read_json(as_json([["a", HELLO], ["b"], {"id": 3, "text": HELLO}, {"id": "c"}, 7]), file="manifest.json")

    assert [entry.id for entry in manifest.entries] == ["a"]
    assert [str(fault) for fault in manifest.faults] == [
        "manifest.json: document 2: has not an id, which is a string.",
        "manifest.json: document 3: has not an id, which is a string.",
        "manifest.json: c: has not a text.",
        "manifest.json: document 5: has not an id, which is a string.",
    ]
