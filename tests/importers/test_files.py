import datetime
from pathlib import Path

import pytest

from server.errors.content import NotFoundError
from server.importers.files import Form, Manner, find_files, identity_of, read_file
from tests.importers.medquad.xml import document, pair

DATA = document(pair(1, "What?", "It."))


def names(files: list[Path]) -> list[str]:
    return [file.name for file in files]


def test_a_directory_with_files_of_medquad_holds_nothing_else(tmp_path: Path) -> None:
    for name in ("1.xml", "2.xml", "readme.txt", "notes.md"):
        (tmp_path / name).write_bytes(DATA)

    assert names(find_files(tmp_path)) == ["1.xml", "2.xml"]
    assert names(find_files(tmp_path, Form.PAGE)) == ["readme.txt"]


@pytest.mark.parametrize(
    "data", [b"<DiseaseFile>", b"<doc>", b"\xef\xbb\xbf<!-- of the CDC --><Document>", "<Document>".encode("utf-16")]
)
def test_a_file_of_medquad_is_known_by_any_of_its_beginnings(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "1.xml").write_bytes(data)

    assert names(find_files(tmp_path)) == ["1.xml"]


def test_endings_in_capitals_count(tmp_path: Path) -> None:
    (tmp_path / "1.XML").write_bytes(DATA)
    (tmp_path / "page.MD").write_text("What?")

    assert names(find_files(tmp_path)) == ["1.XML"]
    assert names(find_files(tmp_path, Form.MARKDOWN)) == ["page.MD"]


def test_other_xml_in_a_directory_of_pages_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "sitemap.xml").write_text("<urlset/>")
    (tmp_path / "page.txt").write_text("What?")

    assert names(find_files(tmp_path)) == ["page.txt"]


def test_a_form_that_is_named_is_looked_for_whatever_the_files_hold(tmp_path: Path) -> None:
    (tmp_path / "broken.xml").write_text("<")

    assert names(find_files(tmp_path, Form.MEDQUAD)) == ["broken.xml"]
    with pytest.raises(NotFoundError, match=r"holds no file that ends in \.md or \.txt"):
        find_files(tmp_path)


@pytest.mark.parametrize("name", ["1.xml", "1.dat"])
def test_a_file_is_told_by_its_content(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(DATA)

    contents = read_file(tmp_path / name, Manner(published_on=datetime.date(2020, 2, 29)))

    (draft,) = contents.drafts
    assert (contents.form, draft.external_id) == (Form.MEDQUAD, f"medquad:{tmp_path.name}/1#1")
    assert [draft.published_on for draft in contents.drafts] == [datetime.date(2020, 2, 29)]


def test_a_collection_is_named_by_its_folder_wherever_the_import_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "1.xml").write_bytes(DATA)
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")

    (draft,) = read_file(Path("../1.xml"), Manner()).drafts
    assert (draft.external_id, identity_of(Path("../1.xml"))) == (f"medquad:{tmp_path.name}/1#1", f"{tmp_path.name}/1")
