"""The headed parts of an answer."""

from collections.abc import Sequence
from uuid import UUID

import strawberry

from schema.context import Info
from schema.fields import Describes, attribute, resolved
from schema.lengths import about
from schema.types.blocks import Block
from schema.types.disclaimers import Disclaimer
from schema.types.nodes import Node
from schema.types.text import Body, Citation
from server.content import answer as domain
from server.content import published


async def _disclaimers(parent: strawberry.Parent[published.Section], info: Info) -> Sequence[domain.Disclaimer]:
    answer = await info.context.answers.load(UUID(parent.answer_id))
    if answer is None:
        return ()
    info.context.note_served(answer)
    return answer.caveats.disclaimers


@strawberry.type(
    description="One headed part of an answer; its id is that of the answer with the anchor. "
    "The opening part may have no heading. Of a retracted answer it is empty."
)
class Section(Node):
    """Describes `published.Section`."""

    is_type_of = Describes(published.Section)

    anchor: str = attribute(
        "Unique within the answer, stable across revisions while the heading stays: `the-basic-concept`."
    )
    heading: str | None = attribute("Its heading, as plain text; null for an opening part without one.")
    level: int = attribute("1 for a top-level section, 2 for one inside it; at most 5.")
    position: int = attribute("0-based, in reading order.")
    blocks: list[Block] = attribute(
        "Its blocks, without its subsections, in reading order.", requires_disclaimer=True, length=about(3)
    )
    body: Body = attribute("Its blocks in one piece, without its heading and subsections.", requires_disclaimer=True)
    citations: list[Citation] = attribute("The citations that stand in it, in order of appearance.", length=about(2))
    disclaimers: list[Disclaimer] = resolved(
        _disclaimers,
        "Those of its answer, in the order to show them: a section fetched alone still brings them.",
        length=about(4),
    )
