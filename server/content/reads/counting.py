"""How many answers meet a filter: kept where they are counted as they are written, else read, else estimated.

All answers, and those of one topic or one source, are kept by locale. Others are read where something that narrows them
has few, or the whole library has. Of a large one a sample is read, and the number that it comes to is rounded to two
figures; of what hardly any answer meets it says little.

For a confined audience all of this goes by what lies within its bounds: neither whether a number is exact nor in which
steps an estimate grows depends on what lies beyond.
"""

from dataclasses import replace

from server.content.filters import AnswerFilter
from server.content.reads.belonging import IS_SMALL, SEVERAL, Ways, each, opening
from server.content.reads.bounds import EVERY, SAMPLE, Shape, in_locales
from server.content.reads.listing import Arguments
from server.content.reads.narrowing import conditions, narrowed, of_dates, within

LARGE = 50_000
"""Rows up to which a table is read to count some of them; of a confined audience, those within its bounds."""

MANY = 10_000
"""Topics or sources from which their number is an estimate."""

# below zero it may fall while servers of a version before write, which count nothing
_SUM = "greatest(0, coalesce(sum(c.number), 0))::bigint"

COUNT_OF = f"""select {_SUM} from answer_count c
    where c.subject_id = p.id and c.status = 'PUBLISHED'"""
"""How many published answers are of the topic `p` or below it, or cite the source `p`."""


def rows_of(table: str) -> str:
    """How many rows a table has, or about how many where Postgres's own statistics know of more than some."""
    return f"""select case when c.reltuples > {MANY} then c.reltuples::bigint else (select count(*) from {table}) end
        from pg_class c where c.oid = '{table}'::regclass"""


def counted(arguments: Arguments, wanted: AnswerFilter, *, shape: Shape) -> str:
    """How many answers meet the filter."""
    kept_by = replace(AnswerFilter(), **{name: getattr(wanted, name) for name in ("topics", "locales")})
    is_kept = replace(wanted, include_retracted=False) == kept_by
    if is_kept and wanted.topics is None and not shape.topics:
        return kept(EVERY, arguments, wanted=wanted)
    looked = _looked(arguments, wanted, shape=shape)
    if not is_kept:
        return looked
    subjects = "select id from licence"
    if wanted.topics is not None:
        subjects = f"select t.id from topic t where t.slug = any({arguments.bind(list(wanted.topics), 'text[]')})"
    # an answer may be of several topics: what these have does not add up
    return f"""select case when (select count(*) from ({subjects}) s) <= 1
        then ({kept(subjects, arguments, wanted=wanted)}) else ({looked}) end"""


def kept(subjects: str, arguments: Arguments, *, wanted: AnswerFilter) -> str:
    """How many answers of the filter's locales there are of the topics or sources with these ids."""
    tests = [f"c.subject_id in ({subjects})"]
    if not wanted.include_retracted:
        tests.append("c.status = 'PUBLISHED'")
    if wanted.locales is not None:
        tests.append(in_locales(arguments.bind(list(wanted.locales), "text[]"), "c.locale"))
    return f"select {_SUM} from answer_count c where {' and '.join(tests)}"


def _looked(arguments: Arguments, wanted: AnswerFilter, *, shape: Shape) -> str:
    members = [*narrowed(arguments, wanted, shape=shape), *of_dates(arguments, wanted)]
    ways = Ways(members=members, most=SEVERAL)
    where = f"{ways.tests} and {conditions(arguments, wanted)}"
    is_whole = f"(table total) <= {LARGE}"
    short = []
    for number, member in enumerate(members):
        is_short = IS_SMALL.format(number=number)
        if shape.is_confined and member.looks_beyond:
            is_short += f" and {is_whole}"  # where all ways give the same number
        short.append(f"when {is_short} then (select count(*) from {each(f'member{number}')} where {where})")
    names = [
        *ways.sizes,
        "total as materialized (select number from extent)",
        "picked as materialized (select id from sampled)",
    ]
    whole = each(f"({within(shape).ids}) every_member") if shape.is_confined else "answer a"
    estimate = _ESTIMATE.format(
        found=f"select count(*) from {each('picked')} where {where}",
        # of what is picked within some topics each answer has the same chance, though some of it be counted twice
        share=f"{SAMPLE} / greatest({SAMPLE}, (table total))" if shape.is_confined else _SHARE,
    )
    return f"""{opening(members, *names)} select case {" ".join(short)}
        when {is_whole} then (select count(*) from {whole} where {where})
        else ({estimate}) end"""


_SHARE = "greatest(1, (select count(*) from picked)) / greatest(1, (table total))"

_ESTIMATE = """select case when e.number < 10 then e.number else round(e.number, 1 - floor(log(e.number))::int) end
    from (select round(({found}) / ({share})) as number) e"""
