"""Who wrote a page, by the name that it bears."""

import re

from server.content.draft import Contributor
from server.content.vocabulary import ContributorKind

UNNAMED = Contributor(name="Unknown author", kind=ContributorKind.ORGANIZATION)
"""Stands where the page names nobody: every answer has an author."""
UNNAMED_AI = Contributor(name="AI", kind=ContributorKind.AI)
"""Stands where the page names nobody, but says that AI wrote it."""

_AI = re.compile(
    r"\b(?:AI|A\.I\.|IA|I\.A\.|KI|LLM|(?:Chat)?GPT(?:-?\d\w*)?|Claude(?=$|\s*[\d,(]|\s(?:Opus|Sonnet|Haiku))|"
    r"Gemini|Llama|Copilot|[Cc]hat[Bb]ot|Bot|"
    r"artificial intelligence|language model)\b|\w(?:AI|GPT|Bot|Chat)\b|"
    r"(?<!Physician)(?<!Medical)(?<!Dental)(?<!Nursing)(?<!Research)(?<!Care)\sAssistant$"
)
_ABOUT_AI = re.compile(
    r"\b(?:institute|society|center|centre|foundation|association|lab|council|for AI)\b", re.IGNORECASE
)
_DEGREE = re.compile(
    r",?\s\(?(?:M\.?D|D\.?O|Ph\.?\s?D|R\.?N|N\.?P|P\.?A(?:-C)?|MPH|MSc|MS|MBBS|MBChB|BSN|MSN|DNP|APRN|FNP|PharmD|R\.?Ph|"
    r"RDN?|LCSW|PsyD|FACP|FACC|FRCP|MRCP|DDS|DMD|DPT|FACS|CRNP|OD|Esq|Jr|Sr)\b"
)
_PERSON = re.compile(r"^(?:Dr|Drs|Prof|Professor|Mr|Mrs|Ms|Mx|Sir|Dra|Doctor|Nurse|Sister|Dame|M|Mme|Herr|Frau)\b\.?\s")
_ORGANIZATION = re.compile(
    r"(?:\b|(?<=[a-z]))(?:clinic|hospitals?|societ(?:y|ies)|institutes?|foundation|association|alliance|team|staff|center|"
    r"centre|centers|universit\w+|college|department|dept|ministry|agency|editors?|editorial|group|network|board|council|"
    r"committee|academy|organi[sz]ation|federation|coalition|trust|charity|press|publish\w+|media|news|health|healthcare|"
    r"health-?line|medicine|medical|services?|system|library|school|project|initiative|program(?:me)?|partners|company|"
    r"inc|llc|ltd|gmbh|labs?|laborator\w+|pharma\w*|contributors|writers|desk|bureau|division|office|nhs|guide|online|"
    r"today|world|care|hospice|pharmacy|wellness|oncology|cardiology|pediatrics|dermatology|kidney|heart|cancer|diabetes|surgeons|physicians|doctors|nurses|midwives|pharmacists|dietitians|dentists|sociedad|asociaci\w+|instituto|fundaci\w+|cl[ií]nica|equipo|redacci\w+|universidad|ministerio|"
    r"soci[ée]t[ée]|fondation|[ée]quipe|r[ée]daction|h[ôo]pital|universit[ée]|gesellschaft|stiftung|klinik\w*|"
    r"redaktion|verband|institut|sociedade|associa[çc][ãa]o|equipe|associazione|fondazione|istituto|ospedale)\b"
    r"|医院|病院|协会|協会|学会|大学|研究所|中心|وزارة|مستشفى|جمعية|منظمة|هيئة|编辑部|編集部",
    re.IGNORECASE,
)


def contributor(name: str) -> Contributor:
    """The contributor that a name names, with the kind that the name gives away."""
    return Contributor(name=name, kind=_kind(name))


def is_ai(name: str) -> bool:
    """Whether a name is that of a machine."""
    return _kind(name) is ContributorKind.AI


def _kind(name: str) -> ContributorKind:
    if _PERSON.match(name) or _DEGREE.search(name):
        return ContributorKind.PERSON
    if _AI.search(name) and not _ABOUT_AI.search(name):
        return ContributorKind.AI
    if _ORGANIZATION.search(name) or _is_single_word(name):
        return ContributorKind.ORGANIZATION
    return ContributorKind.PERSON


def _is_single_word(name: str) -> bool:
    """Tells whether a name in a cased script is one word, or ends in capitals: `Healthline`, `Cancer Research UK`."""
    words = name.split()
    is_cased = name.lower() != name.upper()
    return is_cased and (len(words) == 1 or (len(words[-1]) > 1 and words[-1].isupper() and not name.isupper()))
