from graphql import parse, print_ast

from server.access.documents.checking import faults_of
from server.access.documents.reading import read_manifest
from tests.access.documents.manifests import check, sha256

ITEM = "fragment Item on Item {\n  name\n  ...Price\n}\n"
PRICE = "# the price\nfragment Price on Item { price }\n"
QUERY = "query Item { item { ...Item } }\nquery Number { number }\n"
PRINTED = """query Item {
  item {
    ...Item
  }
}

fragment Item on Item {
  name
  ...Price
}

fragment Price on Item {
  price
}"""


def folder(path, **files):
    for name, text in files.items():
        (path / f"{name}.graphql").write_text(text)
    return read_manifest(path)


def told(manifest):
    return [str(fault) for fault in faults_of(manifest, check)]


def test_each_operation_is_a_document_with_the_fragments_that_it_uses(tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "item.gql").write_text(ITEM)
    manifest = folder(tmp_path, query=QUERY, price=PRICE)

    assert [(entry.name, entry.text) for entry in manifest.entries] == [
        ("Item", PRINTED),
        ("Number", "query Number {\n  number\n}"),
    ]
    assert told(manifest) == []


def test_the_id_is_the_hash_of_the_printed_text_whatever_the_layout(tmp_path):
    [entry] = folder(tmp_path, query="query   Hello{hello}").entries

    assert (entry.id, entry.text) == (sha256("query Hello {\n  hello\n}"), print_ast(parse("query Hello { hello }")))


def test_an_error_is_told_with_the_file_and_the_line_where_it_was_written(tmp_path):
    manifest = folder(
        tmp_path,
        item="# of an item\n\nfragment Item on Item {\n  name\n  weight\n}",
        query="query Q { item { ...Item } }",
    )
    assert told(manifest) == [
        f"item.graphql: Q ({manifest.entries[0].id[:12]}…): line 5: Cannot query field 'weight' on type 'Item'."
    ]


def test_a_fragment_that_is_nowhere_is_told(tmp_path):
    manifest = folder(tmp_path, query="query Q { item { ...Nowhere } }")

    assert [fault.partition("): ")[2] for fault in told(manifest)] == ["line 1: Unknown fragment 'Nowhere'."]


def test_two_fragments_of_one_name_are_told(tmp_path):
    manifest = folder(
        tmp_path, a="fragment A on Item { name }", b="query Q { item { ...A } }\nfragment A on Item { price }"
    )

    assert told(manifest) == [
        "b.graphql: line 2: the fragment `A` is another one in a.graphql, line 1: give one of them a new name."
    ]


def test_a_file_that_is_not_graphql_is_told_with_its_line(tmp_path):
    (tmp_path / "binary.gql").write_bytes(b"\xff\xfe")
    manifest = folder(tmp_path, a="query A { hello", b="query B { hello }", c="# nothing\n")

    assert told(manifest) == [
        "a.graphql: line 1: Syntax Error: Expected Name, found <EOF>.",
        "binary.gql: it is not UTF-8.",
    ]


def test_a_schema_beside_the_operations_is_left_out(tmp_path):
    manifest = folder(
        tmp_path, query="query B { hello }", schema="type Query { hello: String }\nextend type Query { a: Int }"
    )

    assert [entry.name for entry in manifest.entries] == ["B"]
    assert told(manifest) == []


def test_a_file_that_mixes_them_is_told(tmp_path):
    assert told(folder(tmp_path, query="query B { hello }\ntype A { a: Int }")) == [
        "query.graphql: line 2: holds a part of a schema beside operations."
    ]


def test_what_is_installed_or_hidden_is_no_part_of_it(tmp_path):
    for name in ("node_modules", ".cache"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "other.graphql").write_text("query Other { hello }")

    assert [entry.name for entry in folder(tmp_path, query="query B { hello }").entries] == ["B"]


def test_one_file_is_a_manifest_too(tmp_path):
    (tmp_path / "a.graphql").write_text(QUERY + ITEM + PRICE)

    assert [entry.name for entry in read_manifest(tmp_path / "a.graphql").entries] == ["Item", "Number"]
