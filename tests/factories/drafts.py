"""Drafts with everything in them that a draft can hold, for properties of importers, publishing and reading."""

import datetime

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from msgspec.structs import replace

from server.content import draft as drafts
from server.content import vocabulary
from server.content.publication.canonical import normalise
from server.content.walk import change_texts
from tests.content.strategies import KEYS, URLS, bodies, draft, lines, marks, nasty, questions

LIKE_YAML = [
    "yes",
    "null",
    "~",
    "2026-05-15",
    "1:30",
    "- a",
    "a: b",
    "a #b",
    "{a}",
    "[a]",
    "'",
    '"',
    "|",
    ">-",
    "&a",
    "*a",
    "!!str a",
]
SLUGS = ["what-is-a-cold", "αίμα", "a1", "no", "2026-05-15", "123"]

like_yaml = st.sampled_from(LIKE_YAML)
any_line = st.text(
    st.characters(
        exclude_categories=("Cs",),
        exclude_characters="\ufffe\uffff" + "".join(map(chr, [*range(9), *range(10, 32), 0x85])),
    ),
    min_size=1,
    max_size=12,
).filter(lambda text: bool(text.strip()))
plain_lines = lines | like_yaml | any_line
passages = st.lists(nasty | like_yaml | st.sampled_from(["\n", "\n\n", "\n ", " \n"]), min_size=1, max_size=6).map(
    "".join
)
prose = passages.filter(lambda text: bool(text.strip())) | plain_lines
dates = st.dates(datetime.date(1500, 1, 1), datetime.date(2499, 12, 31))
slugs = st.sampled_from(SLUGS)
urls = st.sampled_from(URLS)
contributors = st.builds(
    drafts.Contributor, name=plain_lines, kind=st.sampled_from(vocabulary.ContributorKind), url=st.none() | urls
)
codes = st.builds(
    drafts.Code,
    system=st.sampled_from(vocabulary.CodeSystem),
    code=st.sampled_from(["C0023418", "195967001", "1e5", "0123", "C91.0", "yes"]),
    display=st.none() | plain_lines,
)
topics = st.builds(
    drafts.Topic,
    name=plain_lines,
    slug=st.none() | slugs,
    synonyms=st.lists(plain_lines, max_size=2).map(tuple),
    codes=st.lists(codes, max_size=2).map(tuple),
    parent=st.none() | slugs,
)
notices = st.builds(
    drafts.Notice,
    kind=st.sampled_from(["INFORMATIONAL", "AI_GENERATED", "EDUCATIONAL"]).map(vocabulary.DisclaimerKind),
    placement=st.sampled_from(vocabulary.DisclaimerPlacement),
    heading=st.none() | plain_lines,
    text=prose,
)
calls = st.builds(
    drafts.CallToAction,
    heading=st.none() | plain_lines,
    text=prose,
    label=st.none() | plain_lines,
    url=st.none() | urls,
)
retractions = st.builds(drafts.Retraction, reason=prose, replacement=st.none() | slugs)


@st.composite
def reviews(draw: st.DrawFn) -> drafts.Review:
    first, second = sorted([draw(dates), draw(dates)])
    return drafts.Review(
        reviewed_on=first, reviewer=draw(contributors), next_review_on=draw(st.none() | st.just(second))
    )


def _source(key: str) -> SearchStrategy[drafts.Source]:
    return st.builds(
        drafts.Source,
        key=st.just(key),
        kind=st.sampled_from(vocabulary.SourceKind),
        title=plain_lines,
        publisher=st.none() | plain_lines,
        edition=st.none() | plain_lines,
        published_on=st.none() | dates,
        url=st.none() | urls,
        doi=st.none() | st.just("10.1000/xyz"),
        attribution=st.none() | prose,
        license=st.none() | plain_lines,
    )


@st.composite
def sources(draw: st.DrawFn, keys: list[str]) -> tuple[drafts.Source, ...]:
    """A source of each key; any but the last may be superseded by the one after it, and any other withdrawn."""
    newer = [draw(st.none() | st.just(key)) for key in keys[1:]]
    return tuple(
        [
            replace(draw(_source(key)), superseded_by=edition, is_withdrawn=edition is None and draw(st.booleans()))
            for key, edition in zip(keys, [*newer, None], strict=True)
        ]
    )


@st.composite
def provenances(draw: st.DrawFn, keys: list[str]) -> drafts.Provenance:
    return drafts.Provenance(
        method=draw(st.sampled_from(vocabulary.ProductionMethod)),
        generator=draw(st.none() | plain_lines),
        grounded_in=tuple(draw(st.lists(st.sampled_from(keys), max_size=3, unique=True))),
        human_reviewed=draw(st.booleans()),
        editor=draw(st.none() | contributors),
    )


@st.composite
def contents(draw: st.DrawFn) -> tuple[drafts.Section, ...]:
    """Sections with any text besides the text that looks like markup."""
    extra = drafts.Paragraph(content=(drafts.Span(text=draw(any_line), marks=draw(marks)),))
    last = drafts.Section(heading=draw(plain_lines), level=draw(st.integers(1, 5)), blocks=(extra,))
    return (*draw(bodies), last)


@st.composite
def _written(draw: st.DrawFn) -> drafts.Draft:
    names = draw(st.lists(plain_lines, min_size=len(KEYS), max_size=len(KEYS), unique=True))
    locator = draw(st.none() | plain_lines)

    def recited(spans: drafts.Spans) -> drafts.Spans:
        return tuple([replace(span, citation=_cite(span.citation)) for span in spans])

    def _cite(cite: drafts.Cite | None) -> drafts.Cite | None:
        return cite and drafts.Cite(source=names[KEYS.index(cite.source)], locator=cite.locator and locator)

    question = draw(plain_lines)
    found = draft(
        locale=draw(st.sampled_from(["en", "es", "es-MX", "zh-Hant", "no"])),
        slug=draw(slugs),
        external_id=draw(st.none() | plain_lines),
        translation_of=draw(st.none() | slugs),
        question=question,
        title=draw(st.just(question) | plain_lines),
        topics=tuple(draw(st.lists(topics, max_size=2))),
        author=draw(contributors),
        published_on=draw(dates),
        provenance=draw(provenances(names)),
        review=draw(st.none() | reviews()),
        notices=tuple(draw(st.lists(notices, max_size=2))),
        sections=draw(st.just(()) | contents()),
        questions=tuple(draw(st.lists(questions, max_size=2))),
        sources=draw(sources(names)),
        calls_to_action=tuple(draw(st.lists(calls, max_size=2))),
        retraction=draw(st.none() | retractions),
    )
    return normalise(change_texts(found, recited))


whole: SearchStrategy[drafts.Draft] = _written()
"""Drafts as publishing takes them: they pass the checks."""
