"""Well-known publishers and journals, by the names that texts give them, and what kind of source a title names."""

import re

from server.content.folding import match_key
from server.content.vocabulary import SourceKind
from server.importers.page.vocabulary import AMBIGUOUS_NAMES

_PUBLISHERS = """
National Comprehensive Cancer Network|NCCN
American Cancer Society|ACS
National Cancer Institute|NCI
National Institutes of Health|NIH
Centers for Disease Control and Prevention|CDC|US CDC|U.S. Centers for Disease Control and Prevention
World Health Organization|WHO|World Health Organisation
U.S. Food and Drug Administration|FDA|US FDA|Food and Drug Administration|US Food and Drug Administration
European Medicines Agency|EMA
National Health Service|NHS
National Institute for Health and Care Excellence|NICE
American Heart Association|AHA
American Stroke Association|ASA
American College of Cardiology|ACC
American Diabetes Association|ADA
American Lung Association|ALA
American Academy of Pediatrics|AAP
American Academy of Neurology|AAN
American Academy of Dermatology|AAD
American Academy of Family Physicians|AAFP
American Academy of Ophthalmology|AAO
American College of Obstetricians and Gynecologists|ACOG
American College of Rheumatology|ACR
American College of Gastroenterology|ACG
American College of Physicians|ACP
American Gastroenterological Association|AGA
American Medical Association|AMA
American Psychiatric Association|APA
American Psychological Association
American Society of Clinical Oncology|ASCO
American Society of Hematology|ASH
American Thyroid Association|ATA
American Urological Association|AUA
European Society for Medical Oncology|ESMO
European Society of Cardiology|ESC
Endocrine Society
U.S. Preventive Services Task Force|USPSTF|US Preventive Services Task Force
Global Initiative for Asthma|GINA
Global Initiative for Chronic Obstructive Lung Disease|GOLD
Kidney Disease: Improving Global Outcomes|KDIGO
National Kidney Foundation|NKF
National Heart, Lung, and Blood Institute|NHLBI
National Institute of Diabetes and Digestive and Kidney Diseases|NIDDK
National Institute of Mental Health|NIMH
National Institute of Neurological Disorders and Stroke|NINDS
National Institute on Aging|NIA
National Institute of Allergy and Infectious Diseases|NIAID
National Library of Medicine|NLM
Leukemia & Lymphoma Society|LLS|Leukemia and Lymphoma Society
Infectious Diseases Society of America|IDSA
European Association for the Study of the Liver|EASL
Scottish Intercollegiate Guidelines Network|SIGN
Royal College of Physicians|RCP
British Heart Foundation|BHF
Crohn's & Colitis Foundation|Crohn’s & Colitis Foundation
Alzheimer's Association|Alzheimer’s Association
Arthritis Foundation
Cancer Research UK|CRUK
Macmillan Cancer Support
Mayo Clinic
Cleveland Clinic
Johns Hopkins Medicine|Johns Hopkins
Harvard Health Publishing|Harvard Health
Memorial Sloan Kettering Cancer Center|Memorial Sloan Kettering|MSKCC|MSK
MD Anderson Cancer Center|MD Anderson
Dana-Farber Cancer Institute|Dana-Farber
Stanford Medicine
Organización Mundial de la Salud|OMS
Cochrane|Cochrane Collaboration
American Academy of Orthopaedic Surgeons|AAOS|American Academy of Orthopedic Surgeons
American Academy of Sleep Medicine|AASM
American Society for Gastrointestinal Endoscopy|ASGE
British Thoracic Society|BTS
Diabetes UK
Health Canada
National Eye Institute
"""
_JOURNALS = """
New England Journal of Medicine|NEJM|N Engl J Med
Journal of the American Medical Association|JAMA
The Lancet|Lancet
Lancet Oncology|Lancet Oncol
British Medical Journal|BMJ|The BMJ
Annals of Internal Medicine|Ann Intern Med
Journal of Clinical Oncology|JCO|J Clin Oncol
Nature Medicine|Nat Med
Nature
Science
Cell
Blood
Blood Advances
Leukemia
Circulation
Diabetes Care
Gastroenterology
Gut
Chest
Thorax
Neurology
Pediatrics
Brain
Stroke
Hypertension
Kidney International
PLOS Medicine
PLOS ONE
"""
_SITES = """
MedlinePlus|WebMD|Healthline|Medscape|UpToDate|Verywell Health|Drugs.com|Patient.info|KidsHealth|Everyday Health|
Medical News Today|Merck Manual|Merck Manuals|MSD Manual|MSD Manuals|StatPearls|Wikipedia|BMJ Best Practice|DynaMed
"""


def _table(rows: str) -> dict[str, str]:
    table: dict[str, str] = {}
    for row in rows.strip().splitlines():
        full, *others = row.split("|")
        table.update({match_key(name): full for name in (full, *others)})
    return table


_PUBLISHER_NAMES = _table(_PUBLISHERS)
_JOURNAL_NAMES = _table(_JOURNALS)
_SITE_NAMES = {match_key(name): name for name in _SITES.replace("\n", "").split("|") if name}
_IN_ENGLISH = {"Organización Mundial de la Salud": "World Health Organization"}
_OWN_SITE = re.compile(
    r"(?:https?://)?(?:www\.)?([\w-]+)\.(?:gov|com|edu|int|net|eu|org(?:\.uk)?|uk)(?=[/?#]|$)", re.IGNORECASE
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_MOST_WORDS = 12

_GUIDELINE = re.compile(
    r"\bguidelines?\b|\bguidance\b|\bstandards?\s+of\s+(?:medical\s+)?care\b|\brecommendations?\b|\bconsensus\b|\bstatement\b|"
    r"\bgu[ií]as?\b|\bleitlinien?\b|\blinee\s+guida\b|\brecommandations?\b|\bdiretrizes\b",
    re.IGNORECASE,
)
_JOURNAL = re.compile(
    r"\bjournal\b|\bannals\b|\barchives\s+of\b|\bproceedings\b|\btransactions\s+of\b|\brevista\b", re.IGNORECASE
)
_BOOK = re.compile(r"\b(?:textbook|handbook|manuals?|encyclop\w+|atlas|principles\s+and\s+practice)\b", re.IGNORECASE)
_DATABASE = re.compile(
    r"\b(?:database|registry|pubmed|clinicaltrials\.gov|seer|cochrane\s+(?:library|database)|medline|globocan)\b",
    re.IGNORECASE,
)
_SITE = re.compile(r"\b[\w-]+\.(?:gov|org|com|edu|int|net|uk|eu)\b|\bweb\s?(?:site|page)\b", re.IGNORECASE)


def publisher_of(title: str) -> str | None:
    """The full name of the well-known publisher that a title opens with."""
    words = match_key(title).removeprefix("the ").split()
    for length in range(min(len(words), _MOST_WORDS), 0, -1):
        if name := _PUBLISHER_NAMES.get(" ".join(words[:length])):
            return name
    return None


def canonical(title: str) -> str:
    """What a title has in common with other ways of writing it: its words, known names in full, no `the`, no year."""
    words = match_key(title.replace("&", " and ")).removeprefix("the ").split()
    while len(words) > 1 and _YEAR.fullmatch(words[0]):
        del words[0]
    while len(words) > 1 and _YEAR.fullmatch(words[-1]):
        del words[-1]
    for length in range(min(len(words), _MOST_WORDS), 0, -1):
        opening = " ".join(words[:length])
        if name := _PUBLISHER_NAMES.get(opening) or (_JOURNAL_NAMES.get(opening) if length == len(words) else None):
            return " ".join([match_key(name.replace("&", " and ")).removeprefix("the "), *words[length:]])
    return " ".join(words)


def journal(name: str) -> str | None:
    """The full name of a well-known journal."""
    return _JOURNAL_NAMES.get(match_key(name))


def is_known(name: str) -> bool:
    """Whether a name is that of a well-known publisher, journal or site, and no common word."""
    key = match_key(name)
    if key in AMBIGUOUS_NAMES:
        return name.isupper() and len(name) > 2
    return key in _PUBLISHER_NAMES or key in _JOURNAL_NAMES or key in _SITE_NAMES


def publisher_at(url: str) -> str | None:
    """The full name of the well-known publisher whose own site an address is at: not one that its site harbours."""
    found = _OWN_SITE.match(url)
    return publisher_of(found[1]) if found else None


def is_at_home(publisher: str, url: str) -> bool:
    """Whether a publisher's page can be at an address: it is at no other well-known publisher's own site."""
    host = publisher_at(url)
    return host in (None, publisher, _IN_ENGLISH.get(publisher))


def kind_of(title: str) -> SourceKind:
    """What kind of source a title names, as far as it says."""
    if _GUIDELINE.search(title):
        return SourceKind.GUIDELINE
    if _JOURNAL.search(title) or journal(title):
        return SourceKind.JOURNAL_ARTICLE
    if _DATABASE.search(title):
        return SourceKind.DATABASE
    if _BOOK.search(title):
        return SourceKind.BOOK
    if _SITE.search(title) or match_key(title) in _SITE_NAMES:
        return SourceKind.WEBSITE
    return SourceKind.OTHER
