"""What answers are about."""

from collections.abc import Awaitable, Sequence
from typing import Annotated, Optional

import strawberry

from schema.arguments import given
from schema.context import Info
from schema.fields import Describes, attribute, resolved
from schema.lengths import about
from schema.scalars import LanguageTag
from schema.types.nodes import Node
from server.content import answer as domain
from server.content.reads.topic_names import topic_name
from server.content.vocabulary import CodeSystem

Locale = Annotated[
    LanguageTag | None,
    strawberry.argument(
        description="The locale wanted, else its parent (`es-MX`, `es`), else English, else any; English without it."
    ),
]


def _name(parent: strawberry.Parent[domain.Topic], locale: Locale = strawberry.UNSET) -> str:
    return topic_name(parent, given(locale)).name


def _synonyms(parent: strawberry.Parent[domain.Topic], locale: Locale = strawberry.UNSET) -> Sequence[str]:
    return topic_name(parent, given(locale)).synonyms


def _parent(parent: strawberry.Parent[domain.Topic], info: Info) -> Awaitable[domain.Topic | None] | None:
    if parent.parent_id is None:
        return None
    return info.context.topics.load(parent.parent_id)


def _children(parent: strawberry.Parent[domain.Topic], info: Info) -> Awaitable[Sequence[domain.Topic]]:
    return info.context.children_of_topics.load(parent.uuid)


@strawberry.type(description="What a portal or a record knows a topic by: a code of a medical vocabulary.")
class MedicalCode:
    """Describes `draft.Code`."""

    system: CodeSystem = attribute("The vocabulary that the code is of.")
    code: str = attribute("The code as its vocabulary writes it.")
    display: str | None = attribute("What the vocabulary calls it; null where the name was not recorded.")


@strawberry.type(description="What answers are about; topics form a tree.")
class Topic(Node):
    """Describes `answer.Topic`."""

    is_type_of = Describes(domain.Topic)

    slug: str = attribute("Stable and unique in lower case: `leukemia`.")
    name: str = resolved(
        _name, "What it is called. In English where the topic has no name in the locale, and without `locale`."
    )
    synonyms: list[str] = resolved(_synonyms, "Other names of it, in the locale that `name` is in; empty most often.")
    codes: list[MedicalCode] = attribute(
        "What medical vocabularies know it by; empty where no code was recorded.", length=about(2)
    )
    parent: Optional["Topic"] = resolved(_parent, "The wider topic that it is a part of; null at the top of the tree.")
    children: list["Topic"] = resolved(
        _children, "The narrower topics right below it, in order of slug.", length=about(8)
    )
