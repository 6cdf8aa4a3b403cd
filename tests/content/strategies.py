"""Drafts that hypothesis makes: every shape that the checks let through, with text that looks like markup."""

import datetime

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from server.content import draft as drafts
from server.content import vocabulary
from server.content.publication.canonical import normalise

NASTY = [
    *"\\`*_{}[]()#+-.!<>&|~=:;\"'^$@/%a1Z ",
    *"\t\xa0\u2003\u2028\u3000\xad\u200b\u0301€×°é漢「」。…—😀",
    *["&amp;", "&#42;", "&copy", "<b>", "</script>", "<!--", "-->", "<https://a.b>", "www.a.b", "![", "](x)", "[x]: y"],
    *[
        "**",
        "***",
        "__",
        "1.",
        "12)",
        "- ",
        "+ ",
        "> ",
        "# ",
        "```",
        "~~~",
        "---",
        "===",
        "| --- |",
        "  ",
        "word",
        "[ ]",
        "]:",
        ': "',
    ],
]
KEYS = ["one", "two", "three"]
URLS = [
    "https://example.org/",
    "http://example.org/a_(b)*c?d=1&e=%20&amp;f#g",
    "https://example.org/~é漢'|^{}`[x]!",
    "https://[2001:db8::1]:8080/x_y_",
]

nasty = st.lists(st.sampled_from(NASTY), min_size=1, max_size=6).map("".join)
lines = nasty.filter(lambda text: bool(text.strip()))
optional_lines = st.none() | lines
marks = st.lists(st.sampled_from(vocabulary.Mark), max_size=3).map(tuple)
cites = st.builds(drafts.Cite, source=st.sampled_from(KEYS), locator=st.none() | st.just("p. 3"))
spans = st.builds(
    drafts.Span,
    text=nasty,
    marks=st.just(()) | marks,
    url=st.none() | st.none() | st.sampled_from(URLS),
    citation=st.none() | st.none() | cites,
)
any_inline = st.lists(spans, min_size=1, max_size=4).map(tuple)
inline = any_inline.filter(lambda found: any(span.text.strip() for span in found))


def _items(inner: SearchStrategy[tuple[drafts.Item, ...]]) -> SearchStrategy[tuple[drafts.Item, ...]]:
    plain = st.builds(drafts.Item, content=inline, items=inner)
    led = st.builds(drafts.Item, lead=inline, content=st.just(()) | any_inline, items=inner)
    return st.lists(plain | led, min_size=1, max_size=3).map(tuple)


items = _items(st.just(()) | _items(st.just(()) | _items(st.just(()))))
questions = st.builds(
    drafts.Question,
    text=lines,
    audience=st.sampled_from(vocabulary.QuestionAudience),
    answer=st.none() | st.just("other"),
)
paragraphs = st.builds(drafts.Paragraph, content=inline)
lists = st.builds(drafts.List, ordered=st.booleans(), items=items)
cells = st.builds(drafts.Cell, content=st.just(()) | any_inline, is_header=st.booleans())
callouts = st.builds(drafts.Callout, tone=st.sampled_from(vocabulary.CalloutTone), title=optional_lines, content=inline)
question_lists = st.builds(drafts.Questions, questions=st.lists(questions, min_size=1, max_size=3).map(tuple))


@st.composite
def tables(draw: st.DrawFn) -> drafts.Table:
    width = draw(st.integers(1, 3))
    row = st.lists(cells, min_size=width, max_size=width).map(tuple)
    rows = draw(st.lists(row, min_size=1, max_size=3).map(tuple))
    return drafts.Table(caption=draw(optional_lines), columns=draw(row), rows=rows)


step_blocks = paragraphs | lists | tables() | callouts | question_lists
titled_steps = st.builds(drafts.Step, title=lines, blocks=st.lists(step_blocks, max_size=2).map(tuple))
bare_steps = st.builds(drafts.Step, blocks=st.lists(step_blocks, min_size=1, max_size=2).map(tuple))
steps = st.builds(drafts.Steps, steps=st.lists(titled_steps | bare_steps, min_size=1, max_size=3).map(tuple))
blocks = step_blocks | steps

headed = st.builds(
    drafts.Section,
    heading=lines,
    level=st.integers(1, 5),
    blocks=st.lists(blocks, max_size=3).map(tuple),
)
openings = st.builds(drafts.Section, blocks=st.lists(blocks, min_size=1, max_size=3).map(tuple))
bodies = st.builds(
    lambda opening, rest: (*opening, *rest), st.lists(openings, max_size=1), st.lists(headed, max_size=3)
)

SOURCES = tuple(drafts.Source(key=key, title=f"Source {key}") for key in KEYS)


def draft(**given: object) -> drafts.Draft:
    """A draft with everything it must have, and what is given."""
    defaults: dict[str, object] = {
        "slug": "what-is-a-cold",
        "question": "What is a cold?",
        "title": "About colds",
        "author": drafts.Contributor(name="An Institute", kind=vocabulary.ContributorKind.ORGANIZATION),
        "published_on": datetime.date(2026, 5, 15),
        "provenance": drafts.Provenance(method=vocabulary.ProductionMethod.HUMAN_WRITTEN),
        "sources": SOURCES,
    }
    return drafts.Draft(**{**defaults, **given})


written = st.builds(
    draft, sections=bodies, questions=st.lists(questions, max_size=2).map(tuple), locale=st.sampled_from(["en", "es"])
)
"""Drafts as an importer may cut them."""
whole = written.map(normalise)
"""Drafts as publishing takes them."""


def normal(found: drafts.Spans) -> drafts.Spans:
    """Spans as publishing takes them."""
    (section,) = normalise(draft(sections=(drafts.Section(blocks=(drafts.Paragraph(content=found),)),))).sections
    (block,) = section.blocks
    assert isinstance(block, drafts.Paragraph)
    return block.content
