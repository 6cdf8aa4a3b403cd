import dataclasses
import pickle

from server.content.draft import Cover
from server.content.packing import unpack
from server.content.publication.preparation import Builder, Prepared, Unsound, prepare, prepare_or_refuse
from server.content.published import decode
from server.content.publishing import publish, publish_prepared
from server.db.engine import Engine
from server.db.reads import Reads
from tests.schema.drafts import answer, rich

COVER = Cover.__struct_fields__


def built(draft) -> Prepared:
    prepared = prepare_or_refuse(draft, builder=Builder())
    assert isinstance(prepared, Prepared)
    return prepared


def test_what_is_prepared_is_the_same_after_a_journey():
    prepared = built(rich())

    arrived = pickle.loads(pickle.dumps(prepared))  # noqa: S301 - made here

    assert arrived.draft == prepared.draft
    assert [getattr(arrived.cover, name) for name in COVER] == [getattr(prepared.draft, name) for name in COVER]
    assert dataclasses.replace(arrived, cover=prepared.cover) == prepared


def test_a_draft_that_can_not_be_published_comes_with_the_reason():
    assert prepare_or_refuse(answer(slug="No slug")) == Unsound(
        slug="No slug",
        locale="en",
        reason=(
            "the slug: `No slug` is no slug: write lower-case letters and digits joined by single hyphens, at most 200."
        ),
    )


async def revision(reads: Reads) -> bytes:
    published: bytes = await reads.fetch_value(
        "select published from revision order by number desc, answer_id desc limit 1"
    )
    return published


async def test_what_was_built_elsewhere_is_published_as_it_is(engine: Engine, reads: Reads) -> None:
    prepared = built(rich())

    (outcome,) = await publish_prepared(engine, [prepared])

    assert (str(outcome.kind), outcome.revision) == ("published", 1)
    assert prepared.built is not None
    assert await revision(reads) == prepared.built.published


async def test_what_was_built_of_a_known_answer_is_built_again(engine: Engine, reads: Reads) -> None:
    await publish(engine, [answer("gout")])
    identity = await reads.fetch_value("select id from answer")

    (outcome,) = await publish_prepared(engine, [built(answer("gout", title="Gout, and more"))])

    published = decode(unpack(await revision(reads)))
    assert (str(outcome.kind), outcome.revision, published.title) == ("updated", 2, "Gout, and more")
    assert {section.answer_id for section in published.sections} == {str(identity)}


async def test_what_was_built_with_a_source_that_is_known_is_built_again(engine: Engine, reads: Reads) -> None:
    await publish(engine, [rich()])
    sources = await reads.fetch("select id from source")

    await publish_prepared(engine, [built(rich(slug="another", external_id="another"))])

    published = decode(unpack(await revision(reads)))
    assert set(published.source_ids) <= {str(row["id"]) for row in sources}
    assert len(await reads.fetch("select id from source")) == len(sources)


def test_equal_sources_of_one_builder_share_an_id():
    builder = Builder()

    first, second = [builder.propose(prepare(rich(slug=f"rich-{number}"))) for number in range(2)]

    assert first.built is not None
    assert second.built is not None
    assert first.built.source_ids == second.built.source_ids
