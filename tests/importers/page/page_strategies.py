"""Pages made of random elements of the form, each with the outline that it must be read as."""

from dataclasses import dataclass

from hypothesis import strategies as st

_NOUNS = [
    "cells",
    "doses",
    "lungs",
    "nerves",
    "tests",
    "scans",
    "veins",
    "bones",
    "joints",
    "fevers",
    "creams",
    "tablets",
    "inhalers",
    "vaccines",
    "habits",
]
_VERBS = "help slow carry soothe widen clear lift guard".split()  # noqa: SIM905 - reads better
_ADJECTIVES = "small warm quiet steady early gentle daily clear".split()  # noqa: SIM905 - reads better
BULLETS = "•◦▪‣●-–*"


@dataclass(frozen=True)
class Element:
    """Lines of a page, and what they are read as."""

    lines: tuple[str, ...]
    block: object


def _words(draw, count):
    pools = (_ADJECTIVES, _NOUNS, _VERBS)
    return [draw(st.sampled_from(pools[place % 3])) for place in range(count)]


@st.composite
def sentences(draw):
    return f"{' '.join(_words(draw, draw(st.integers(3, 9)))).capitalize()}."


@st.composite
def phrases(draw):
    return " ".join(_words(draw, draw(st.integers(2, 5)))).capitalize()


@st.composite
def headings(draw):
    return " ".join(_words(draw, draw(st.integers(2, 5)))).title()


@st.composite
def questions(draw):
    return f"Which {' '.join(_words(draw, draw(st.integers(2, 6))))}?"


@st.composite
def paragraphs(draw):
    text = " ".join(draw(st.lists(sentences(), min_size=1, max_size=4)))
    return Element(lines=("", text), block={"kind": "paragraph", "text": text})


@st.composite
def items(draw):
    """An item's line without its mark, and what it is read as."""
    text, lead = draw(phrases()), draw(st.none() | headings())
    return (f"{lead}: {text}" if lead else text, {"lead": lead, "text": text})


def _nested(draw, depth, indent):
    lines, read = [], []
    glyph, step = BULLETS[depth % len(BULLETS)], draw(st.sampled_from((2, 3, 4)))
    for line, item in draw(st.lists(items(), min_size=1, max_size=3)):
        inner_lines, inner = _nested(draw, depth + 1, indent + step) if depth < 2 and draw(st.booleans()) else ([], [])
        lines += [f"{' ' * indent}{glyph} {line}", *inner_lines]
        read.append({**item, "items": inner} if inner else item)
    return lines, read


@st.composite
def bullet_lists(draw):
    lines, read = _nested(draw, 0, draw(st.integers(0, 4)))
    return Element(lines=("", *lines), block={"kind": "list", "ordered": False, "items": read})


@st.composite
def ordered_lists(draw):
    found = draw(st.lists(items(), min_size=2, max_size=5))
    form = draw(st.sampled_from(("{}. ", "{}) ", "({}) ", "  {}. ")))
    lines = [f"{form.format(number)}{line}" for number, (line, _) in enumerate(found, 1)]
    return Element(lines=("", *lines), block={"kind": "list", "ordered": True, "items": [item for _, item in found]})


@st.composite
def question_lists(draw):
    texts = draw(st.lists(questions(), min_size=1, max_size=5))
    mark = draw(st.sampled_from(("• ", "{}. ", "- ")))
    lines = [f"  {mark.format(number)}{text}" for number, text in enumerate(texts, 1)]
    return Element(lines=("", *lines), block={"kind": "questions", "questions": texts})


@st.composite
def processes(draw):
    lines, steps = [], []
    form = draw(st.sampled_from(("STEP {}: {}", "Step {} - {}", "STEP {}. {}")))
    shape = draw(st.lists(st.sampled_from((paragraphs(), bullet_lists(), ordered_lists())), min_size=1, max_size=2))
    for number in range(1, draw(st.integers(2, 4)) + 1):
        title = draw(phrases())
        parts = _apart([draw(part) for part in shape])
        lines += ["", form.format(number, title.upper()), *[line for part in parts for line in part.lines]]
        steps.append({"number": number, "title": title, "blocks": [part.block for part in parts]})
    return Element(lines=tuple(lines), block={"kind": "steps", "steps": steps})


def _apart(parts):
    """The parts without one that follows another of its kind: two lists in a row can't be told apart."""
    return [
        part for place, part in enumerate(parts) if not place or part.block["kind"] != parts[place - 1].block["kind"]
    ]


@st.composite
def sections(draw):
    """A heading, and elements of which no two that could be read as one stand together."""
    heading = draw(headings())
    kinds = st.sampled_from((paragraphs(), bullet_lists(), ordered_lists(), question_lists()))
    parts = [draw(paragraphs())]
    for kind in draw(st.lists(kinds, max_size=3)):
        parts += [draw(kind), draw(paragraphs())]
    if draw(st.booleans()):
        parts.append(draw(processes()))
    lines = ("", heading, *[line for part in parts for line in part.lines])
    return Element(lines=lines, block={"heading": heading, "blocks": [part.block for part in parts]})
