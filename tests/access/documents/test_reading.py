import pytest

from server.access.documents import reading
from server.access.documents.reading import read_manifest
from server.errors.content import NotFoundError, UnreadableError
from tests.access.documents.manifests import HELLO, by_hash, sha256


def test_json_is_found_by_its_content_whatever_the_file_is_called(tmp_path):
    (tmp_path / "operations.txt").write_bytes(by_hash(HELLO))

    manifest = read_manifest(tmp_path / "operations.txt")

    assert (manifest.file, [entry.id for entry in manifest.entries]) == ("operations.txt", [sha256(HELLO)])


def test_a_manifest_that_is_not_there_is_not_found(tmp_path):
    with pytest.raises(NotFoundError, match="there is no manifest at"):
        read_manifest(tmp_path / "nothing.json")


def test_what_can_not_be_read_is_told_with_its_file(tmp_path):
    (tmp_path / "broken.json").write_text("{\n,")

    with pytest.raises(UnreadableError) as caught:
        read_manifest(tmp_path / "broken.json")

    assert caught.value.message == (
        "broken.json: line 2: it is not JSON: Expecting property name enclosed in double quotes."
    )


@pytest.mark.parametrize("name", ["manifest.json", "a.graphql", "."])
def test_a_manifest_that_is_too_large_is_not_read(tmp_path, monkeypatch, name):
    monkeypatch.setattr(reading, "MOST_BYTES", 100)
    for file in ("manifest.json", "a.graphql", "b.graphql"):
        (tmp_path / file).write_text("#" * (101 if file == name else 60))

    with pytest.raises(UnreadableError, match="a manifest has at most 100 bytes"):
        read_manifest(tmp_path / name)
