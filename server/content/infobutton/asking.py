"""A knowledge request, read from the parameters of its URL.

HL7 Version 3 Implementation Guide: URL-Based Implementations of the Context-Aware Knowledge Retrieval (Infobutton)
Domain, Release 4. Of its parameters those are read that choose among answers; what a patient is like (age, sex, the
task at hand) chooses nothing here and is passed over.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import langcodes

from server.content.vocabulary import CodeSystem
from server.errors.limits import ValueTooLargeError
from server.errors.requests import BadRequestError

SYSTEMS = {
    "2.16.840.1.113883.6.86": CodeSystem.UMLS,
    "2.16.840.1.113883.6.90": CodeSystem.ICD10CM,
    "2.16.840.1.113883.6.96": CodeSystem.SNOMEDCT,
    "2.16.840.1.113883.6.177": CodeSystem.MESH,
    "2.16.840.1.113883.6.88": CodeSystem.RXNORM,
}
"""The code systems that topics bear codes of, by their OIDs; of any other, no answer is found."""
OIDS = {system: oid for oid, system in SYSTEMS.items()}
OIDS_BY_URL = {
    "http://www.nlm.nih.gov/research/umls": "2.16.840.1.113883.6.86",
    "http://hl7.org/fhir/sid/icd-10-cm": "2.16.840.1.113883.6.90",
    "http://snomed.info/sct": "2.16.840.1.113883.6.96",
    "https://www.nlm.nih.gov/mesh": "2.16.840.1.113883.6.177",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "2.16.840.1.113883.6.88",
    "http://loinc.org": "2.16.840.1.113883.6.1",
    "http://hl7.org/fhir/sid/ndc": "2.16.840.1.113883.6.69",
    "http://hl7.org/fhir/sid/icd-9-cm": "2.16.840.1.113883.6.103",
}
"""The systems that portals send codes of, by what FHIR calls them: https://hl7.org/fhir/terminologies-systems.html."""

MOST_CRITERIA = 20
LONGEST = 300
"""Characters of a value."""

SEARCHED = "mainSearchCriteria.v."
RECIPIENT = "informationRecipient"
LANGUAGE = "informationRecipient.languageCode.c"
_CRITERION = re.compile(r"mainSearchCriteria\.v\.(cs|c|dn)([0-9]{0,3})")
_OID = re.compile(r"[0-2](?:\.(?:0|[1-9][0-9]{0,38})){1,40}")
_ILLEGIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""What no text of XML holds: https://www.w3.org/TR/xml/#charsets."""
_NONE = {"c": "", "cs": "", "dn": ""}
_UNDOTTED = re.compile(r"([A-TV-Z][0-9][0-9A-Z])([0-9A-Z]{1,4})")
_LANGUAGES = {"sp": "es"}
"""What MedlinePlus Connect takes for Spanish, too."""


class Recipient(StrEnum):
    """Whom the answers are for. They are written for readers: a provider is given the same."""

    PATIENT = "PAT"
    PROVIDER = "PROV"


@dataclass(frozen=True, kw_only=True, slots=True)
class Criterion:
    """One thing that is asked about: by a code of a system, by its name, or by both."""

    oid: str | None = None
    """Of the code system."""
    code: str | None = None
    name: str | None = None

    @property
    def known(self) -> tuple[CodeSystem, str] | None:
        """The code as topics bear it; None without one, and for one of a system that none is borne of."""
        system = SYSTEMS.get(self.oid or "")
        if system is None or self.code is None:
            return None
        code = self.code if system in (CodeSystem.SNOMEDCT, CodeSystem.RXNORM) else self.code.upper()
        return system, _UNDOTTED.sub(r"\1.\2", code) if system is CodeSystem.ICD10CM else code


@dataclass(frozen=True, kw_only=True, slots=True)
class KnowledgeRequest:
    """What is asked about, any of it, for whom, and in which language."""

    criteria: tuple[Criterion, ...]
    recipient: Recipient | None = None
    locale: str | None = None
    """A BCP 47 tag; None for the default of whoever asks."""


def read_request(parameters: Sequence[tuple[str, str]]) -> KnowledgeRequest:
    """The request that parameters make; raises BadRequestError and ValueTooLargeError with the parameter's name."""
    for name, value in parameters:
        if name in (RECIPIENT, LANGUAGE) or name.startswith(SEARCHED):
            _check(name, value)
    return KnowledgeRequest(
        criteria=_criteria(parameters), recipient=_recipient(parameters), locale=_locale(parameters)
    )


def only(parameters: Sequence[tuple[str, str]], name: str) -> str | None:
    """The value of a parameter that is said once; an empty one is as good as none. Raises BadRequestError."""
    values = [value.strip() for given, value in parameters if given == name]
    if len(values) > 1:
        raise BadRequestError(f"The URL says `{name}` twice: say it once.")
    return values[0] or None if values else None


def _check(name: str, value: str) -> None:
    if len(value) > LONGEST:
        raise ValueTooLargeError(f"`{name[:80]}` has {len(value)} characters: it takes at most {LONGEST}.")
    if _ILLEGIBLE.search(value):
        raise BadRequestError(f"`{name[:80]}` holds a control character: send text without it.")


def _criteria(parameters: Sequence[tuple[str, str]]) -> tuple[Criterion, ...]:
    """What belongs together bears one number (`.c1`, `.cs1`); a name that comes again begins the next criterion."""
    groups: list[tuple[str, dict[str, str]]] = []
    latest: dict[str, dict[str, str]] = {}
    for name, value in parameters:
        if match := _CRITERION.fullmatch(name):
            part, number = match[1], match[2]
            if part in latest.get(number, _NONE):
                latest[number] = {}
                groups.append((number, latest[number]))
            latest[number][part] = value.strip()
    found = [_criterion(group, number) for number, group in groups if any(group.values())]
    if not found:
        raise BadRequestError("`mainSearchCriteria.v.c` is missing: it holds the code that is asked about.")
    if len(found) > MOST_CRITERIA:
        raise BadRequestError(f"`mainSearchCriteria` is said {len(found)} times: at most {MOST_CRITERIA} are taken.")
    return tuple(found)


def _criterion(group: Mapping[str, str], number: str) -> Criterion:
    code, name = group.get("c") or None, group.get("dn") or None
    system = (group.get("cs") or "").removeprefix("urn:oid:")
    oid = OIDS_BY_URL.get(system, system) or None
    if oid is not None and not _OID.fullmatch(oid):
        raise BadRequestError(
            f"`{SEARCHED}cs{number}` is no OID: name the code system as in `{OIDS[CodeSystem.UMLS]}`."
        )
    if code is not None and oid is None:
        raise BadRequestError(f"`{SEARCHED}cs{number}` is missing: it holds the OID of the code's system.")
    if code is None and name is None:
        raise BadRequestError(f"`{SEARCHED}c{number}` is missing: it holds the code that is asked about.")
    return Criterion(oid=oid, code=code, name=name)


def _recipient(parameters: Sequence[tuple[str, str]]) -> Recipient | None:
    said = only(parameters, RECIPIENT)
    if said is None:
        return None
    try:
        return Recipient(said.upper())
    except ValueError:
        raise BadRequestError(f"`{RECIPIENT}` is neither `PAT` nor `PROV`: say for whom it is.") from None


def _locale(parameters: Sequence[tuple[str, str]]) -> str | None:
    said = only(parameters, LANGUAGE)
    if said is None:
        return None
    try:
        tag = langcodes.standardize_tag(_LANGUAGES.get(said.lower(), said))
    except ValueError:
        tag = ""
    if not tag or not langcodes.tag_is_valid(tag):
        raise BadRequestError(f"`{LANGUAGE}` is no language: say `en`, `es` or another BCP 47 tag.")
    return tag
