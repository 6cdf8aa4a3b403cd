from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from server.content.ids import NodeId, NodeKind, content_id, decode_id, encode_id
from server.db.uuids import new_uuid


def test_new_ids_are_of_version_7_and_sort_in_the_order_of_their_making() -> None:
    ids = [new_uuid() for _ in range(5000)]

    assert {(each.version, each.variant) for each in ids} == {(7, "specified in RFC 4122")}
    assert ids == sorted(ids)
    assert len(set(ids)) == 5000


@given(kind=st.sampled_from(NodeKind), uuid=st.uuids(), key=st.text(min_size=1).filter(lambda k: k.isprintable()))
def test_an_id_names_what_it_was_made_of(kind: NodeKind, uuid: UUID, key: str) -> None:
    key = key if kind in (NodeKind.SECTION, NodeKind.QUESTION) else ""

    assert decode_id(encode_id(kind, uuid, key=key)) == NodeId(kind=kind, uuid=uuid, key=key)


@given(text=st.one_of(st.text(), st.binary().map(lambda raw: raw.decode("latin-1"))))
def test_what_is_no_id_names_nothing(text: str) -> None:
    node = decode_id(text)

    assert node is None or encode_id(node.kind, node.uuid, key=node.key) == text


def test_the_id_of_content_changes_with_each_part() -> None:
    ids = {content_id("a", "b"), content_id("ab"), content_id("a", "c"), content_id("b", "a")}

    assert {len(each) for each in ids} == {22}
    assert len(ids) == 4
