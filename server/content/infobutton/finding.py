"""The answers to a knowledge request: those on the topics that bear its codes or, failing that, its names."""

from collections.abc import Awaitable, Callable, Sequence
from itertools import chain
from typing import Protocol
from uuid import UUID

from server.access.audience import Audience
from server.content.infobutton.asking import KnowledgeRequest, read_request
from server.content.infobutton.feed import Feed, feed_of
from server.content.infobutton.links import graphql_link, page_link
from server.content.library import Library

MOST_ENTRIES = 20
DEFAULT_LOCALE = "en"


class Asker(Protocol):
    """Whoever asks."""

    @property
    def audience(self) -> Audience:
        """As whom it is served."""


def read_question(
    parameters: Sequence[tuple[str, str]], *, library_of: Callable[[Audience], Library], page: str | None
) -> Callable[[Asker, str], Awaitable[Feed]]:
    """What parameters ask, to be answered for an asker, with links to `page`, else to GraphQL at an address.

    The feed has at most 20 published answers, the closest first, in one language: that of the request, else the
    audience's default, else English. Raises BadRequestError and ValueTooLargeError with the name of the parameter.
    """
    request = read_request(parameters)

    async def answer(asker: Asker, graphql: str) -> Feed:
        library = library_of(asker.audience)
        locale = request.locale or asker.audience.default_locale or DEFAULT_LOCALE
        topics = await _find_topics(library, request)
        found = await library.answers_about(topics, locale, first=MOST_ENTRIES) if topics else []
        link_to = page_link(page) if page else graphql_link(graphql)
        return feed_of(found, request, locale=locale, link_to=link_to)

    return answer


async def _find_topics(library: Library, request: KnowledgeRequest) -> list[UUID]:
    """A name counts where its code says nothing: there is none, its system is unknown, or no topic bears it."""
    codes = list(dict.fromkeys(criterion.known for criterion in request.criteria if criterion.known))
    coded = dict(zip(codes, await library.topics_coded(codes), strict=True)) if codes else {}
    names = [each.name for each in request.criteria if each.name and not (each.known and coded[each.known])]
    named = await library.topics_named(names) if names else []
    return list(dict.fromkeys(topic.uuid for topic in chain(*coded.values(), *named)))
