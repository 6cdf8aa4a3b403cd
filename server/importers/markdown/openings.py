"""What the text of an item or a step opens with: the term that leads it, or the step's title."""

from collections.abc import Sequence

from markdown_it.token import Token

from server.content.draft import Span, Spans
from server.importers.markdown.parser import parse_inline
from server.importers.markdown.phrases import Phrase

_COLONS = (":", "：")


def read_item(phrase: Phrase) -> tuple[Spans | None, Spans]:
    """The lead of an item, without the colon after it, and the rest: `**Lead:** rest`, or `**Lead**: rest`."""
    tokens = parse_inline(phrase.text)
    end = _end_of_lead(tokens)
    if not end:
        return None, phrase.spans_of(tokens)
    lead, rest = phrase.spans_of(tokens[1:end]), tokens[end + 1 :]
    if _text(tokens[1:end]).endswith(_COLONS):
        lead = _without_last(lead)
    else:
        rest[0].content = rest[0].content[1:]
    return lead, phrase.spans_of(_without_blanks(rest))


def opens_with_lead(line: str) -> bool:
    """Whether an item with this text has a lead."""
    return _end_of_lead(parse_inline(line)) > 0


def read_title(phrase: Phrase) -> tuple[str | None, Phrase | None]:
    """The title of a step, its first line if all of it is strong, and what is left of the phrase."""
    first, _, rest = phrase.text.partition("\n")
    tokens = parse_inline(first)
    if len(tokens) < 3 or _end_of_strong(tokens) != len(tokens) - 1:
        return None, phrase
    title = phrase.plain_of(tokens[1:-1], "the title of a step")
    return title, Phrase(text=rest, line=phrase.line + 1, keys=phrase.keys) if rest else None


def _end_of_strong(tokens: Sequence[Token]) -> int:
    """The place of the token that ends the strong text at the start; 0 where there is none."""
    depth = 0
    for place, token in enumerate(tokens):
        depth += {"strong_open": 1, "strong_close": -1}.get(token.type, 0)
        if depth == 0:
            return place
    return 0


def _end_of_lead(tokens: Sequence[Token]) -> int:
    """The place of the token that ends the lead; 0 where there is none."""
    end = _end_of_strong(tokens)
    lead, after = _text(tokens[1:end]), tokens[end + 1] if end + 1 < len(tokens) else None
    is_followed = after is not None and after.type == "text" and after.content.startswith(_COLONS)
    is_lead = lead not in ("", *_COLONS) and (lead.endswith(_COLONS) or is_followed)
    return end if is_lead else 0


def _text(tokens: Sequence[Token]) -> str:
    return "".join([token.content for token in tokens if token.type != "html_inline"])


def _without_last(spans: Spans) -> Spans:
    *others, last = spans
    rest = last.text[:-1]
    cut = Span(text=rest, marks=last.marks, url=last.url, citation=last.citation)
    return (*others, cut) if rest else tuple(others)


def _without_blanks(tokens: Sequence[Token]) -> Sequence[Token]:
    for place, token in enumerate(tokens):
        if token.type == "text":
            token.content = token.content.lstrip(" \t")
        if token.content or token.type not in ("text", "softbreak", "hardbreak"):
            return tokens[place:]
    return ()
