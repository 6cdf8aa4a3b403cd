"""The canonical form of a draft: two ways of writing the same content down have one digest.

Adjacent spans of one formatting count as one, marks stand in one order, and sources are told by their own data, not by
the keys that a file gives them. Text counts as it stands: it is not normalised as Unicode.
"""

import hashlib

import msgspec
from msgspec.structs import replace

from server.content.draft import Draft, Source, Span, Spans
from server.content.vocabulary import Mark
from server.content.walk import change_texts, inline_texts

_RANKS = {mark: rank for rank, mark in enumerate(Mark)}


def digest(draft: Draft) -> str:
    """SHA-256, in hex, of what a revision publishes of a draft, as canonical JSON.

    Notices, topics, review, what became of a source, retraction and translations are caveats or pointers and do not
    count, nor do sources that the content neither cites nor is grounded in.
    """
    return normal_digest(normalise(draft))


def normal_digest(draft: Draft) -> str:
    """The `digest` of a draft that is as `normalise` leaves it."""
    return hashlib.sha256(msgspec.json.encode(_canonical(draft), order="sorted")).hexdigest()


def withheld_digest(published: str) -> str:
    """The digest that an answer has while it is retracted: its content is another one, namely none."""
    return hashlib.sha256(f"withheld {published}".encode()).hexdigest()


def _canonical(draft: Draft) -> Draft:
    names, used = _source_names(draft)

    def rename(spans: Spans) -> Spans:
        for span in spans:
            if span.citation is not None:
                return tuple([_renamed(span, names) for span in spans])
        return spans

    return replace(
        change_texts(draft, rename) if used else draft,
        topics=(),
        review=None,
        retraction=None,
        translation_of=None,
        notices=(),
        sources=tuple(used),
        provenance=replace(
            draft.provenance, grounded_in=tuple(dict.fromkeys([names[key] for key in draft.provenance.grounded_in]))
        ),
    )


def _source_names(draft: Draft) -> tuple[dict[str, str], list[Source]]:
    """A name for each key in use, by order of first use, equal sources sharing one; and the sources, each once."""
    by_key = {source.key: source for source in draft.sources}
    names: dict[str, str] = {}
    used: dict[Source, str] = {}
    for key in used_keys(draft):
        names[key] = used.setdefault(anonymous(by_key[key]), str(len(used) + 1))
    return names, [replace(source, key=name) for source, name in used.items()]


def anonymous(source: Source) -> Source:
    """What identifies and describes a source, whatever its key in a draft is and whatever became of it."""
    return replace(source, key="", superseded_by=None, is_withdrawn=False)


def used_keys(draft: Draft) -> list[str]:
    """The keys of the sources that the content cites, in order of first citation, then of those it is grounded in."""
    cited = [span.citation.source for spans in inline_texts(draft) for span in spans if span.citation is not None]
    return list(dict.fromkeys([*cited, *draft.provenance.grounded_in]))


def needed_keys(draft: Draft) -> list[str]:
    """The keys of the sources in use, then of the newer editions that they name."""
    newer = {source.key: source.superseded_by for source in draft.sources if source.superseded_by}
    keys = used_keys(draft)
    for key in keys:
        if (edition := newer.get(key)) is not None and edition not in keys:
            keys.append(edition)
    return keys


def _renamed(span: Span, names: dict[str, str]) -> Span:
    if span.citation is None:
        return span
    return replace(span, citation=replace(span.citation, source=names[span.citation.source]))


def normalise(draft: Draft) -> Draft:
    """The draft with adjacent spans of one formatting merged, empty ones dropped and marks in one order, each once."""
    for spans in inline_texts(draft):
        if not _is_normal(spans):
            return change_texts(draft, _normal)
    return draft


def _is_normal(spans: Spans) -> bool:
    if len(spans) == 1 and spans[0].text and not spans[0].marks:
        return True
    return _normal(spans) == spans


def _normal(spans: Spans) -> Spans:
    merged: list[Span] = []
    for span in map(_ordered, spans):
        last = merged[-1] if merged else None
        if last is not None and replace(last, text="") == replace(span, text=""):
            merged[-1] = replace(span, text=last.text + span.text)
        elif span.text:
            merged.append(span)
    return tuple(merged)


def _ordered(span: Span) -> Span:
    if len(span.marks) < 2:
        return span
    return replace(span, marks=tuple(sorted(set(span.marks), key=_RANKS.__getitem__)))
