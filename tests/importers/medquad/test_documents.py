import pytest

from server.content.draft import Code
from server.content.vocabulary import CodeSystem
from server.errors.content import UnreadableError
from server.importers.medquad import documents
from server.importers.medquad.documents import read_document
from tests.importers.medquad.xml import document, pair


def refusal(data: bytes) -> UnreadableError:
    with pytest.raises(UnreadableError) as caught:
        read_document(data)
    return caught.value


def umls(*codes: str) -> list[Code]:
    return [Code(system=CodeSystem.UMLS, code=code) for code in codes]


def test_a_document_is_read_whole():
    read = read_document(
        document(
            pair(1, "What is  Gout ?", "A disease."),
            pair(3, "Who gets it?"),
            synonyms=["Podagra", " Gouty\n arthritis "],
            cuis=["C0018099", "C0003868"],
        )
    )

    assert (read.institute, read.url, read.focus) == ("NIDDK", "https://www.niddk.nih.gov/gout", "Gout")
    assert (read.synonyms, read.codes) == (["Podagra", "Gouty arthritis"], umls("C0018099", "C0003868"))
    assert [(each.pid, each.question, each.answer) for each in read.pairs] == [
        ("1", "What is  Gout ?", "A disease."),
        ("3", "Who gets it?", ""),
    ]
    assert [each.line for each in read.pairs] == [15, 19]


def test_the_other_names_of_the_same_elements_are_known():
    read = read_document(
        b"""<doc docid="7" corpus="NINDS" url="http://ninds.nih.gov/als"><doctitle-focus>ALS</doctitle-focus>
            <umls><cui>C0002736</cui><semanticType/></umls><qaPairs><pair pid="1">
            <question qid="7-1" qtype="treatment">is there a treatment ?</question><answer>None.</answer>
            </pair></qaPairs></doc>"""
    )

    assert (read.institute, read.focus, read.codes) == ("NINDS", "ALS", umls("C0002736"))
    assert [(each.pid, each.question, each.answer) for each in read.pairs] == [("1", "is there a treatment ?", "None.")]


def test_a_disease_file_is_a_document():
    read = read_document(
        b"""<DiseaseFile fid="397" source="CDC" url="http://www.cdc.gov/parasites/taeniasis/"><Focus>Taeniasis</Focus>
            <UMLS><CUI></CUI><SemanticType></SemanticType></UMLS><QAPairs><QAPair pid="1">
            <Question qid="397-1" qtype="information">What is it ?</Question><Answer>A worm.</Answer>
            </QAPair></QAPairs></DiseaseFile>"""
    )

    assert (read.institute, read.url) == ("CDC", "http://www.cdc.gov/parasites/taeniasis/")
    assert (read.focus, read.codes, [each.answer for each in read.pairs]) == ("Taeniasis", [], ["A worm."])


def test_text_keeps_what_elements_comments_and_sections_of_data_parted():
    answer = "<p>One</p><p>two</p><!-- no --><![CDATA[<three>]]> &amp; &#102;our<br/>five"
    data = document(pair(1, "What?", "@")).replace(b"@", answer.encode())

    assert read_document(data).pairs[0].answer.split() == ["One", "two", "<three>", "&", "four", "five"]


def test_elements_within_a_line_part_no_words():
    answer = "<b>impor</b>tant: H<sub>2</sub>O <Answer>and</Answer> more"
    data = document(pair(1, "What?", "@")).replace(b"@", answer.encode())

    assert read_document(data).pairs[0].answer.split() == ["important:", "H2O", "and", "more"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1", "cp1252", "koi8-r"])
def test_an_encoding_that_the_file_names_is_read(encoding: str):
    name = {"utf-8-sig": "UTF-8", "utf-16": "UTF-16"}.get(encoding, encoding)
    word = "мир" if encoding == "koi8-r" else "Ménière’s" if encoding != "latin-1" else "Ménière's"
    text = document(pair(1, "What?", word)).decode().replace("UTF-8", name)

    assert read_document(text.encode(encoding)).pairs[0].answer == word


LAUGHS = """<?xml version="1.0"?>
<!DOCTYPE Document [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<Document><QAPairs><QAPair pid="1"><Question>What?</Question><Answer>&b;</Answer></QAPair></QAPairs></Document>"""
FILE = '<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document><Focus>&x;</Focus></Document>'


@pytest.mark.parametrize("data", [LAUGHS.encode(), LAUGHS.encode("utf-16"), FILE.encode()])
def test_a_document_type_is_refused_before_anything_is_expanded(data: bytes):
    error = refusal(data)

    assert error.reason == "the XML declares a document type: take the `<!DOCTYPE …>` out."
    assert error.line in (1, 2)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "line 1: the XML is broken: no element found."),
        (b"<Document>\n<Focus>Gout</Focuss>", "line 2: the XML is broken: mismatched tag."),
        (
            b"<Document>\n\n<Focus>\xff</Focus></Document>",
            "line 3: the XML is broken: not well-formed (invalid token).",
        ),
        (b"<Document>\n<Focus>\0", "line 2: the XML is broken: not well-formed (invalid token)."),
        (b"<html><body/></html>", "line 1: the XML is not of MedQuAD's form: it has `<html>` for `<Document>`."),
        (b"<Document>\n\n<Answer>It.</Answer></Document>", "line 3: a question or an answer stands in no pair."),
    ],
)
def test_what_is_no_such_document_is_refused_with_its_line(data: bytes, message: str):
    assert refusal(data).message == message


def test_names_and_codes_that_no_topic_can_have_are_left_out_with_their_lines():
    long = "x" * 301
    read = read_document(
        f"""<Document source="{long}"><Focus>{long}</Focus>
            <Synonym>Podagra</Synonym>
            <Synonym>{long}</Synonym>
            <CUI>C01,
                C*2 C03</CUI></Document>""".encode()
    )

    assert (read.institute, read.focus, read.synonyms, read.codes) == ("", "", ["Podagra"], umls("C01", "C03"))
    assert read.faults == [
        "line 1: the institute: it has 301 characters: keep it to 300.",
        "line 1: the focus: it has 301 characters: keep it to 300.",
        "line 3: a synonym: it has 301 characters: keep it to 300.",
        "line 5: `C*2` has a form that no code has: write letters, digits, dots, hyphens.",
    ]


def test_an_encoding_that_nobody_knows_is_refused():
    assert refusal(b'<?xml version="1.0" encoding="klingon"?><Document/>').line == 1


def test_more_pairs_than_one_file_may_hold_are_refused():
    data = document(*[pair(number, "What?") for number in range(501)])

    assert refusal(data).reason == "the file has more than 500 pairs: make it several files."


def test_a_file_that_is_too_large_is_refused_before_it_is_parsed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(documents, "LARGEST", 100)

    assert refusal(b"<" * 101).message == "the file has 101 bytes: keep it to 100."
