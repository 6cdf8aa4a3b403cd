"""What lies within an audience's bounds: for each name that a statement reads from, the part of its table to be seen.

An answer is within them that is about a topic within them, in a locale within them, and so is what hangs on it: a topic
within them that has a name in such a locale; a source that such an answer leans on, with the editions that took its
place; a disclaimer that such an answer can bear. Nothing leads out: a parent or replacement beyond the bounds is null.
"""

from dataclasses import dataclass

from server.access.audience import Audience

EVERY = "select '00000000-0000-0000-0000-000000000000'::uuid"
"""What all answers are counted under."""

TOPICS, LOCALES, WORDING = "{topics}", "{locales}", "{wording}"
"""Where the values of the audience's fields are bound."""

UNDER = """select t.id from below b cross join lateral (
    select t.id from every_topic t where t.parent_id = b.id offset 0) t"""
"""The topics right below those of `below`, some beyond the bounds: by their index, however many the planner expects."""

BELOW = f"""(with recursive below as (select {{root}} as id union {UNDER}) select id from below)"""
"""The topics that lie at or below a topic, as ids; some may be beyond the bounds."""

ABOVE = """(with recursive above as (
    select x.topic_id as id from every_answer_topic x where x.answer_id = a.id
    union select t.parent_id from every_topic t join above b on t.id = b.id where t.parent_id is not null)
    select id from above)"""
"""The topics that answer `a` is in: those that it is about, and all that they lie below."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """Which bounds an audience has, and whether it has a wording of its own."""

    topics: bool
    locales: bool
    wording: bool

    @classmethod
    def of(cls, audience: Audience) -> "Shape":
        """The shape of an audience."""
        return cls(
            topics=audience.topics is not None,
            locales=audience.locales is not None,
            wording=audience.wording is not None,
        )

    @property
    def is_confined(self) -> bool:
        """Whether something may lie beyond its bounds."""
        return self.topics or self.locales


def in_locales(tags: str, column: str = "a.locale") -> str:
    """Whether a locale is one of those that are bound there, or a variant of one."""
    return f"exists (select 1 from unnest({tags}) l where {column} = l or starts_with({column}, l || '-'))"


def licensed(identity: str) -> str:
    """Whether a topic lies within the bounds: `is true`, so that these are hashed once and not read for each row."""
    return f"({identity} in (select id from licensed)) is true"


def definitions(shape: Shape) -> dict[str, str]:
    """What each name stands for; each is made of earlier ones, else of the table of its own name."""
    found = {f"every_{table}": f"select * from {table}" for table in _TABLES}
    found["worded"] = _WORDED if shape.wording else "select * from disclaimer where client_id is null"
    if shape.topics:
        found["licence"] = f"select t.id from every_topic t where t.slug = any({TOPICS})"
        found["licensed"] = _LICENSED
    if shape.locales:
        found["spoken"] = f"select {LOCALES} as tags"
        found["topic_name"] = f"select n.* from topic_name n where {in_locales(LOCALES, 'n.locale')}"
    found |= {"extent": _extent(shape), "sampled": _sampled(shape)}
    if shape.is_confined:
        return {**found, **_within(shape)}
    return {**found, "disclaimer": "select * from worded"}


_TABLES = ("answer", "answer_count", "answer_source", "answer_topic", "source", "topic")

SAMPLE = 10_000
"""About so many answers `sampled` has, the same ones each time."""


def _extent(shape: Shape) -> str:
    """How many answers lie within the bounds; one in several of their topics counts as often."""
    counts = f"c.subject_id in ({'select id from licence' if shape.topics else EVERY})"
    if shape.locales:
        counts += f" and {in_locales(LOCALES, 'c.locale')}"
    return f"select coalesce(sum(c.number), 0) as number from every_answer_count c where {counts}"


def _sampled(shape: Shape) -> str:
    """Some of the answers within the bounds, chosen by their ids in a share that what lies beyond has no part in."""
    share = f"{SAMPLE} / greatest({SAMPLE}, (select number from extent))"
    is_chosen = f"(uuid_hash({{}}) & {_LARGEST_HASH}) <= {_LARGEST_HASH} * ({share})"
    if shape.topics:
        return f"""select x.id from licensed b cross join lateral (select y.answer_id as id from every_answer_topic y
            where y.topic_id = b.id and {is_chosen.format("y.answer_id")} offset 0) x"""
    if shape.locales:
        return f"select a.id from every_answer a where {is_chosen.format('a.id')} and {in_locales(LOCALES)}"
    return f"select id from answer tablesample system (100 * ({share})) repeatable (1)"


_LARGEST_HASH = 2**31 - 1


COLUMNS = {
    "answer": (
        *("id", "set_id", "slug", "locale", "external_id", "status", "revision", "digest"),
        *("question", "question_key", "question_match", "method"),
        *("published_at", "updated_at", "reviewed_on", "reviewer", "next_review_on"),
        *("retracted_at", "retraction_reason", "replacement_id"),
        *("draft_caveats", "change_position", "change_kind", "changed_at", "identity_digests", "is_citing"),
    ),
    "disclaimer": (
        *("id", "rule", "name", "answer_id", "topic_id", "kind", "placement", "position", "locale"),
        *("version", "heading", "text", "is_active", "is_replaceable", "client_id", "replaces"),
    ),
    "topic": ("id", "slug", "parent_id"),
}
"""All columns of the tables of which some are replaced; who only reads does without the classes of the tables."""


def _columns(table: str, alias: str, **instead: str) -> str:
    """The columns of a table, some of them replaced."""
    return ", ".join(
        [f"{instead[name]} as {name}" if name in instead else f"{alias}.{name}" for name in COLUMNS[table]]
    )


_LICENSED = f"""with recursive below as (
        select id from licence union {UNDER})
    select id from below"""

# what stands in for a standing disclaimer takes its rule, its place and its name, so that it is borne where that is,
# in whatever languages it is worded; what is a client's own besides has the rule CLIENT
_STANDS_IN = ("rule", "topic_id", "kind", "placement", "position", "name")
_WORDED = f"""select {{table}} from disclaimer d where d.client_id is null
    union all
    select {{own}} from disclaimer d left join lateral (
        select s.* from disclaimer s where s.name = d.replaces and s.answer_id is null and s.client_id is null
        order by s.locale limit 1) s on true
    where d.client_id = {WORDING}""".replace("{table}", _columns("disclaimer", "d")).replace(
    "{own}",
    _columns(
        "disclaimer",
        "d",
        is_active="d.is_active and (d.replaces is null or s.is_replaceable)",
        **{name: f"case when s.id is null then d.{name} else s.{name} end" for name in _STANDS_IN},
    ),
)


def _within(shape: Shape) -> dict[str, str]:
    return {
        "answer": f"""select {_columns("answer", "a", replacement_id=_REPLACEMENT.format(within=_answer(shape, "b")))}
            from every_answer a where {_answer(shape, "a")}""",
        "topic": f"""select {_columns("topic", "t", parent_id=_PARENT.format(within=_topic(shape, "t.parent_id")))}
            from every_topic t where {_topic(shape, "t.id")}""",
        "answer_topic": f"select x.* from every_answer_topic x where {_topic(shape, 'x.topic_id')}"
        # whoever sees a topic sees every answer on it, but for those in other locales
        + (" and x.answer_id in (select id from answer)" if shape.locales else ""),
        "answer_source": "select x.* from every_answer_source x where x.answer_id in (select id from answer)",
        "source": _SOURCE,
        "answer_count": f"select c.* from every_answer_count c where {_count(shape)}",
        "disclaimer": f"select d.* from worded d where {_DISCLAIMER}{_SPOKEN if shape.locales else ''}",
    }


_REPLACEMENT = """case when exists (select 1 from every_answer b where b.id = a.replacement_id and {within})
    then a.replacement_id end"""

_PARENT = "case when {within} then t.parent_id end"


def _answer(shape: Shape, alias: str) -> str:
    """Whether an answer is within the bounds."""
    parts = [in_locales(LOCALES, f"{alias}.locale")] if shape.locales else []
    if shape.topics:
        parts.append(
            f"""exists (select 1 from every_answer_topic x
                where x.answer_id = {alias}.id and {licensed("x.topic_id")})"""
        )
    return " and ".join(parts)


def _topic(shape: Shape, identity: str) -> str:
    """Whether the topic with an id is within the bounds: whoever publishes in a locale names its topics in it."""
    parts = [f"exists (select 1 from topic_name n where n.topic_id = {identity})"] if shape.locales else []
    if shape.topics:
        parts.append(licensed(identity))
    return " and ".join(parts)


def _count(shape: Shape) -> str:
    """Whether what was counted is all within the bounds: of all answers and of a source it is not, of a topic it is."""
    parts = [in_locales(LOCALES, "c.locale")] if shape.locales else []
    if shape.topics:
        parts.append(licensed("c.subject_id"))
    return " and ".join(parts)


_SOURCE = """select s.* from every_source s where s.id in (
    with recursive used as (
        select x.source_id as id from answer_source x
        union select n.superseded_by_id from every_source n join used u on n.id = u.id
        where n.superseded_by_id is not null)
    select id from used)"""

_DISCLAIMER = f"""case when d.answer_id is not null then d.answer_id in (select id from answer)
    when d.topic_id is not null then exists (select 1 from answer a join every_answer_topic x on x.answer_id = a.id
        where x.topic_id in {BELOW.format(root="d.topic_id")})
    else true end"""

# English is what stands in where a disclaimer is not worded in the language of an answer
_SPOKEN = f""" and (d.answer_id is not null or d.client_id is not null or d.locale = 'en'
    or {in_locales(LOCALES, "d.locale")})"""
