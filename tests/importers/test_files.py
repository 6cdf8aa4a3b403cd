import datetime
import errno
import os
from pathlib import Path

import pytest

from server.content.draft import Draft
from server.errors.content import NotFoundError
from server.importers.files import Form, Manner, find_files, identity_of, read_file, read_files
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


@pytest.mark.parametrize("opening", [b"<!-- a line of a licence -->\n", b"<?a?>"])
def test_a_file_that_is_none_of_medquads_is_known_in_one_pass(tmp_path: Path, opening: bytes) -> None:
    (tmp_path / "1.xml").write_bytes(opening * 100 + b"<urlset/>")
    (tmp_path / "page.txt").write_bytes(opening * 100)

    assert names(find_files(tmp_path)) == ["page.txt"]


def test_a_linked_folder_is_looked_into_once_and_last(tmp_path: Path) -> None:
    for name in ("b", "elsewhere/c"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "1.xml").write_bytes(DATA)
    root = tmp_path / "b"
    (root / "again").symlink_to(root)
    (root / "a").symlink_to(tmp_path / "elsewhere" / "c")
    (root / "also").symlink_to(tmp_path / "elsewhere")

    assert find_files(root) == [root / "1.xml", root / "a" / "1.xml"]


def test_what_can_not_be_opened_is_told_by_whoever_opens_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "1.xml").write_bytes(DATA)
    (tmp_path / "dangling.xml").symlink_to(tmp_path / "gone")
    (tmp_path / "loop.xml").symlink_to(tmp_path / "loop.xml")
    (tmp_path / "closed").mkdir()
    (tmp_path / "folder.xml").mkdir()
    scandir = os.scandir

    def guarded(path: str) -> object:
        if Path(path).name == "closed":
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    found = {path.name: result for path, result in read_files(find_files(tmp_path), Manner())}

    assert isinstance(found.pop("1.xml"), Draft)
    assert found == {
        "closed": "the directory can't be looked into: let its user read it.",
        "dangling.xml": "the file can't be opened: No such file or directory.",
        "loop.xml": "the file can't be opened: Too many levels of symbolic links.",
    }


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
