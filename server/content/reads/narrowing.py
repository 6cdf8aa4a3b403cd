"""Filters of answers: what each narrows the answers to, and lists of those that meet one."""

from server.content.answer import EvidenceStatus
from server.content.filters import AnswerFilter, AnswerOrderField
from server.content.reads.belonging import SEVERAL, Members, in_order, of_locales, of_sources, of_topics
from server.content.reads.bounds import Shape
from server.content.reads.listing import EVIDENCE, Arguments, Keyset, is_there

_ALL = 2**31
"""More than any table has rows."""

_LICENSED = Members(
    ids="""select x.answer_id as id from licensed b cross join lateral (
        select y.answer_id from every_answer_topic y where y.topic_id = b.id offset 0) x""",
    test="true",
    looks_beyond=True,
)
"""What lies within the topics of the audience, which every answer that it sees does."""


def listed(arguments: Arguments, wanted: AnswerFilter, *, keyset: Keyset, shape: Shape) -> str:
    """The ids of a page of the answers that meet the filter."""
    members = narrowed(arguments, wanted, shape=shape)
    if keyset.order.field is not AnswerOrderField.PUBLISHED_AT:
        members += of_dates(arguments, wanted)
    where = f"{conditions(arguments, wanted)} and {keyset.bounds(arguments)}"
    limit = arguments.bind(keyset.page.size + 1, "int")
    if not members:
        return f"select a.id from answer a where {where} order by {keyset.ordering} limit {limit}"
    return in_order(members, where, keyset=keyset, limit=limit)


def narrowed(arguments: Arguments, wanted: AnswerFilter, *, shape: Shape) -> list[Members]:
    """What the answers belong to that meet the filter and lie within the bounds, the narrowest first as a rule."""
    bind, found = arguments.bind, []
    if wanted.sources is not None:
        found.append(of_sources(f"select unnest({bind(list(wanted.sources), 'uuid[]')})"))
    if wanted.codes is not None:
        systems = bind([system.value for system, _ in wanted.codes], "text[]")
        codes = bind([code for _, code in wanted.codes], "text[]")
        coded = f"""select c.topic_id as id from topic_code c join topic t on t.id = c.topic_id
            where (c.system, c.code) in (select * from unnest({systems}, {codes}))"""
        found.append(of_topics(coded, name="coded"))
    if wanted.topics is not None:
        slugs = bind(list(wanted.topics), "text[]")
        found.append(of_topics(f"select t.id from topic t where t.slug = any({slugs})"))
    if wanted.evidence is not None:
        found.append(_of_evidence(wanted))
    if wanted.methods is not None:
        methods = bind(list(wanted.methods), "text[]")
        ids = f"select y.id from unnest({methods}) m cross join lateral ({_SOME.format('y.method = m')}) y"
        found.append(Members(ids=ids, test=f"a.method = any({methods})", looks_beyond=True))
    if wanted.locales is not None:
        found.append(of_locales(bind(list(wanted.locales), "text[]"), table="every_answer"))
    if shape.topics and wanted.topics is None:
        found.append(_LICENSED)
    if shape.locales:
        found.append(_spoken(SEVERAL))
    return found


def within(shape: Shape) -> Members:
    """What all answers belong to that a confined audience sees, however many they are."""
    return _LICENSED if shape.topics else _spoken(_ALL)


def _spoken(most: int) -> Members:
    """Answers in the locales of the audience."""
    return of_locales("(table spoken)", table="every_answer", most=most)


_SOME = "select y.id from every_answer y where {} offset 0"


def _of_evidence(wanted: AnswerFilter) -> Members:
    cited = """select x.id from every_source s cross join lateral (
        select x.answer_id as id from every_answer_source x where x.is_cited and x.source_id = s.id offset 0) x
        where s.status = '{}' and s.status <> 'CURRENT'"""
    uncited = [_SOME.format("not y.is_citing")]
    if wanted.include_retracted:
        uncited.append(_SOME.format("y.status = 'RETRACTED'"))
    ids = {
        EvidenceStatus.WITHDRAWN: cited.format("WITHDRAWN"),
        EvidenceStatus.OUTDATED: cited.format("SUPERSEDED"),
        EvidenceStatus.UNCITED: " union all ".join([f"({each})" for each in uncited]),
        EvidenceStatus.CURRENT: _SOME.format("y.is_citing"),
    }
    statuses = wanted.evidence or ()
    return Members(
        ids=" union all ".join([f"({ids[status]})" for status in statuses] or [_SOME.format("false")]),
        test="(" + " or ".join([EVIDENCE[status] for status in statuses] or ["false"]) + ")",
        looks_beyond=True,
    )


def of_dates(arguments: Arguments, wanted: AnswerFilter) -> list[Members]:
    """What was published within the dates of the filter, if it has any."""
    test = _dates(arguments, wanted)
    if not test:
        return []
    ids = f"select a.id from every_answer a where {' and '.join(test)} offset 0"
    return [Members(ids=ids, test="true", looks_beyond=True)]


def _dates(arguments: Arguments, wanted: AnswerFilter) -> list[str]:
    ends = ((">", wanted.published_after), ("<", wanted.published_before))
    return [f"a.published_at {sign} {arguments.bind(end, 'timestamptz')}" for sign, end in ends if end is not None]


def of_names(arguments: Arguments, wanted: AnswerFilter) -> list[Members]:
    """What bears the slugs and what the external ids of the filter, if it has any."""
    return [
        Members(ids=f"select a.id from every_answer a where {test} offset 0", test="true", looks_beyond=True)
        for test in _names(arguments, wanted)
    ]


def _names(arguments: Arguments, wanted: AnswerFilter) -> list[str]:
    columns = (("slug", wanted.slugs), ("external_id", wanted.external_ids))
    return [f"a.{name} = any({arguments.bind(list(given), 'text[]')})" for name, given in columns if given is not None]


def conditions(arguments: Arguments, wanted: AnswerFilter) -> str:
    """What of the filter `narrowed` leaves, as a condition on answer `a`."""
    there = is_there(include_retracted=wanted.include_retracted)
    return " and ".join([there, *_dates(arguments, wanted), *_names(arguments, wanted)])
