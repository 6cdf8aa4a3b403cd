"""Who wrote the pages: the institutes by the names that the files give them, and the licence that they come under."""

from urllib.parse import urlsplit

_NIH = "National Institute"
_NAMES = {
    "ADAM": "A.D.A.M. Medical Encyclopedia",
    "CDC": "Centers for Disease Control and Prevention",
    "CANCERGOV": "National Cancer Institute",
    "GARD": "Genetic and Rare Diseases Information Center",
    "GHR": "Genetics Home Reference",
    "MPLUSDRUGS": "MedlinePlus Drug Information",
    "MPLUSHEALTHTOPICS": "MedlinePlus",
    "MPLUSHERBSSUPPLEMENTS": "MedlinePlus Herbs and Supplements",
    "NHLBI": "National Heart, Lung, and Blood Institute",
    "NIDDK": f"{_NIH} of Diabetes and Digestive and Kidney Diseases",
    "NIHSENIORHEALTH": "NIHSeniorHealth",
    "NINDS": f"{_NIH} of Neurological Disorders and Stroke",
    "SENIORHEALTH": "NIHSeniorHealth",
}

LICENSE = "CC-BY-4.0"
ATTRIBUTION = (
    "MedQuAD: Asma Ben Abacha and Dina Demner-Fushman, A Question-Entailment Approach to Question Answering, "
    "BMC Bioinformatics 20, 511 (2019)"
)


def institute_of(name: str, url: str) -> str:
    """The full name of the institute that a file names; as the file has it, else the page's host, where unknown."""
    known = _NAMES.get("".join(filter(str.isalnum, name)).upper())
    return known or name or _host(url) or "MedQuAD"


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
