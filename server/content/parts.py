"""The parts of an answer by their names; those of a retracted one are there, and empty."""

from uuid import UUID

from server.content.answer import Answer
from server.content.ids import NodeKind, content_id, encode_id
from server.content.published import FollowUpQuestion, Section


def section_at(answer: Answer, anchor: str) -> Section | None:
    """The section at an anchor; of a retracted answer an empty one, so that client caches overwrite theirs."""
    for section in answer.published.sections:
        if section.anchor == anchor:
            return section
    return _withheld_section(answer.uuid, anchor) if anchor in answer.withheld_anchors else None


def _withheld_section(answer_id: UUID, anchor: str) -> Section:
    return Section(
        id=encode_id(NodeKind.SECTION, answer_id, key=anchor),
        answer_id=str(answer_id),
        anchor=anchor,
        position=0,
        named=content_id(str(answer_id), anchor, "withheld"),
    )


def question_by_id(answer: Answer, question_id: str) -> FollowUpQuestion | None:
    """The follow-up question with a global id; None where the current revision does not ask it."""
    for question in answer.published.follow_up_questions:
        if question.id == question_id:
            return question
    return None
