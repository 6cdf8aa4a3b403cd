"""What is near is what a list would hold: every filter and both bounds, in the statement itself."""

import datetime
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest

from server.access.audience import ANONYMOUS, Audience
from server.content import evidence, withdrawal
from server.content.answer import EvidenceStatus
from server.content.draft import Code, Draft, Provenance, Topic
from server.content.filters import AnswerFilter, AnswerOrder, SourceFilter
from server.content.library import Library
from server.content.pages import PageRequest
from server.content.publishing import publish
from server.content.reads.sight import Sight
from server.content.vectors import nearest
from server.content.vectors.nearest import read_nearest, read_progress
from server.content.vocabulary import CodeSystem, ProductionMethod
from server.content.withdrawal import Named
from server.db.engine import Engine
from server.db.reads import Reads
from server.events.stream import Wakes
from server.search.searching import Meaning
from tests.schema.drafts import GUIDELINE
from tests.schema.drafts import answer as cites

HEART = Topic(name="Heart", slug="heart", codes=(Code(system=CodeSystem.UMLS, code="C1"),))
VALVE = Topic(name="Valve", slug="valve", parent="heart", codes=(Code(system=CodeSystem.UMLS, code="C2"),))
BRAIN = Topic(name="Brain", slug="brain", codes=(Code(system=CodeSystem.UMLS, code="C3"),))
EARLY, MIDDLE = datetime.date(2020, 1, 1), datetime.datetime(2023, 1, 1, tzinfo=datetime.UTC)
QUERY = "[1,0,0,0,0,0]"
NO_SOURCES = {"sources": (), "sections": ()}
SHORT_SIGHTED = {"hnsw.ef_search": "1", "hnsw.iterative_scan": "off", "enable_seqscan": "off", "enable_sort": "off"}
"""A walk through the index sees hardly anything so."""
AUDIENCES = (ANONYMOUS, Audience(topics=("heart",)), Audience(locales=("es",)), Audience(topics=("brain",)))


def _answers() -> list[Draft]:
    generated = Provenance(method=ProductionMethod.AI_GENERATED, generator="Writer")
    return [
        _about("a0", (HEART,), published_on=EARLY),
        _about("a1", (VALVE, HEART), external_id="page:1"),
        _about("a2", (BRAIN,), **NO_SOURCES),
        _about("a3", (BRAIN, HEART), **NO_SOURCES, provenance=generated),
        _about("e0", (HEART,), locale="es"),
        _about("e1", (BRAIN,), locale="es-MX", **NO_SOURCES),
        _about("gone", (HEART, VALVE, BRAIN)),
    ]


def _about(slug: str, topics: tuple[Topic, ...], **fields: object) -> Draft:
    return cites(slug, question="asthma", title=f"asthma {slug}", topics=topics, **fields)


def _filters(source: UUID) -> Iterator[AnswerFilter]:
    yield AnswerFilter()
    for fields in (
        {"topics": ("heart",)},
        {"topics": ("valve", "brain")},
        {"topics": ()},
        {"codes": ((CodeSystem.UMLS, "C1"),)},
        {"codes": ((CodeSystem.UMLS, "C2"), (CodeSystem.UMLS, "C3"))},
        {"codes": ((CodeSystem.MESH, "C1"),)},
        {"sources": (source,)},
        {"slugs": ("a0", "a2", "e1", "gone")},
        {"external_ids": ("page:1",)},
        {"locales": ("es",)},
        {"locales": ("es-MX", "en")},
        {"published_after": MIDDLE},
        {"published_before": MIDDLE},
        {"methods": (ProductionMethod.AI_GENERATED,)},
        {"evidence": (EvidenceStatus.UNCITED,)},
        {"evidence": (EvidenceStatus.WITHDRAWN,)},
        {"topics": ("brain",), "codes": ((CodeSystem.UMLS, "C1"),), "evidence": (EvidenceStatus.UNCITED,)},
    ):
        yield replace(AnswerFilter(), **fields)


@pytest.mark.parametrize("locale", ["en", "es", "es-MX"])
@pytest.mark.parametrize("few", [0, 1_000], ids=["walked", "compared"])
async def test_every_filter_and_every_bound_holds_for_what_is_near(
    engine: Engine, meaning: Meaning, locale: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearest, "FEW", str(few))
    await publish(engine, _answers())
    worker = meaning.worker(Sight(meaning.reads, ANONYMOUS), Wakes())
    await worker.catch_up()
    await withdrawal.retract(engine, Named(slug="gone"), reason="Old.")
    await evidence.withdraw(engine, GUIDELINE.title)
    everything = Library(meaning.reads)
    source = (await everything.list_sources(SourceFilter(), PageRequest())).nodes[0].uuid
    for audience in AUDIENCES:
        library, told = Library(meaning.reads, audience), set()
        for wanted in _filters(source):
            near = await _near(meaning, audience, locale, wanted)
            assert near == await _listed(library, locale, wanted), (audience, wanted)
            told.add(frozenset(near))
        is_confined_to_others = audience.locales is not None and locale == "en"
        assert (len(told) == 1) == is_confined_to_others
        assert all("gone" not in each for each in told)


async def test_few_are_found_all_and_in_order_among_many_that_are_nearer(
    engine: Engine, meaning: Meaning, semantic_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearest, "FEW", "10")
    rare = {"far": "fever", "near": "asthma", "between": "asthma fever", "es": "anemia"}
    many = [_about(f"a{number}", (HEART,)) for number in range(40)]
    few = [
        cites(slug, question=asked, topics=(BRAIN,), locale="es" if slug == "es" else "en")
        for slug, asked in rare.items()
    ]
    await publish(engine, [*many, *few])
    await meaning.worker(Sight(meaning.reads, ANONYMOUS), Wakes()).catch_up()
    found = {}
    async with Reads(semantic_url, session=SHORT_SIGHTED) as reads:
        for name, locale, wanted in (
            ("no filter", "en", AnswerFilter()),
            ("common", "en", AnswerFilter(topics=("heart",))),
            ("rare", "en", AnswerFilter(topics=("brain",))),
            ("named", "en", AnswerFilter(slugs=("far", "near"))),
            ("none", "en", AnswerFilter(topics=("liver",))),
            ("rare locale", "es-MX", AnswerFilter()),
        ):
            near = await _nearest(Sight(reads, ANONYMOUS), meaning, locale=locale, wanted=wanted)
            found[name] = [slug for slug in near if slug in rare]
            # the walk sees one vector: of 41 that are equally near it may be the one that the filter leaves out
            assert name not in ("no filter", "common") or len(near) < len(many)
            assert name != "no filter" or near

    assert found["rare"] == ["near", "between", "far"]
    assert (found["named"], found["none"], found["rare locale"]) == (["near", "far"], [], ["es"])


async def _near(meaning: Meaning, audience: Audience, locale: str, wanted: AnswerFilter) -> list[str]:
    return sorted(await _nearest(Sight(meaning.reads, audience), meaning, locale=locale, wanted=wanted))


async def _nearest(sight: Sight, meaning: Meaning, *, locale: str, wanted: AnswerFilter) -> list[str]:
    progress = await read_progress(sight, meaning.model.digest)
    assert progress is not None
    found = await read_nearest(
        sight, QUERY, number=progress.number, dimension=progress.dimension, asked=(locale, wanted)
    )
    # whoever sees everything names them
    named = await Library(meaning.reads).answers_by_id([each.answer_id for each in found])
    return [each.slug for each in named if each is not None]


async def _listed(library: Library, locale: str, wanted: AnswerFilter) -> list[str]:
    page = await library.list_answers(wanted, AnswerOrder(), page=PageRequest(size=100))
    return sorted([each.slug for each in page.nodes if _is_served(each.locale, locale)])


def _is_served(own: str, locale: str) -> bool:
    return own == locale or own.startswith(f"{locale}-") or locale.startswith(f"{own}-")
