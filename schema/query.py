"""The root fields that read."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated

import strawberry

from schema.arguments import at_most, bounded, given, optional_text, page, text
from schema.context import Info
from schema.directives import A_MINUTE, EACH_TIME, CacheControl, CacheControlScope
from schema.fields import resolved
from schema.finding import find_node, find_nodes
from schema.inputs import (
    NEWEST_FIRST,
    AnswerFilter,
    ChangeFilter,
    SourceFilter,
    answer_filter,
    answer_order,
    change_filter,
    source_filter,
)
from schema.lengths import PAGE, about, first_of
from schema.scalars import LanguageTag
from schema.types.answers import Answer
from schema.types.changes import ChangePage
from schema.types.clients import Client
from schema.types.links import Order
from schema.types.lists import (
    After,
    AnswerConnection,
    Before,
    Connection,
    First,
    Last,
    SourceConnection,
    TopicConnection,
)
from schema.types.nodes import Node
from schema.types.searching import AnswerSearchConnection
from schema.types.suggesting import Suggestion
from schema.types.topics import Topic
from server.access.receipts.account import Account
from server.content import answer as domain
from server.search.completing import MOST_COMPLETIONS, Completion
from server.search.results import SearchPage, SearchRequest, SuggestRequest

MOST_FOUND = 100
MOST_CHANGES = 1_000

NodeId = Annotated[strawberry.ID, strawberry.argument(name="id", description="An id of any object, as `id` gave it.")]
NodeIds = Annotated[
    list[strawberry.ID], strawberry.argument(description="Ids of any objects, as `id` gave them; at most 100.")
]
AnswerSlug = Annotated[str, strawberry.argument(description="The slug of the answer, in whatever locale.")]
Locale = Annotated[
    LanguageTag | None,
    strawberry.argument(description="The locale wanted, else its parent; what stands in without it, the field says."),
]
Conditions = Annotated[
    AnswerFilter | None,
    strawberry.argument(name="filter", description="The conditions that answers have to meet; none without it."),
]
SourceConditions = Annotated[
    SourceFilter | None,
    strawberry.argument(name="filter", description="The conditions that sources have to meet; none without it."),
]
ChangeConditions = Annotated[
    ChangeFilter | None,
    strawberry.argument(name="filter", description="The conditions that answers have to meet; none without it."),
]
SearchText = Annotated[str, strawberry.argument(description="What a reader would type.")]
MostFound = Annotated[int, strawberry.argument(description="How many at most: 0 to 100.")]
SearchAfter = Annotated[
    str | None, strawberry.argument(description="Only what comes after this cursor of the same search.")
]
Prefix = Annotated[str, strawberry.argument(description="What the reader has typed so far.")]
SuggestLocale = Annotated[
    LanguageTag | None,
    strawberry.argument(description="The locale wanted; without it the client's default, else English."),
]
MostSuggested = Annotated[int, strawberry.argument(description="How many at most: 0 to 20.")]
TopicSlug = Annotated[str, strawberry.argument(description="The slug of the topic: `leukemia`.")]
Since = Annotated[
    str | None, strawberry.argument(description="A cursor from an earlier call; from the beginning without it.")
]
MostChanges = Annotated[int, strawberry.argument(description="How many at most: 0 to 1,000.")]


async def _node(info: Info, node_id: NodeId) -> object | None:
    return await find_node(info.context, node_id)


async def _nodes(info: Info, ids: NodeIds) -> Sequence[object | None]:
    return await find_nodes(info.context, at_most("ids", ids))


async def _answer(info: Info, slug: AnswerSlug, *, locale: Locale = strawberry.UNSET) -> domain.Answer | None:
    found = await info.context.library.answer_by_slug(text("slug", slug), given(locale))
    info.context.remember([found])
    return found


async def _answers(
    info: Info,
    *,
    conditions: Conditions = strawberry.UNSET,
    order_by: Order = NEWEST_FIRST,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> Connection[domain.Answer]:
    library, wanted = info.context.library, answer_filter(conditions)
    asked = page(first, after, last=last, before=before)
    found = await library.list_answers(wanted, answer_order(order_by), page=asked)
    info.context.remember(found.nodes)
    return Connection(page=found, count=partial(library.count_answers, wanted))


async def _search(
    info: Info,
    query: SearchText,
    *,
    conditions: Conditions = strawberry.UNSET,
    first: MostFound = 10,
    after: SearchAfter = strawberry.UNSET,
) -> SearchPage:
    request = SearchRequest(
        query=text("query", query),
        filter=answer_filter(conditions),
        first=bounded("first", first, highest=MOST_FOUND),
        after=optional_text("after", after),
    )
    found = await info.context.search(request)
    info.context.remember([hit.answer for hit in found.hits])
    return found


async def _suggest(
    info: Info, prefix: Prefix, *, locale: SuggestLocale = strawberry.UNSET, first: MostSuggested = 8
) -> Sequence[Completion]:
    request = SuggestRequest(
        prefix=text("prefix", prefix),
        locale=given(locale),
        first=bounded("first", first, highest=MOST_COMPLETIONS),
    )
    return await info.context.suggest(request)


async def _topic(info: Info, slug: TopicSlug) -> domain.Topic | None:
    found = await info.context.library.topic_by_slug(text("slug", slug))
    if found is not None:
        info.context.remember_topics([found])
    return found


async def _topics(
    info: Info,
    *,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> Connection[domain.Topic]:
    library = info.context.library
    found = await library.list_topics(page(first, after, last=last, before=before))
    info.context.remember_topics(found.nodes)
    return Connection(page=found, count=library.count_topics)


async def _sources(
    info: Info,
    *,
    conditions: SourceConditions = strawberry.UNSET,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> Connection[domain.Source]:
    library, wanted = info.context.library, source_filter(conditions)
    found = await library.list_sources(wanted, page(first, after, last=last, before=before))
    info.context.remember_sources(found.nodes)
    return Connection(page=found, count=partial(library.count_sources, wanted))


async def _changes(
    info: Info,
    since: Since = strawberry.UNSET,
    *,
    conditions: ChangeConditions = strawberry.UNSET,
    first: MostChanges = 100,
) -> domain.ChangePage:
    most = bounded("first", first, highest=MOST_CHANGES)
    found = await info.context.library.changes(optional_text("since", since), change_filter(conditions), first=most)
    info.context.remember([change.answer for change in found.nodes])
    return found


def _client(info: Info) -> Account | None:
    return info.context.account


@strawberry.type(description="Everything that can be read.")
class Query:
    """The root of every query."""

    node: Node | None = resolved(
        _node, "The object that an id names; null for an id that names nothing.", lifetime=A_MINUTE
    )
    nodes: list[Node | None] = resolved(
        _nodes,
        "In the order asked; null for an id that names nothing. At most 100.",
        lifetime=A_MINUTE,
        length=about(100),
    )
    answer: Answer | None = resolved(
        _answer,
        "The answer at a slug; null where no answer in any locale has it. A slug finds the set of translations that "
        "it belongs to, in whatever locale the slug is; `locale` then picks one of them: itself, else its parent "
        "(`es-MX`, `es`), else the one that the slug names. Without `locale`: the default of the registered client, a "
        "fixed setting, else the one that the slug names. Clients do best to pass `locale` always.",
        lifetime=A_MINUTE,
    )
    answers: AnswerConnection = resolved(
        _answers,
        "Published answers, in every locale unless the filter says otherwise. "
        "20 a page unless `first` or `last` (not both) says otherwise, at most 100.",
        lifetime=A_MINUTE,
        length=PAGE,
    )
    search: AnswerSearchConnection = resolved(
        _search,
        'Best match first. `query` is what a reader would type: words, a whole question, "a phrase", -excluded. One '
        "locale at a time: that of the filter, which names at most one here, else the client's default, else English; "
        "one answer per set of translations; never a retracted one. `+word` has to be there. Nothing where nothing "
        "answers the query well; of a long result the first 10,000. `totalCount` and `topicFacets` may be some seconds "
        "late. A cursor is refused with `CURSOR_EXPIRED` once the index has moved on too far: start again without it; "
        "while the index is first built, everything is with `SEARCH_NOT_READY`: try again in a few seconds.",
        lifetime=EACH_TIME,
        length=first_of("edges", "nodes"),
    )
    suggest: list[Suggestion] = resolved(
        _suggest,
        "Completions of what a reader is typing, topics and questions, those with most answers first. What was "
        "published in the last seconds may be missing.",
        lifetime=EACH_TIME,
        length=first_of(),
    )
    topic: Topic | None = resolved(_topic, "The topic at a slug; null where no topic has it.", lifetime=A_MINUTE)
    topics: TopicConnection = resolved(
        _topics, "Every topic, in order of slug. 20 a page, at most 100.", lifetime=A_MINUTE, length=PAGE
    )
    sources: SourceConnection = resolved(
        _sources, "Every source, in order of title. 20 a page, at most 100.", lifetime=A_MINUTE, length=PAGE
    )
    changes: ChangePage = resolved(
        _changes,
        "What happened after `since` (a cursor from an earlier call; from the beginning without one), oldest first, "
        "each answer once, at its latest change. For offline copies and search indexes. At most 1,000. A cursor too "
        "old to be followed is refused with the code `CURSOR_EXPIRED`: start again from the beginning.",
        is_kept=False,
        lifetime=EACH_TIME,
        length=first_of("nodes"),
    )
    client: Client | None = resolved(
        _client,
        "The client whose key came with the request; null for a caller without a key.",
        is_kept=False,
        lifetime=CacheControl(max_age=0, scope=CacheControlScope.PRIVATE),
    )
