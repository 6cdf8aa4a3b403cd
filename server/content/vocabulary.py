"""The choices that content knows, by the contract's names."""

from enum import StrEnum


class Mark(StrEnum):
    """How a stretch of text is set off from the text around it."""

    STRONG = "STRONG"
    EMPHASIS = "EMPHASIS"
    CODE = "CODE"
    SUBSCRIPT = "SUBSCRIPT"
    SUPERSCRIPT = "SUPERSCRIPT"


class CalloutTone(StrEnum):
    """How urgent a callout is."""

    NOTE = "NOTE"
    TIP = "TIP"
    WARNING = "WARNING"
    URGENT = "URGENT"


class QuestionAudience(StrEnum):
    """Whom a follow-up question is for."""

    CARE_TEAM = "CARE_TEAM"
    READER = "READER"


class DisclaimerKind(StrEnum):
    """What a disclaimer tells the reader."""

    RETRACTION = "RETRACTION"
    OUTDATED_SOURCE = "OUTDATED_SOURCE"
    OVERDUE_REVIEW = "OVERDUE_REVIEW"
    INFORMATIONAL = "INFORMATIONAL"
    AI_GENERATED = "AI_GENERATED"
    EDUCATIONAL = "EDUCATIONAL"
    PARTNER = "PARTNER"


class DisclaimerPlacement(StrEnum):
    """Where a client shows a disclaimer."""

    BEFORE_CONTENT = "BEFORE_CONTENT"
    AFTER_CONTENT = "AFTER_CONTENT"


class SourceKind(StrEnum):
    """What sort of publication a source is."""

    GUIDELINE = "GUIDELINE"
    JOURNAL_ARTICLE = "JOURNAL_ARTICLE"
    WEBSITE = "WEBSITE"
    BOOK = "BOOK"
    DATABASE = "DATABASE"
    OTHER = "OTHER"


class ContributorKind(StrEnum):
    """What sort of author or reviewer a contributor is."""

    AI = "AI"
    PERSON = "PERSON"
    ORGANIZATION = "ORGANIZATION"


class ProductionMethod(StrEnum):
    """How an answer was made."""

    AI_GENERATED = "AI_GENERATED"
    AI_ASSISTED = "AI_ASSISTED"
    HUMAN_WRITTEN = "HUMAN_WRITTEN"


class CodeSystem(StrEnum):
    """A system of medical codes."""

    UMLS = "UMLS"
    ICD10CM = "ICD10CM"
    SNOMEDCT = "SNOMEDCT"
    MESH = "MESH"
    RXNORM = "RXNORM"
