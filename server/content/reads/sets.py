"""The sets of the outbox: which answers one holds, and which of those that hold an answer changed last."""

from server.content.reads.answers import BEARS, SPEAKS
from server.content.reads.bounds import ABOVE, Shape, licensed


def holds(entry: str, shape: Shape) -> dict[str, str]:
    """For each kind of set, whether the one that an entry names holds answer `a`, as a test of one answer."""
    return {
        "SOURCE": f"""exists (select 1 from every_answer_source x
            where x.answer_id = a.id and x.source_id = {entry}.set_id)""",
        "TOPIC": f"{entry}.set_id in {ABOVE} and {matters(entry, shape)}",
        "REVIEW": f"a.next_review_on = {entry}.set_day",
        "DISCLAIMER": f"""exists (select 1 from worded d where d.id = {entry}.set_id
            and ({SPEAKS} or d.locale = 'en') and {BEARS})""",
    }


def matters(entry: str, shape: Shape) -> str:
    """Whether it concerns the audience what became of a topic of answer `a`.

    Of one that it does not see it does where the topic has left the bounds, and where there are disclaimers that are
    borne by topics.
    """
    if not shape.is_confined:
        return "true"
    left = f"or {_LEFT.format(since=f'>= {entry}.position')}" if shape.topics else ""
    return f"""(exists (select 1 from topic v where v.id = {entry}.set_id offset 0) {left}
        or exists (select 1 from worded d where d.rule = 'TOPIC'))"""


_LEFT = """exists (select 1 from former_topic f
    where f.answer_id = a.id and {licensed} and f.position {since})""".replace("{licensed}", licensed("f.topic_id"))
"""Whether answer `a` has left a topic within the bounds since a position."""


def is_last(position: str, shape: Shape) -> str:
    """Whether no set that holds answer `a` was changed after a position: by the answer's own sets, not by all later."""
    kinds, later = holds("l", shape), f"l.position > {position}"
    named = "select 1 from outbox l where l.set_kind = '{kind}' and l.set_id = o.id and " + later
    tests = [
        f"""exists (select 1 from {ABOVE} o
            where exists ({named.format(kind="TOPIC")} and {matters("l", shape)} offset 0))""",
        f"""exists (select 1 from (select x.source_id as id from every_answer_source x where x.answer_id = a.id) o
            where exists ({named.format(kind="SOURCE")} offset 0))""",
        *[
            f"""exists (select 1 from outbox l where l.set_kind = '{kind}' and {later} and {kinds[kind]} offset 0)"""
            for kind in ("REVIEW", "DISCLAIMER")
        ],
    ]
    return f"not ({' or '.join(tests)})"


def last_set(shape: Shape) -> str:
    """The last entry of a set that holds answer `a`, where it comes after the answer's own: by what the answer has."""
    kinds, later = holds("l", shape), "l.position > a.change_position"
    # looked up for each: a join may read all sets that changed since
    named = """cross join lateral (
        select l.* from outbox l where l.set_kind = '{kind}' and l.set_id = o.id and {later} offset 0) l"""
    entries = [
        f"select l.* from {ABOVE} o {named.format(kind='TOPIC', later=later)} where {matters('l', shape)}",
        f"""select l.* from (select x.source_id as id from every_answer_source x where x.answer_id = a.id) o
            {named.format(kind="SOURCE", later=later)}""",
        *[
            f"select l.* from outbox l where l.set_kind = '{kind}' and {later} and {kinds[kind]}"
            for kind in ("REVIEW", "DISCLAIMER")
        ],
    ]
    return f"(select l.* from ({' union all '.join(entries)}) l order by l.position desc limit 1)"
