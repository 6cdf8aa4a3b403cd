"""The fields of the index, and how a published answer fills them.

Whoever changes what this gives counts `VERSION` up: indexes of other versions are left aside and built anew.
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence

from tantivy import Document, Schema, SchemaBuilder

from server.content.folding import fold
from server.content.reads.indexing import Indexed, IndexedTopic
from server.content.words import folded, language, seen, surface
from server.search.analysis import indexed, term, terms
from server.search.languages import common_words, is_telling

VERSION = 3

QUESTION, TOPIC, HEADING, ALL = "question", "topic", "heading", "all"
"""Terms of the question and title, of topics with their synonyms, of headings, and of all that is searched."""
OPENING = (QUESTION, TOPIC, HEADING)
EXACT = "exact"
"""The telling terms of a question or title together: what equals a query stands first."""
BEGINS = "begins"
"""The words that lead up to what a question asks, as they are typed first."""
NAME = "name"
"""The terms of a topic's name or synonym together, in their order."""
WORD = "word"
"""Words as they are written: what the spelling of a query is put right by."""
ASKED, CALLED = "asked", "called"
"""What a reader may be typing, what it becomes, and where that leads, each parted by `PART`: of the question, and of
what the topics are called. Apart, since there are many more questions, each of one answer."""
ID, SET = "id", "set"
LOCALE, ABOVE, YIELDS = "locale", "above", "yields"
"""The answer's locale; the locales above it; the locales in which another answer of its set is served instead."""
UNDER, CODE, SOURCE, SLUG, EXTERNAL, METHOD, EVIDENCE = (
    "under", "code", "source", "slug", "external", "method", "evidence",
)  # fmt: skip
FACET = "facet"
"""Ids of the topics."""
PUBLISHED = "published"
"""When it was published, in milliseconds since 1970."""
STATE = "state"
"""Kept for the one document that is no answer."""

PART = "\x1f"
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_LONGEST = 200_000
"""Characters of a section that are searched."""
_LONGEST_COMPLETION = 300
LONGEST_NAME = 6
"""Words of a topic's name by which it is recognized in a paragraph."""

_TERMS = (QUESTION, TOPIC, HEADING)
_FACTS = (
    EXACT,
    BEGINS,
    NAME,
    ASKED,
    CALLED,
    SET,
    LOCALE,
    ABOVE,
    YIELDS,
    UNDER,
    CODE,
    SOURCE,
    SLUG,
    EXTERNAL,
    METHOD,
    EVIDENCE,
)


def build_schema() -> Schema:
    """The schema of an index of one language."""
    builder = SchemaBuilder()
    for name in _TERMS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field(ALL, tokenizer_name="whitespace", index_option="position")
    builder.add_text_field(WORD, tokenizer_name="whitespace", index_option="basic")
    for name in _FACTS:
        builder.add_text_field(name, stored=name in (SET, ASKED), tokenizer_name="raw", index_option="basic")
    builder.add_text_field(ID, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(FACET, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field(PUBLISHED, indexed=True, fast=True)
    builder.add_text_field(STATE, stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def document(answer: Indexed, schema: Schema) -> Document:
    """The document of an answer."""
    return Document.from_dict({**_text(answer), **_facts(answer)}, schema)


def _text(answer: Indexed) -> dict[str, object]:
    spoken = language(answer.locale)
    names = [name for topic in answer.topics for name in topic_names(topic, spoken)]
    headings = [section.heading for section in answer.sections if section.heading]
    openings = [answer.question] if answer.title == answer.question else [answer.question, answer.title]
    texts = [*openings, *names, *headings, *[section.text[:_LONGEST] for section in answer.sections]]
    parts = [surface(text) for text in texts]
    return {
        QUESTION: " ".join(dict.fromkeys([each for part in openings for each in telling_terms(part, spoken)])),
        TOPIC: " ".join([each for name in names for each in terms(name, spoken)]),
        HEADING: " ".join([each for heading in headings for each in terms(heading, spoken)]),
        ALL: indexed(parts, spoken),
        EXACT: list(dict.fromkeys([exact(part, spoken) for part in openings])),
        BEGINS: list(_begins(answer.question, spoken)),
        NAME: list(dict.fromkeys([named for name in names if (named := " ".join(terms(name, spoken)[:LONGEST_NAME]))])),
        WORD: " ".join({word for part in parts for word in part}),
        ASKED: list(_completion(answer.question, key=after_opening(answer.question, spoken), leads=("q", answer))),
        CALLED: list(dict.fromkeys(_called(answer.topics, spoken))),
    }


def _facts(answer: Indexed) -> dict[str, object]:
    facts: dict[str, object] = {
        ID: answer.id.hex,
        SET: answer.set_id.hex,
        LOCALE: answer.locale,
        ABOVE: list(locales_above(answer.locale)),
        YIELDS: sorted(_yields(answer)),
        UNDER: sorted({slug for topic in answer.topics for slug in topic.lineage}),
        CODE: sorted({code for topic in answer.topics for code in topic.codes}),
        FACET: [topic.id.hex for topic in answer.topics],
        SOURCE: [identity.hex for identity in answer.source_ids],
        SLUG: answer.slug,
        METHOD: answer.method,
        EVIDENCE: answer.evidence.value,
        PUBLISHED: milliseconds(answer.published_at),
    }
    return facts if answer.external_id is None else {**facts, EXTERNAL: answer.external_id}


def milliseconds(moment: datetime.datetime) -> int:
    """Whole milliseconds since 1970."""
    return (moment - _EPOCH) // datetime.timedelta(milliseconds=1)


def _yields(answer: Indexed) -> Iterator[str]:
    """Where others of the set are served: in their own locales, and the earliest of all in those above (`es>`)."""
    for sibling in answer.siblings:
        yield sibling
        if sibling < answer.locale:
            yield from [f"{above}>" for above in locales_above(sibling)]


def locales_above(locale: str) -> Iterator[str]:
    """The locales that a locale is a variant of, the nearest first."""
    while "-" in locale:
        locale = locale.rpartition("-")[0]
        yield locale


def topic_names(topic: IndexedTopic, spoken: str) -> Iterator[str]:
    """What a topic is called in a language, names before synonyms; in English where it has no name in it."""
    own = [name for name in topic.names if language(name.locale) == spoken]
    for name in own or [name for name in topic.names if name.locale == "en"] or topic.names[:1]:
        yield name.name
        yield from name.synonyms


def telling_terms(text: str, spoken: str) -> list[str]:
    """The terms of a text without those that only lead up to a question, unless there are no others."""
    words = surface(text)
    kept = [word for place, word in enumerate(words) if is_telling(words, place, spoken=spoken)]
    return [found for word in kept or words if (found := term(word, spoken))]


def exact(text: str, spoken: str) -> str:
    """What two texts share that ask for the same in the same words, whatever their order."""
    return " ".join(sorted(set(telling_terms(text, spoken))))[:1000]


def _called(topics: Iterable[IndexedTopic], spoken: str) -> Iterator[str]:
    for topic in topics:
        names = list(topic_names(topic, spoken))
        for name in names:
            yield from _completion(names[0], key=key_of(name), leads=("t", topic))


def _completion(text: str, *, key: str, leads: tuple[str, Indexed | IndexedTopic]) -> Iterator[str]:
    """The term of a completion; none for a text that is too long to be useful."""
    kind, found = leads
    if _is_typed(text) and _is_typed(key):
        yield PART.join([key, text, kind, found.slug, found.id.hex])


def _begins(question: str, spoken: str) -> Iterator[str]:
    if _is_typed(question):
        yield key_of(question).removesuffix(after_opening(question, spoken)).rstrip()


def _is_typed(text: str) -> bool:
    """Whether anybody may type a text to its end."""
    return len(text) <= _LONGEST_COMPLETION and PART not in text


def key_of(text: str) -> str:
    """The text as completions are ordered by: folded, without what is not seen."""
    return fold(seen(text))


def after_opening(text: str, spoken: str) -> str:
    """The text, folded, from its first telling word on; as it is where there is none."""
    words = key_of(text).split()
    return " ".join(words[_opening(words, spoken) % max(len(words), 1) :])


def is_opening(text: str, spoken: str) -> bool:
    """Whether no word of a text is a telling one."""
    words = key_of(text).split()
    return _opening(words, spoken) == len(words)


def _opening(words: Sequence[str], spoken: str) -> int:
    """How many words stand before the first telling one."""
    common = common_words(spoken)
    return next((place for place, word in enumerate(words) if folded(word, spoken) not in common), len(words))
