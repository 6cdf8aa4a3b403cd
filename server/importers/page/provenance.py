"""How a page was made, by what its author's name and its notices say."""

from collections.abc import Sequence

from server.content.draft import Contributor, Notice, Provenance, Source
from server.content.vocabulary import ContributorKind, ProductionMethod
from server.importers.page.authors import UNNAMED, UNNAMED_AI
from server.importers.page.notices import method_of, says_reviewed


def author_of(named: Contributor | None, notices: Sequence[Notice]) -> Contributor:
    """The author that the page names; where it names none, a stand-in that its notices allow."""
    if named is not None:
        return named
    return UNNAMED_AI if ProductionMethod.AI_GENERATED in map(method_of, _words(notices)) else UNNAMED


def provenance_of(
    author: Contributor, notices: Sequence[Notice], *, remarks: Sequence[str], sources: Sequence[Source]
) -> Provenance:
    """How the page was made; what a machine made is grounded in all that it cites.

    The remarks are the lines of its header that may say who reviewed it.
    """
    words = _words(notices)
    is_machine = author.kind is ContributorKind.AI
    said = next((method for method in map(method_of, words) if method is not None), None)
    method = said or (ProductionMethod.AI_GENERATED if is_machine else ProductionMethod.HUMAN_WRITTEN)
    is_made_by_people = method is ProductionMethod.HUMAN_WRITTEN
    return Provenance(
        method=method,
        generator=author.name if is_machine and author != UNNAMED_AI and not is_made_by_people else None,
        grounded_in=() if is_made_by_people else tuple([source.key for source in sources]),
        human_reviewed=any(map(says_reviewed, [*words, *remarks])),
    )


def _words(notices: Sequence[Notice]) -> list[str]:
    return [f"{each.heading or ''}\n{each.text}" for each in notices]
