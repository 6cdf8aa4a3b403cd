"""The filter of a request as conditions of the index."""

import datetime
from collections.abc import Iterable, Iterator

from tantivy import FieldType, Occur, Query, Schema

from server.content.filters import AnswerFilter
from server.search import fields
from server.search.snapshots import Volume

EARLIEST, LATEST = -(1 << 62), 1 << 62
_ALMOST = datetime.timedelta(microseconds=999)


def conditions(wanted: AnswerFilter, *, locale: str, volume: Volume) -> list[Query]:
    """What an answer has to meet: it is served in the locale, and every part of the filter holds.

    Nothing that is retracted is in the index.
    """
    return [_unscored(each) for each in (_served_in(locale, volume), *_facts(wanted, volume.schema))]


def _facts(wanted: AnswerFilter, schema: Schema) -> Iterator[Query]:
    codes = None if wanted.codes is None else [f"{system.value}:{code}" for system, code in wanted.codes]
    sources = None if wanted.sources is None else [identity.hex for identity in wanted.sources]
    lists: tuple[tuple[str, Iterable[str] | None], ...] = (
        (fields.UNDER, wanted.topics),
        (fields.CODE, codes),
        (fields.SOURCE, sources),
        (fields.SLUG, wanted.slugs),
        (fields.EXTERNAL, wanted.external_ids),
        (fields.METHOD, wanted.methods),
        (fields.EVIDENCE, wanted.evidence),
    )
    for name, values in lists:
        if values is not None:
            yield any_of(name, values, schema=schema)
    if wanted.locales is not None:
        named = [any_of(name, wanted.locales, schema=schema) for name in (fields.LOCALE, fields.ABOVE)]
        yield Query.boolean_query([(Occur.Should, each) for each in named])
    if wanted.published_after is not None or wanted.published_before is not None:
        yield _published(wanted, schema)


def any_of(name: str, values: Iterable[str], *, schema: Schema) -> Query:
    """Whether a fact is one of the values."""
    given = [str(value) for value in values]
    return Query.term_set_query(schema, name, given) if given else Query.empty_query()


def _published(wanted: AnswerFilter, schema: Schema) -> Query:
    after, before = wanted.published_after, wanted.published_before
    return Query.range_query(
        schema,
        fields.PUBLISHED,
        FieldType.Integer,
        lower_bound=EARLIEST if after is None else fields.milliseconds(after),
        upper_bound=LATEST if before is None else fields.milliseconds(before + _ALMOST),
        include_lower=False,
        include_upper=False,
    )


def _served_in(locale: str, volume: Volume) -> Query:
    """`es` also finds `es-MX`, and `es-MX` what is in `es`; of a set one answer, that in the very locale before all."""
    chain, schema = [locale, *fields.locales_above(locale)], volume.schema
    own = _is(fields.LOCALE, locale, schema=schema)
    if len(chain) == 1 and not volume.searcher.doc_freq(fields.ABOVE, locale):
        return own
    below = _but(_is(fields.ABOVE, locale, schema=schema), [*chain, f"{locale}>"], schema=schema)
    above = [
        _but(_is(fields.LOCALE, each, schema=schema), chain[:place], schema=schema)
        for place, each in enumerate(chain)
        if place > 0
    ]
    return Query.boolean_query([(Occur.Should, each) for each in (own, below, *above)])


def _but(query: Query, yields: Iterable[str], *, schema: Schema) -> Query:
    return Query.boolean_query([(Occur.Must, query), (Occur.MustNot, any_of(fields.YIELDS, yields, schema=schema))])


def _is(name: str, value: str, *, schema: Schema) -> Query:
    return Query.term_query(schema, name, value, "basic")


def _unscored(query: Query) -> Query:
    return Query.const_score_query(query, 0.0)
