"""What an id names."""

from collections.abc import Sequence

from schema.context import Context
from server.content.ids import NodeId, NodeKind, decode_id
from server.content.parts import question_by_id, section_at


async def find_node(context: Context, id_: str) -> object | None:
    """The object that a global id names; None for one that names nothing, or nothing any more."""
    node = decode_id(id_)
    if node is None:
        return None
    match node.kind:
        case NodeKind.SECTION | NodeKind.QUESTION:
            return await _part(context, node, id_=id_)
        case NodeKind.ANSWER:
            return await context.answers.load(node.uuid)
        case NodeKind.SOURCE:
            return await context.sources.load(node.uuid)
        case NodeKind.TOPIC:
            return await context.topics.load(node.uuid)
        case NodeKind.DISCLAIMER:
            return await context.disclaimers.load(node.uuid)


async def find_nodes(context: Context, ids: Sequence[str]) -> list[object | None]:
    """The same for many: one statement for each type among them."""
    return await context.together(find_node(context, id_) for id_ in ids)


async def _part(context: Context, node: NodeId, *, id_: str) -> object | None:
    answer = await context.answers.load(node.uuid)
    if answer is None:
        return None
    return section_at(answer, node.key) if node.kind is NodeKind.SECTION else question_by_id(answer, id_)
