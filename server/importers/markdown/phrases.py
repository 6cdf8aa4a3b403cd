"""Inline text as an author writes it, read as spans.

`**strong**`, `*emphasis*`, `` `code` ``, `<sub>`, `<sup>` (and `<strong>`, `<em>`, `<code>` for places where the signs
do not work), `[text](https://…)`, and `[text](cite:key "p. 4")` for what leans on a source. A line break in the file
is a space.
"""

import re
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from markdown_it.token import Token

from server.content.draft import Cite, Span, Spans
from server.content.vocabulary import Mark
from server.errors.content import UnreadableError
from server.importers.markdown.parser import parse_inline

ELEMENTS = {
    Mark.STRONG: "strong",
    Mark.EMPHASIS: "em",
    Mark.CODE: "code",
    Mark.SUBSCRIPT: "sub",
    Mark.SUPERSCRIPT: "sup",
}
_TAGS = {f"<{name}>": (mark, 1) for mark, name in ELEMENTS.items()} | {
    f"</{name}>": (mark, -1) for mark, name in ELEMENTS.items()
}
_SIGNS = {"strong_open": (Mark.STRONG, 1), "strong_close": (Mark.STRONG, -1)} | {
    "em_open": (Mark.EMPHASIS, 1),
    "em_close": (Mark.EMPHASIS, -1),
}
_REFUSED = {
    "image": "an image, which an answer can't hold: say in words what it shows.",
    "s_open": "text struck out: take it out, or escape the signs: `\\~~`.",
}
_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]")
_CITATION = re.compile(r"cite:(\S+)(?: (.*))?", re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrase:
    """Inline text of the file: where it stands, and the keys of the sources that it may cite."""

    text: str
    line: int
    keys: Container[str] = ()

    def spans(self) -> Spans:
        """Its spans; two of the same formatting are one."""
        return self.spans_of(parse_inline(self.text))

    def spans_of(self, tokens: Sequence[Token]) -> Spans:
        """The spans of some of its tokens."""
        reading = _Reading(line=self.line, keys=self.keys)
        for token in tokens:
            reading.take(token)
        return reading.finished()

    def plain(self, what: str) -> str:
        """Its text, which bears no formatting; `what` says in a refusal what it is."""
        return self.plain_of(parse_inline(self.text), what)

    def plain_of(self, tokens: Sequence[Token], what: str) -> str:
        """The text of some of its tokens, which bear no formatting."""
        spans = self.spans_of(tokens)
        if any(span != Span(text=span.text) for span in spans):
            raise UnreadableError(f"{what} is plain text: take out its formatting and links.", self.line)
        return "".join([span.text for span in spans])


@dataclass(kw_only=True, slots=True)
class _Reading:
    """What is open while tokens are taken one by one."""

    line: int
    keys: Container[str]
    marks: Counter[Mark] = field(default_factory=Counter)
    url: str | None = None
    citation: Cite | None = None
    runs: list[tuple[dict[str, Any], list[str]]] = field(default_factory=list)
    """For each span its formatting and the pieces of its text."""

    def take(self, token: Token) -> None:
        kind = token.type
        if kind in ("text", "text_special"):
            self._text(token)
        elif kind in ("softbreak", "hardbreak"):
            self._add(" ")
            self.line += 1
        elif kind in _SIGNS:
            self._mark(*_SIGNS[kind])
        elif kind == "code_inline":
            self._mark(Mark.CODE, 1)
            self._add(token.content)
            self._mark(Mark.CODE, -1)
        elif kind == "html_inline":
            self._tag(token.content)
        elif kind == "link_open":
            self._link(token)
        elif kind == "link_close":
            self._unlink()
        else:
            raise UnreadableError(_REFUSED[kind], self.line)

    def finished(self) -> Spans:
        for mark, depth in self.marks.items():
            if depth:
                raise UnreadableError(f"`<{ELEMENTS[mark]}>` is not closed: close it in its own block.", self.line)
        return tuple([Span(text="".join(texts), **form) for form, texts in self.runs])

    def _text(self, token: Token) -> None:
        if token.type == "text" and _FOOTNOTE.search(token.content):
            reason = "a footnote: cite a source, `[text](cite:key)`, or escape the bracket: `\\[^1]`."
            raise UnreadableError(reason, self.line)
        self._add(token.content)

    def _add(self, text: str) -> None:
        marks = tuple([mark for mark in Mark if self.marks[mark]])
        form = {"marks": marks, "url": self.url, "citation": self.citation}
        if self.runs and self.runs[-1][0] == form:
            self.runs[-1][1].append(text)
        elif text:
            self.runs.append((form, [text]))

    def _mark(self, mark: Mark, step: int) -> None:
        self.marks[mark] += step
        if self.marks[mark] < 0:
            raise UnreadableError(f"`</{ELEMENTS[mark]}>` closes nothing: take it out.", self.line)

    def _tag(self, tag: str) -> None:
        if tag not in _TAGS:
            known = ", ".join([f"`<{name}>`" for name in ELEMENTS.values()])
            raise UnreadableError(f"the tag `{tag}`: only {known} are read; write `\\<` for the sign.", self.line)
        self._mark(*_TAGS[tag])

    def _link(self, token: Token) -> None:
        address, title = str(token.attrs["href"]), str(token.attrs.get("title", ""))
        if self.url is not None or self.citation is not None:
            raise UnreadableError(f"a link to `{address}` within a link: end the one before the other.", self.line)
        if address.startswith("cite:") and token.markup != "autolink":
            self._cite(unquote(address.removeprefix("cite:")), title)
            return
        if not address.lower().startswith(("http://", "https://")):
            raise UnreadableError(f"a link to `{address}`: write the whole address, `https://…`.", self.line)
        self.url = address
        if title:
            self._cite_by_title(title)

    def _cite_by_title(self, title: str) -> None:
        match = _CITATION.fullmatch(title)
        if match is None:
            reason = 'the title of a link can only say what it cites (`"cite:key p. 4"`): take it out.'
            raise UnreadableError(reason, self.line)
        self._cite(unquote(match[1]), match[2])

    def _cite(self, key: str, locator: str | None) -> None:
        if key not in self.keys:
            raise UnreadableError(f"`cite:{key}` names no source: give `{key}` under `sources`.", self.line)
        self.citation = Cite(source=key, locator=locator or None)

    def _unlink(self) -> None:
        form = self.runs[-1][0] if self.runs else {"url": None, "citation": None}
        if (form["url"], form["citation"]) != (self.url, self.citation):
            raise UnreadableError("a link without text: put the words that it stands on in the brackets.", self.line)
        self.url = self.citation = None
