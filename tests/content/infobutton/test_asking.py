import pytest

from server.content.infobutton.asking import Criterion, KnowledgeRequest, Recipient, read_request
from server.content.vocabulary import CodeSystem
from server.errors.limits import ValueTooLargeError
from server.errors.requests import BadRequestError

V = "mainSearchCriteria.v"
UMLS, ICD9 = "2.16.840.1.113883.6.86", "2.16.840.1.113883.6.103"
LEUKEMIA = Criterion(oid=UMLS, code="C0023418")
FLU = Criterion(oid=UMLS, code="C0021400", name="Influenza")


def criterion(code: str, oid: str = UMLS, number: str = "") -> list[tuple[str, str]]:
    return [(f"{V}.c{number}", code), (f"{V}.cs{number}", oid)]


def test_a_request_is_read_as_a_portal_sends_it():
    parameters = [
        *criterion(" C0023418 "),
        (f"{V}.dn", "Leukemia"),
        ("informationRecipient", "PAT"),
        ("informationRecipient.languageCode.c", "es-mx"),
        ("performer", "PROV"),
        ("age.v.v", "67"),
        ("taskContext.c.c", "PROBLISTREV"),
        ("knowledgeResponseType", "text/xml"),
    ]

    assert read_request(parameters) == KnowledgeRequest(
        criteria=(Criterion(oid=UMLS, code="C0023418", name="Leukemia"),), recipient=Recipient.PATIENT, locale="es-MX"
    )


@pytest.mark.parametrize(
    "parameters",
    [
        [*criterion("C0023418"), *criterion("C0021400", number="1"), (f"{V}.dn1", "Influenza")],
        [*criterion("C0023418", number="0"), *criterion("C0021400", number="1"), (f"{V}.dn1", "Influenza")],
        [*criterion("C0023418"), (f"{V}.dn", ""), *criterion("C0021400"), (f"{V}.dn", "Influenza")],
        [*criterion("C0023418"), *criterion("C0021400"), (f"{V}.dn", "Influenza")],
        [*criterion("C0023418"), *criterion("C0021400")[::-1], (f"{V}.dn", "Influenza")],
    ],
)
def test_several_things_are_asked_about_by_number_or_one_after_the_other(parameters: list[tuple[str, str]]):
    assert read_request(parameters).criteria == (LEUKEMIA, FLU)


@pytest.mark.parametrize(
    ("code", "oid", "known"),
    [
        ("C0023418", UMLS, (CodeSystem.UMLS, "C0023418")),
        ("c0023418", "urn:oid:" + UMLS, (CodeSystem.UMLS, "C0023418")),
        ("E11.9", "2.16.840.1.113883.6.90", (CodeSystem.ICD10CM, "E11.9")),
        ("e119", "2.16.840.1.113883.6.90", (CodeSystem.ICD10CM, "E11.9")),
        ("J45", "2.16.840.1.113883.6.90", (CodeSystem.ICD10CM, "J45")),
        ("195967001", "2.16.840.1.113883.6.96", (CodeSystem.SNOMEDCT, "195967001")),
        ("D007938", "2.16.840.1.113883.6.177", (CodeSystem.MESH, "D007938")),
        ("749196", "2.16.840.1.113883.6.88", (CodeSystem.RXNORM, "749196")),
        ("e119", "http://hl7.org/fhir/sid/icd-10-cm", (CodeSystem.ICD10CM, "E11.9")),
        ("195967001", "http://snomed.info/sct", (CodeSystem.SNOMEDCT, "195967001")),
        ("3187-2", "http://loinc.org", None),
        ("250.33", ICD9, None),
        ("0310-0751-39", "2.16.840.1.113883.6.69", None),
        ("3187-2", "2.16.840.1.113883.6.1", None),
    ],
)
def test_a_code_is_known_by_the_oid_of_its_system(code: str, oid: str, known: tuple[CodeSystem, str] | None):
    assert [each.known for each in read_request(criterion(code, oid)).criteria] == [known]


@pytest.mark.parametrize(("said", "locale"), [("sp", "es"), ("EN", "en"), ("en-US", "en-US"), (" ", None)])
def test_a_language_is_a_tag_or_the_word_of_medlineplus_for_spanish(said: str, locale: str | None):
    assert read_request([*criterion("1"), ("informationRecipient.languageCode.c", said)]).locale == locale


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ([], "`mainSearchCriteria.v.c` is missing: it holds the code that is asked about."),
        (
            [(f"{V}.c", " "), (f"{V}.cs", "")],
            "`mainSearchCriteria.v.c` is missing: it holds the code that is asked about.",
        ),
        (criterion("1")[:1], "`mainSearchCriteria.v.cs` is missing: it holds the OID of the code's system."),
        (
            [*criterion("1"), (f"{V}.c2", "1"), (f"{V}.dn2", "Flu")],
            "`mainSearchCriteria.v.cs2` is missing: it holds the OID of the code's system.",
        ),
        (criterion("1")[1:], "`mainSearchCriteria.v.c` is missing: it holds the code that is asked about."),
        (
            criterion("1", "UMLS", "3"),
            "`mainSearchCriteria.v.cs3` is no OID: name the code system as in `2.16.840.1.113883.6.86`.",
        ),
        (
            criterion("1", "http://example.org/codes"),
            "`mainSearchCriteria.v.cs` is no OID: name the code system as in `2.16.840.1.113883.6.86`.",
        ),
        (
            [pair for number in range(21) for pair in criterion("1", number=str(number))],
            "`mainSearchCriteria` is said 21 times: at most 20 are taken.",
        ),
        ([(f"{V}.dn", "a\0")], "`mainSearchCriteria.v.dn` holds a control character: send text without it."),
        (
            [*criterion("1"), ("informationRecipient", "PAYOR")],
            "`informationRecipient` is neither `PAT` nor `PROV`: say for whom it is.",
        ),
        (
            [*criterion("1"), *[("informationRecipient", "PAT")] * 2],
            "The URL says `informationRecipient` twice: say it once.",
        ),
        (
            [*criterion("1"), ("informationRecipient.languageCode.c", "Spanish!")],
            "`informationRecipient.languageCode.c` is no language: say `en`, `es` or another BCP 47 tag.",
        ),
    ],
)
def test_what_is_wrong_with_a_request_is_told_by_the_name_of_its_parameter(
    parameters: list[tuple[str, str]], message: str
):
    with pytest.raises(BadRequestError) as refused:
        read_request(parameters)

    assert refused.value.message == message


def test_a_value_that_is_too_long_is_refused():
    with pytest.raises(
        ValueTooLargeError, match=r"`mainSearchCriteria\.v\.dn` has 301 characters: it takes at most 300\."
    ):
        read_request([(f"{V}.dn", "a" * 301)])
