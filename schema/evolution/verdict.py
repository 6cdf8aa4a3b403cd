"""Which clients a new schema would break, by the documents that they registered."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from graphql import GraphQLError, GraphQLSchema, build_schema

from schema.evolution.differences import Difference, differences
from schema.evolution.uses import uses_of
from server.access.documents.values import Registered

Check: TypeAlias = Callable[[Registered], Sequence[tuple[str, int | None]]]
"""Says what would be refused of a document, and in which line of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Broken:
    """A document that would not do any more what its client was built for."""

    registered: Registered
    line: int | None
    message: str | None = None
    """Why it would be refused; None where a difference says it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """A difference, and the documents that lean on what is not as it was."""

    difference: Difference
    broken: tuple[Broken, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What a check of the schema found."""

    findings: tuple[Finding, ...] = ()
    refused: tuple[Broken, ...] = ()
    """Documents that would be refused for a reason that no difference tells."""

    def broken(self, accepted: Iterable[str] = ()) -> list[Broken]:
        """Whatever breaks, but for differences at coordinates that were accepted."""
        refused = set(accepted)
        told = [finding for finding in self.findings if finding.difference.coordinate not in refused]
        return [*(broken for finding in told for broken in finding.broken), *self.refused]


def judge(documents: Sequence[Registered], *, old: str | None, new: str, check: Check) -> Verdict:
    """Compares the schemas in SDL, the old one where it is known, with what documents lean on; checks each anew."""
    was = build_schema(old or new, assume_valid=True)
    uses = [(registered, _uses(registered, was)) for registered in documents]
    findings = [
        Finding(difference=difference, broken=_broken(difference, uses))
        for difference in differences(was, build_schema(new, assume_valid=True))
    ]
    told = {_key(broken.registered) for finding in findings for broken in finding.broken}
    refused = [
        Broken(registered=registered, line=line, message=message)
        for registered in documents
        if _key(registered) not in told
        for message, line in check(registered)
    ]
    return Verdict(findings=tuple(findings), refused=tuple(refused))


def _broken(difference: Difference, uses: Sequence[tuple[Registered, dict[str, int]]]) -> tuple[Broken, ...]:
    found = []
    for registered, used in uses:
        lines = [used[use] for use in difference.uses if use in used]
        if lines:
            found.append(Broken(registered=registered, line=min(lines)))
    return tuple(found)


def _uses(registered: Registered, schema: GraphQLSchema) -> dict[str, int]:
    try:
        return uses_of(registered.document.text, schema)
    except GraphQLError:
        return {}  # what can't be parsed is refused by the check


def _key(registered: Registered) -> tuple[str, str]:
    return registered.client, registered.document.id
