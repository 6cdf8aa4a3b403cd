"""All reads of published content: each method takes many keys and is one statement, whatever it returns."""

import datetime
from collections.abc import AsyncIterator, Sequence
from uuid import UUID

import asyncpg

from server.content import changes
from server.content.answer import Answer, AnswerStatus, Change, ChangePage, Disclaimer, Source, Topic
from server.content.filters import AnswerFilter, AnswerOrder, ChangeFilter, SourceFilter
from server.content.folding import match_key
from server.content.pages import Page, PageRequest, encode_cursor, page_of
from server.content.published import FollowUpQuestion
from server.content.reads import catalog
from server.content.reads.answers import ANSWER_COLUMNS, LEAN_COLUMNS, REVISION
from server.content.reads.belonging import of_sources, of_topics
from server.content.reads.counting import COUNT_OF, counted
from server.content.reads.listing import ABOUT, Keyset, is_there
from server.content.reads.narrowing import listed
from server.content.reads.statements import THERE, Statements
from server.content.vocabulary import CodeSystem
from server.days import today
from server.events.stream import Wakes

# the answers that parent `p` has
_IN_TOPIC = of_topics("select p.id")
_CITES = of_sources("select p.id")

# each item by itself, however many there are: so there is one plan for all numbers of them
_BY_ID = f"""select p.place, {LEAN_COLUMNS}
    from unnest($2::uuid[], $3::int[]) with ordinality p (held_id, held_number, place)
    cross join lateral (
        select a.* from answer a where a.id = p.held_id and {is_there(include_retracted=True)} limit 1) a {REVISION}"""

_BY_SLUG = f"""select p.place, {LEAN_COLUMNS}
    from unnest($2::text[], $3::text[], $4::uuid[], $5::int[]) with ordinality p (
        slug, locale, held_id, held_number, place)
    cross join lateral (
        select b.id as named, b.set_id from (
            select b.* from answer b where b.slug = p.slug and b.status <> 'ERASED' offset 0) b
        order by b.id limit 1) n
    cross join lateral (
        select a.* from answer a where a.set_id = n.set_id and {is_there(include_retracted=True)}
            and (a.id = n.named or a.locale = p.locale or starts_with(p.locale, a.locale || '-'))
        order by case when a.locale = p.locale or starts_with(p.locale, a.locale || '-') then length(a.locale) end
            desc nulls last, a.id limit 1) a {REVISION}"""

_EACH_FOUND = "cross join lateral (select * from answer a where a.id = found.id offset 0) a"
"""Each is looked up: a join may walk an index of all answers, for the order that it has."""


class Library(Statements):
    """The published content as one audience is served it; what is erased, or beyond its bounds, is not there."""

    # ------------------------------------------------------------ answers

    async def answers_by_id(self, ids: Sequence[UUID]) -> list[Answer | None]:
        """The answers with these ids, in their order; None for an id that names nothing."""
        held = self._held(ids)
        items = [(each, held[each].number if each in held else None) for each in ids]
        answers = await self._answers(_BY_ID, items, held=held)
        for identity, answer in zip(ids, answers, strict=True):
            self.sight.note(self._missing_tags(identity) if answer is None else answer.tags)
        return answers

    async def answer_by_slug(self, slug: str, locale: str | None) -> Answer | None:
        """The answer of the set that a slug names: in the locale, else in its parent, else the one that the slug names.

        Without a locale that of the audience counts. A slug that is the same in several locales names the first answer.
        """
        wanted = locale or self.audience.default_locale
        held = self._held_at(slug, wanted)
        held_id, number = next(((each, found.number) for each, found in held.items()), (None, None))
        (answer,) = await self._answers(_BY_SLUG, [(slug, wanted, held_id, number)], held=held)
        self._note_named(answer, slug, locale=wanted)
        return answer

    async def most_served(self, client_id: UUID, *, since: datetime.date, first: int) -> list[tuple[UUID, int, int]]:
        """The ids of the answers that a client was served most often, each at its revisions, with how often."""
        rows = await self.sight.fetch(
            f"""select r.answer_id, r.revision, sum(r.count)::bigint from receipt r join answer a on a.id = r.answer_id
                where r.client_id = $1 and r.day >= $2 and {is_there(include_retracted=True)}
                group by 1, 2 order by 3 desc, 1, 2 limit $3""",
            client_id,
            since,
            first,
        )
        return [(row[0], row[1], row[2]) for row in rows]

    async def list_answers(self, wanted: AnswerFilter, order: AnswerOrder, *, page: PageRequest) -> Page[Answer]:
        """A page of the answers that meet the filter."""
        keyset = Keyset(order=order, page=page)
        return self._page(await self._listed(ANSWER_COLUMNS, wanted, keyset=keyset, joined=REVISION), keyset)

    async def list_ids(self, wanted: AnswerFilter, order: AnswerOrder, *, page: PageRequest) -> Page[UUID]:
        """The same page, of ids alone."""
        keyset = Keyset(order=order, page=page)
        rows = await self._listed("a.id, $1::date as day", wanted, keyset=keyset)
        nodes = [(row["id"], encode_cursor(*keyset.parts(row))) for row in rows[: page.size]]
        return page_of(nodes, page, has_more=len(rows) > page.size)

    async def list_by_ids(self, wanted: AnswerFilter, order: AnswerOrder, *, page: PageRequest) -> Page[Answer]:
        """The same page, its answers read by their ids; as one statement where one of them has gone meanwhile.

        To plan that statement takes longer than to read the answers.
        """
        found = await self.list_ids(wanted, order, page=page)
        answers = [answer for answer in await self.answers_by_id(found.nodes) if answer is not None]
        stand = [answer for answer in answers if wanted.include_retracted or answer.status is AnswerStatus.PUBLISHED]
        if len(stand) < len(found.nodes):
            return await Library.list_answers(self, wanted, order, page=page)
        return Page(nodes=answers, cursors=found.cursors, has_next=found.has_next, has_previous=found.has_previous)

    async def _listed(
        self, columns: str, wanted: AnswerFilter, *, keyset: Keyset, joined: str = ""
    ) -> list[asyncpg.Record]:
        arguments = self._arguments()
        found = listed(arguments, wanted, keyset=keyset, shape=self.sight.shape)
        return await self.sight.fetch(
            f"""select {columns}, a.{keyset.column} as place
                from ({found}) found {_EACH_FOUND} {joined} order by {keyset.ordering}""",
            *arguments.values,
        )

    async def count_answers(self, wanted: AnswerFilter) -> int:
        """How many answers meet the filter, on all pages; see `counting`."""
        arguments = self._arguments()
        sql = f"select ({counted(arguments, wanted, shape=self.sight.shape)}) where $1::date is not null"
        count: int = await self.sight.fetch_value(sql, *arguments.values)
        return count

    async def answers_of_topics(
        self, ids: Sequence[UUID], order: AnswerOrder, *, page: PageRequest
    ) -> list[Page[Answer]]:
        """For each topic a page of the published answers in it or below it."""
        return await self._pages_of(ids, _IN_TOPIC.in_order, keyset=Keyset(order=order, page=page))

    async def count_answers_of_topics(self, ids: Sequence[UUID]) -> list[int]:
        """For each topic how many published answers are in it or below it."""
        return await self._counts_of(ids, COUNT_OF)

    async def answers_of_sources(self, ids: Sequence[UUID], page: PageRequest) -> list[Page[Answer]]:
        """For each source a page of the published answers that cite it, newest first."""
        return await self._pages_of(ids, _CITES.in_order, keyset=Keyset(order=AnswerOrder(), page=page))

    async def count_answers_of_sources(self, ids: Sequence[UUID]) -> list[int]:
        """For each source how many published answers cite it."""
        # of a source only that is kept which all answers have that cite it
        return await self._counts_of(ids, _CITES.count(THERE) if self.sight.shape.topics else COUNT_OF)

    async def answers_about(self, topics: Sequence[UUID], locale: str, *, first: int) -> list[Answer]:
        """The published answers in or below any of the topics, one of each set, in a locale, its parent or a variant.

        First those whose main topic it is, then the newest.
        """
        rows = await self.sight.fetch(
            f"""select {ANSWER_COLUMNS} from answer a {REVISION} {ABOUT}
                order by m.place, a.published_at desc, a.id limit $4""",
            today(), list(topics), locale, first,
        )  # fmt: skip
        return [self._whole(row) for row in rows]

    async def translations(self, ids: Sequence[UUID]) -> list[list[Answer]]:
        """For each answer the others of its set, in order of their locales' tags."""
        return await self._groups(
            ids,
            """join answer o on o.id = p.id
               join answer a on a.set_id = o.set_id and a.id <> o.id and {there} {revision}
               order by p.place, a.locale""",
        )

    async def related_answers(self, ids: Sequence[UUID], first: int) -> list[list[Answer]]:
        """For each answer the published ones of its locale that share most topics, then sources; newest first."""
        return await self._groups(
            ids,
            """cross join lateral (
                   select a.id as related, max(m.topics) as topics, max(m.sources) as sources
                   from answer o join answer a on a.locale = o.locale and a.set_id <> o.set_id
                   join (select y.answer_id, count(*) as topics, 0 as sources
                         from answer_topic x join answer_topic y using (topic_id) where x.answer_id = p.id group by 1
                         union all
                         select y.answer_id, 0, count(*)
                         from every_answer_source x join every_answer_source y using (source_id)
                         where x.answer_id = p.id group by 1
                        ) m on m.answer_id = a.id
                   where o.id = p.id and a.status = 'PUBLISHED' group by a.id, a.published_at
                   order by 2 desc, 3 desc, a.published_at desc, a.id limit $3) m
               join answer a on a.id = m.related {revision}
               order by p.place, m.topics desc, m.sources desc, a.published_at desc, a.id""",
            first,
        )

    async def answers_to(self, questions: Sequence[FollowUpQuestion]) -> list[Answer | None]:
        """For each follow-up question the published answer to it: one that it names, else one that asks the same."""
        matches = [match_key(question.text)[:300] for question in questions]
        slugs = [question.answer_slug for question in questions]
        rows = await self.sight.fetch(
            f"""select p.place, {ANSWER_COLUMNS}
                from unnest($2::text[], $3::text[], $4::text[]) with ordinality p (slug, match, locale, place)
                cross join lateral (
                    select b.id from (
                        select b.* from answer b where p.slug is not null and b.set_id = (
                            select c.set_id from answer c where c.slug = p.slug and c.status <> 'ERASED' limit 1)
                        union all
                        select b.* from answer b
                        where p.slug is null and b.question_match = p.match and b.locale = p.locale) b
                    where b.status = 'PUBLISHED'
                    order by b.locale = p.locale desc, b.slug = p.slug desc, b.published_at desc, b.id limit 1) found
                join answer a on a.id = found.id {REVISION}""",
            today(), slugs, matches, [question.locale for question in questions],
        )  # fmt: skip
        found = {row["place"]: self._whole(row) for row in rows}
        return [found.get(place) for place in range(1, len(questions) + 1)]

    # ------------------------------------------------------------ topics, sources, disclaimers

    async def topics_by_id(self, ids: Sequence[UUID]) -> list[Topic | None]:
        """The topics with these ids, in their order; None for an id that names nothing."""
        return await catalog.topics_by_id(self.sight, ids)

    async def texts(self, ids: Sequence[UUID]) -> list[list[str]]:
        """For each id the question of the published answer, or the names of the topic, that it names."""
        return await catalog.texts(self.sight, ids)

    async def topic_by_slug(self, slug: str) -> Topic | None:
        """The topic with a slug."""
        return await catalog.topic_by_slug(self.sight, slug)

    async def topics_coded(self, codes: Sequence[tuple[CodeSystem, str]]) -> list[list[Topic]]:
        """For each code the topics that bear it."""
        return await catalog.topics_coded(self.sight, codes)

    async def topics_named(self, names: Sequence[str]) -> list[list[Topic]]:
        """For each name the topics that are called so, in any locale, then those that have it for a synonym."""
        return await catalog.topics_named(self.sight, names)

    async def children_of_topics(self, ids: Sequence[UUID]) -> list[list[Topic]]:
        """For each topic those right below it, in order of their slugs."""
        return await catalog.children_of_topics(self.sight, ids)

    async def list_topics(self, page: PageRequest) -> Page[Topic]:
        """A page of all topics, in order of their slugs."""
        return await catalog.list_topics(self.sight, page)

    async def count_topics(self) -> int:
        """How many topics there are."""
        return await catalog.count_topics(self.sight)

    async def sources_by_id(self, ids: Sequence[UUID]) -> list[Source | None]:
        """The sources with these ids, in their order; None for an id that names nothing."""
        return await catalog.sources_by_id(self.sight, ids)

    async def list_sources(self, wanted: SourceFilter, page: PageRequest) -> Page[Source]:
        """A page of the sources that meet the filter, in order of their titles."""
        return await catalog.list_sources(self.sight, wanted, page=page)

    async def count_sources(self, wanted: SourceFilter) -> int:
        """How many sources meet the filter, on all pages."""
        return await catalog.count_sources(self.sight, wanted)

    async def disclaimers_by_id(self, ids: Sequence[UUID]) -> list[Disclaimer | None]:
        """The disclaimers with these ids in their current wording; None for an id that names nothing."""
        return await catalog.disclaimers_by_id(self.sight, ids)

    # ------------------------------------------------------------ changes

    async def changes(self, since: str | None, wanted: ChangeFilter, *, first: int) -> ChangePage:
        """What happened after a cursor, each answer once at its latest change; see `changes.read_changes`."""
        return await changes.read_changes(self.sight, since=since, wanted=wanted, first=first, day=today())

    def follow(self, since: str | None, wanted: ChangeFilter, *, wakes: Wakes) -> AsyncIterator[Change]:
        """Every change as it is committed, after those missed since a cursor; ends only when it is closed."""
        return changes.follow(self.sight, wakes, since=since, wanted=wanted)
