import pytest

from server.content.draft import SourceKind
from server.importers.page.known import kind_of, publisher_of
from server.importers.page.reading import read_page


def sources(*parts):
    """The sources of a page with their edition, and the titles that its places cite, in order."""
    draft = read_page("\n\n".join(["What is it?", "May 1, 2026", *parts]).encode())
    titles = {source.key: source.title for source in draft.sources}
    spans = [span for section in draft.sections for block in section.blocks for span in spans_of(block)]
    cited = [titles[span.citation.source] for span in spans if span.citation]
    return [(source.title, source.edition) for source in draft.sources], cited


def spans_of(block):
    return getattr(block, "content", None) or [span for item in block.items for span in item.content]


SAME = [
    ("The American Cancer Society (ACS) says so. The ACS says more.", "American Cancer Society"),
    ("The CDC says so. According to the Centers for Disease Control and Prevention, it is.", "CDC"),
    ("The Danish Spine Union (DSU) explains it. The DSU advises rest.", "Danish Spine Union"),
    ("According to NCCN guidelines, yes. The NCCN Guidelines recommend it.", "NCCN guidelines"),
    ("See https://www.who.int/flu/. Again: https://who.int/flu.", "https://www.who.int/flu/"),
    ("It works (Maude et al., NEJM, 2018). Maude et al. (2018) agree.", "Maude et al., NEJM, 2018"),
    ("See doi:10.1000/x1. Again https://doi.org/10.1000/X1.", "doi:10.1000/x1"),
    ("Per the Endocrine & Thyroid Society, yes. The Endocrine and Thyroid Society says so.",
     "Endocrine & Thyroid Society"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "title"), SAME)
def test_the_same_source_cited_twice_is_one_source(text, title):
    found, cited = sources(text)
    assert ([name for name, _ in found], cited) == ([title], [title, title])


@pytest.mark.parametrize(
    "text",
    [
        "The Danish Spine Society (DSS) met. It is rare, per the DSS guideline.",
        "The Danish Spine Society explains it. It is rare, per the DSS guideline.",
    ],
)
def test_an_abbreviation_has_the_publisher_that_the_page_introduces(text):
    draft = read_page(f"What is it?\n\nMay 1, 2026\n\n{text}".encode())
    assert (draft.sources[-1].title, draft.sources[-1].publisher) == ("DSS guideline", "Danish Spine Society")


def test_authors_before_the_brackets_of_their_journal_are_one_source_with_it():
    draft = read_page(b"What is it?\n\nMay 1, 2026\n\nSavino et al. (Pediatrics, 2010) tested it.")
    assert [(each.title, each.publisher, each.edition) for each in draft.sources] == [
        ("Savino et al. (Pediatrics, 2010)", "Pediatrics", "2010")
    ]


ADDRESSED = [
    "According to the American Lung Association (https://www.lung.org/), it is rare.",
    "Source: American Lung Association, https://www.lung.org/",
    "It is rare, according to the American Lung Association: https://www.lung.org/.",
]


@pytest.mark.parametrize("text", ADDRESSED)
def test_the_address_right_after_a_name_is_that_of_the_source(text):
    draft = read_page(f"What is it?\n\nMay 1, 2026\n\n{text}".encode())
    assert [(each.title, each.url) for each in draft.sources] == [
        ("American Lung Association", "https://www.lung.org/")
    ]


def test_an_address_at_the_site_of_another_publisher_is_a_source_of_its_own():
    found, _ = sources("Sources: American Lung Association, https://www.cdc.gov/copd.")
    assert [title for title, _ in found] == ["American Lung Association", "https://www.cdc.gov/copd"]


def test_a_year_tells_editions_apart():
    found, _ = sources("The 2023 GOLD Report says so. The 2024 GOLD Report says more. The GOLD Report says it too.")
    assert found == [("GOLD Report", "2023"), ("GOLD Report", "2024")]


def test_a_longer_title_is_another_source():
    found, _ = sources(
        "According to NCCN Guidelines for Patients, a. According to NCCN Guidelines for Patients: Lung Cancer, b."
    )
    assert found == [("NCCN Guidelines for Patients", None), ("NCCN Guidelines for Patients: Lung Cancer", None)]


REFERENCES = """References

1. Maude SL, Laetsch TW, et al. Tisagenlecleucel in children with leukemia. N Engl J Med. 2018;378:439.
2. American Cancer Society. CAR T-cell therapy. https://www.cancer.org/car-t
"""


def test_a_number_in_brackets_cites_the_reference_of_that_number():
    found, cited = sources("It works [1]. It is new [1,2].", REFERENCES)
    names = ["Tisagenlecleucel in children with leukemia", "CAR T-cell therapy"]
    assert (found, cited) == ([(names[0], "2018"), (names[1], None)], [names[0], names[0], names[1]])


def test_a_reference_that_nothing_cites_cites_itself():
    _, cited = sources("It works [2].", REFERENCES)
    assert cited == ["CAR T-cell therapy", "Tisagenlecleucel in children with leukemia"]


def paragraphs(*parts):
    draft = read_page("\n\n".join(["What is it?", "May 1, 2026", *parts]).encode())
    return ["".join([span.text for span in block.content]) for section in draft.sections for block in section.blocks]


LISTED = [
    ("CDC. Flu.\nMayo Clinic. Influenza: a guide.", ["CDC. Flu.", "Mayo Clinic. Influenza: a guide."]),
    ("Mayo Clinic\nCleveland Clinic\nMedlinePlus", ["Mayo Clinic", "Cleveland Clinic", "MedlinePlus"]),
    ("Mayo Clinic\n\nCleveland Clinic", ["Mayo Clinic", "Cleveland Clinic"]),
    ("CDC. Flu.\nhttps://www.cdc.gov/flu", ["CDC. Flu. https://www.cdc.gov/flu"]),
    ("CDC. Flu.\nAvailable at: https://www.cdc.gov/flu", ["CDC. Flu. Available at: https://www.cdc.gov/flu"]),
    ("CDC. Flu.\nhttps://www.nhs.uk/flu", ["CDC. Flu.", "https://www.nhs.uk/flu"]),
    (
        "Roth S, Bell T, et al.\nFlu in winter.\nN Engl J Med. 2018;378:439.",
        ["Roth S, Bell T, et al. Flu in winter. N Engl J Med. 2018;378:439."],
    ),
]


@pytest.mark.parametrize(("lines", "entries"), LISTED)
def test_each_line_under_references_is_an_entry_with_what_goes_on_below_it(lines, entries):
    assert paragraphs("It is so.", f"Sources\n\n{lines}") == ["It is so.", *entries]


def test_an_address_right_under_an_item_is_part_of_it():
    found, _ = sources("Sources", "1. CDC. Flu.\nhttps://www.cdc.gov/flu\n2. NHS. Colds.\nhttps://www.nhs.uk/colds")
    assert found == [("Flu", None), ("Colds", None)]


def test_a_numbered_list_at_the_end_needs_no_heading_to_be_cited():
    draft = read_page(
        b"What is it?\n\nMay 1, 2026\n\nThe label warns of it [1].\n\n[1] FDA, Drug Safety Communication, 2015."
    )
    assert [(each.title, each.publisher, each.edition) for each in draft.sources] == [
        ("FDA, Drug Safety Communication, 2015", "U.S. Food and Drug Administration", "2015")
    ]


def test_a_numbered_list_that_no_number_cites_is_content():
    assert sources("It is so.", "1. Rest.\n2. In 2020, walk.") == ([], [])


@pytest.mark.parametrize("quotes", ["", '"'])
def test_an_entry_of_references_in_the_text_is_one_source(quotes):
    found, cited = sources(f"CDC. {quotes}HPV Vaccine Safety.{quotes} https://www.cdc.gov/hpv")
    assert (found, len(cited)) == ([("HPV Vaccine Safety", None)], 1)


def test_a_number_without_a_reference_is_text():
    assert sources("It works [1].") == ([], [])


def test_authors_in_the_text_are_those_of_the_references():
    _, cited = sources("It works (Maude et al., 2018).", REFERENCES)
    assert cited == ["Maude et al., 2018", "CAR T-cell therapy"]


@pytest.mark.parametrize(
    ("title", "kind", "publisher"),
    [
        ("NCCN Guidelines for Patients", SourceKind.GUIDELINE, "National Comprehensive Cancer Network"),
        ("ADA Standards of Care in Diabetes", SourceKind.GUIDELINE, "American Diabetes Association"),
        ("New England Journal of Medicine", SourceKind.JOURNAL_ARTICLE, None),
        ("Merck Manual", SourceKind.BOOK, None),
        ("MedlinePlus", SourceKind.WEBSITE, None),
        ("Cochrane Library", SourceKind.DATABASE, "Cochrane"),
        ("WHO", SourceKind.OTHER, "World Health Organization"),
        ("Danish Spine Union", SourceKind.OTHER, None),
    ],
)
def test_a_title_says_its_kind_and_its_publisher(title, kind, publisher):
    assert (kind_of(title), publisher_of(title)) == (kind, publisher)


def test_a_journal_and_a_year_are_an_article_of_that_journal():
    draft = read_page(b"What is it?\n\nMay 1, 2026\n\nIt helps (Lancet, 2019).")
    assert [(each.title, each.publisher, each.edition) for each in draft.sources] == [
        ("Lancet, 2019", "The Lancet", "2019")
    ]


def test_an_address_in_angle_brackets_is_the_title_of_its_source():
    found, cited = sources("It is so.", "Sources", "<https://example.org/a>")
    assert (found, cited) == ([("https://example.org/a", None)], ["https://example.org/a"])


def test_what_a_body_printed_in_a_journal_is_an_article():
    draft = read_page(b"What is it?\n\nMay 1, 2026\n\nIt is.\n\nSources\n\nRoth Society. A trial. Lancet. 2019;393:4.")
    assert [(each.title, each.kind) for each in draft.sources] == [("A trial", SourceKind.JOURNAL_ARTICLE)]


def test_the_day_of_access_is_no_edition():
    found, _ = sources("References", "1. CDC. Flu. Accessed March 1, 2026. https://www.cdc.gov/flu")
    assert found == [("Flu", None)]


def test_a_body_may_have_its_address_under_another_name_of_its_own():
    found, _ = sources("Fuentes", "Organización Mundial de la Salud. Hierro. 2016.\nhttps://www.who.int/hierro")
    assert found == [("Hierro", "2016")]


def test_a_bracket_at_the_end_of_a_title_belongs_to_it():
    found, _ = sources("References", "1. National Cancer Institute. Screening (PDQ). https://www.cancer.gov/psa")
    assert found == [("Screening (PDQ)", None)]
