"""Which clients a new schema would break: by the documents that they registered, or by what they asked without any."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from graphql import GraphQLError, GraphQLSchema, build_schema

from schema.evolution.differences import Difference, differences
from schema.evolution.recorded import Recorded
from schema.evolution.uses import uses_of
from server.access.documents.values import Registered
from server.access.receipts.usage import FieldUse

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
    """A difference, and who leans on what is not as it was."""

    difference: Difference
    broken: tuple[Broken, ...] = ()
    """Documents."""
    asked: tuple[FieldUse, ...] = ()
    """Fields that clients asked for which none of these documents are of."""

    @property
    def is_harmless(self) -> bool:
        """Whether nobody leans on it."""
        return not (self.broken or self.asked)


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What a check of the schema found."""

    findings: tuple[Finding, ...] = ()
    refused: tuple[Broken, ...] = ()
    """Documents that would be refused for a reason that no difference tells."""

    def broken(self, accepted: Iterable[str] = ()) -> list[Broken]:
        """Documents that break, but for differences at coordinates that were accepted."""
        return [*(broken for finding in self._told(accepted) for broken in finding.broken), *self.refused]

    def asked(self, accepted: Iterable[str] = ()) -> list[FieldUse]:
        """What was asked that breaks, or may, without a document; but for what was accepted."""
        return [use for finding in self._told(accepted) for use in finding.asked]

    def _told(self, accepted: Iterable[str]) -> list[Finding]:
        refused = set(accepted)
        return [finding for finding in self.findings if finding.difference.coordinate not in refused]


def judge(
    documents: Sequence[Registered], asked: Sequence[FieldUse] = (), *, old: str | None, new: str, check: Check
) -> Verdict:
    """Compares the schemas in SDL, the old one where it is known, with what documents lean on; checks each anew.

    `asked` are the fields that clients asked for which may ask without a document.
    """
    was = build_schema(old or new, assume_valid=True)
    uses = [(registered, _uses(registered, was)) for registered in documents]
    recorded = Recorded(asked, was)
    findings = [
        _finding(difference, _broken(difference, uses), recorded=recorded)
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


def _finding(difference: Difference, broken: tuple[Broken, ...], *, recorded: Recorded) -> Finding:
    told = {each.registered.client for each in broken}
    asked = tuple(use for use in recorded.concerned(difference) if use.client not in told)
    return Finding(difference=difference, broken=broken, asked=asked)


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
