"""The enums of the schema: those of the domain, with a description for each and for each of its values."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, cast

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition, has_enum_definition

from server.access.clients import ClientKind
from server.content import answer, filters, vocabulary
from server.search.completing import CompletionKind


class OrderDirection(StrEnum):
    """Which end of an order comes first."""

    ASC = "ASC"
    DESC = "DESC"


_ENUMS: Final[Mapping[type[StrEnum], tuple[str, Mapping[str, str]]]] = {
    ClientKind: (
        "What a client is, which says where its key lies.",
        {
            "WEB": "A web page: its key lies in the page, and opens trusted documents only.",
            "MOBILE": "An app: its key lies in the app, and opens trusted documents only.",
            "PARTNER": "A partner's portal, whose key is secret.",
            "SERVER": "A server of ours, whose key is secret.",
        },
    ),
    answer.AnswerStatus: (
        "Whether an answer stands.",
        {
            "PUBLISHED": "It stands: its content is served whole.",
            "RETRACTED": (
                "Withdrawn: it keeps its id, slug, question and topics; its content is empty, also that of its "
                "sections asked by id; its disclaimers open with the retraction notice. Clients drop what they kept "
                "of the answer and its sections."
            ),
        },
    ),
    answer.EvidenceStatus: (
        "What has become of the sources since the answer cited them.",
        {
            "CURRENT": "Every cited source is current.",
            "OUTDATED": "A cited source has a newer edition: the disclaimers say so.",
            "WITHDRAWN": "A cited source was withdrawn: the disclaimers say so.",
            "UNCITED": "The answer cites no source.",
        },
    ),
    answer.SourceStatus: (
        "Whether a source is still the one to lean on.",
        {
            "CURRENT": "It is the latest edition that Caveat knows.",
            "SUPERSEDED": "A newer edition took its place: `supersededBy` names it.",
            "WITHDRAWN": "Its publisher took it back; nothing took its place.",
        },
    ),
    answer.ChangeKind: (
        "What happened to an answer. New kinds may be added: treat one that you don't know as UPDATED.",
        {
            "PUBLISHED": "It is there for the first time, or again after a retraction.",
            "UPDATED": "A new revision.",
            "CAVEATS_CHANGED": (
                "Same revision, other caveats: a disclaimer's wording, a source's status, a review overdue, a topic."
            ),
            "RETRACTED": "Withdrawn: drop its content and show its notice.",
            "REMOVED": "No longer there for this client or this filter: drop it.",
        },
    ),
    vocabulary.Mark: (
        "How a stretch of text is set off from the text around it.",
        {
            "STRONG": "Important: bold, `strong` in HTML.",
            "EMPHASIS": "Stressed: italic, `em` in HTML.",
            "CODE": "Literal characters, as of a gene or a program: monospaced, `code` in HTML.",
            "SUBSCRIPT": "Lowered, as the 2 of CO₂: `sub` in HTML.",
            "SUPERSCRIPT": "Raised, as in 10⁹: `sup` in HTML.",
        },
    ),
    vocabulary.CalloutTone: (
        "How urgent a callout is.",
        {
            "NOTE": "Worth knowing.",
            "TIP": "Practical help.",
            "WARNING": "A risk to know of.",
            "URGENT": "Act now: call a doctor or an emergency number.",
        },
    ),
    vocabulary.QuestionAudience: (
        "Whom a follow-up question is for.",
        {
            "CARE_TEAM": "For the reader to ask a doctor or care team.",
            "READER": "For the reader to ask here next.",
        },
    ),
    vocabulary.DisclaimerKind: (
        (
            "What a disclaimer tells the reader; a client may style by it, but shows every kind, also one that it "
            "doesn't know. The most specific that applies: a notice that says that AI wrote the answer is "
            "AI_GENERATED, whatever else it says."
        ),
        {
            "RETRACTION": "The answer was withdrawn, and why.",
            "OUTDATED_SOURCE": "A cited source was superseded or withdrawn.",
            "OVERDUE_REVIEW": "The answer's next medical review is past due.",
            "INFORMATIONAL": "The content informs and does not replace medical advice.",
            "AI_GENERATED": "Artificial intelligence wrote the answer, whole or in part.",
            "EDUCATIONAL": "The content is meant for education only.",
            "PARTNER": "The wording of the registered client's own organization.",
        },
    ),
    vocabulary.DisclaimerPlacement: (
        "Where a client shows a disclaimer.",
        {
            "BEFORE_CONTENT": "Between the title and the first section.",
            "AFTER_CONTENT": "After the last section, before the calls to action.",
        },
    ),
    vocabulary.SourceKind: (
        "What sort of publication a source is.",
        {
            "GUIDELINE": "A clinical guideline, also one written for patients.",
            "JOURNAL_ARTICLE": "An article of a scientific journal.",
            "WEBSITE": "A web page or site.",
            "BOOK": "A book, or a chapter of one.",
            "DATABASE": "A database or registry.",
            "OTHER": "Anything else, and what is not known more closely.",
        },
    ),
    vocabulary.ContributorKind: (
        "What sort of author, editor or reviewer a contributor is.",
        {
            "AI": "A program that writes: name it as such.",
            "PERSON": "A person.",
            "ORGANIZATION": "An institute, a company or a named group of people.",
        },
    ),
    vocabulary.ProductionMethod: (
        "How an answer was made.",
        {
            "AI_GENERATED": "Written by AI; `Provenance.humanReviewed` says whether people checked it.",
            "AI_ASSISTED": "Written by people with the help of AI.",
            "HUMAN_WRITTEN": "Written by people alone.",
        },
    ),
    vocabulary.CodeSystem: (
        "A system of medical codes.",
        {
            "UMLS": "Concept unique identifiers of the Unified Medical Language System: `C0023418`.",
            "ICD10CM": "ICD-10-CM, the clinical modification of the United States: `C95.90`.",
            "SNOMEDCT": "Concept ids of SNOMED CT: `93143009`.",
            "MESH": "Descriptor ids of the Medical Subject Headings: `D007938`.",
            "RXNORM": "RxNorm concept unique identifiers of drugs: `2047237`.",
        },
    ),
    filters.AnswerOrderField: (
        "What answers are ordered by; equals are ordered by id.",
        {
            "PUBLISHED_AT": "The moment of the first publication.",
            "UPDATED_AT": "The moment of the latest revision.",
            "QUESTION": "The question by its words: letter case, accents and punctuation aside.",
        },
    ),
    CompletionKind: (
        "What a suggestion leads to.",
        {
            "TOPIC": "A topic: its answers are next.",
            "QUESTION": "A question: its answer is next.",
        },
    ),
    OrderDirection: (
        "Which end of an order comes first.",
        {
            "ASC": "Oldest first; A before Z.",
            "DESC": "Newest first; Z before A.",
        },
    ),
}


def describe_enums() -> None:
    """Tell Strawberry what each enum and each of its values says; raises KeyError for a value without a description.

    A type that was declared earlier may have made the definition already: it is completed, not replaced.
    """
    for enum, (description, values) in _ENUMS.items():
        definition = _definition(enum)
        definition.description = description
        for value in definition.values:
            value.description = values[value.name]


def _definition(enum: type[StrEnum]) -> StrawberryEnumDefinition:
    if not has_enum_definition(enum):
        strawberry.enum(enum)
    return cast("StrawberryEnumDefinition", enum.__strawberry_definition__)  # type: ignore[attr-defined]  # Strawberry sets it
