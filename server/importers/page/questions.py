"""Lists of questions that a reader asks next, and whom they are for."""

import re
from collections.abc import Sequence

from server.content.draft import Question, Questions
from server.content.vocabulary import QuestionAudience
from server.importers.page.headings import is_question
from server.importers.page.pieces import Entry

_NEARLY_ALL = 0.8
_HEADING = re.compile(
    r"\bquestions?\b|\bask(?:ing|ed)?\b|\bpreguntas?\b|\bpreguntar\b|\bfragen\b|\bperguntas?\b|\bdomande\b|\bperguntar\b",
    re.IGNORECASE,
)
_READER = re.compile(
    r"\brelated\b|\bpeople\s+(?:also|often)\b|\byou\s+(?:(?:may|might|can|could)\s+also\s+(?:ask|want|like|wonder|be)|(?:may|might)\s+(?:like|wonder|be))\b|"
    r"\bask(?:ed)?\s+(?:next|here)\b|\b(?:explore|keep\s+(?:reading|exploring)|read\s+next)\b|\bfollow-?\s?up\s+questions?$|"
    r"\bmore\s+questions\b|\bother\s+questions\b|\bfrequently\s+asked\b|\bothers\s+(?:also\s+)?ask|\breaders\s+(?:also\s+)?ask|"
    r"\brelacionadas\b|\bverwandte\b|\bassoci[ée]es\b|\bcorrelate\b|\brelacionadas\b",
    re.IGNORECASE,
)
_CARE_TEAM = re.compile(
    r"\b(?:doctors?|care\s+team|nurse|provider|oncologist|pharmacist|specialist|physician)s?\b", re.IGNORECASE
)
_OPENING = re.compile(
    r"(?:what|how|is|are|am|can|could|will|would|should|do|does|did|has|have|may|when|where|which|who|why)\b|¿",
    re.IGNORECASE,
)


def asks(heading: str | None) -> bool:
    """Whether a heading announces questions."""
    return heading is not None and _HEADING.search(heading) is not None


def are_questions(entries: Sequence[Entry], heading: str | None) -> bool:
    """Whether the items of a list are questions, all or nearly all.

    Their marks may lack under a heading that says so, or where most of them have theirs.
    """
    texts = [entry.text for entry in entries if entry.text]
    marked = sum(map(is_question, texts))
    may_lack = asks(heading) or marked > len(texts) / 2
    count = sum(is_question(text) or (may_lack and _OPENING.match(text) is not None) for text in texts)
    return bool(texts) and count >= _NEARLY_ALL * len(texts)


def trails_off(text: str) -> bool:
    """Whether a text opens as a question does, and ends in dots: `Will it last…`."""
    return text.endswith(("…", "...")) and _OPENING.match(text) is not None


def read_questions(texts: Sequence[str], heading: str | None) -> Questions:
    """The question list of a section with that heading."""
    audience = audience_of(heading)
    return Questions(questions=tuple([Question(text=text, audience=audience) for text in texts if text]))


def audience_of(heading: str | None) -> QuestionAudience:
    """Whom the questions under a heading are for: the care team, but where the heading offers them to the reader."""
    if heading is not None and _READER.search(heading) and not _CARE_TEAM.search(heading):
        return QuestionAudience.READER
    return QuestionAudience.CARE_TEAM
