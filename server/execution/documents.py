"""Documents, each parsed, measured, validated and compiled once, and kept as long as there is room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graphql import (
    ASTValidationRule,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
)

from server.errors.requests import OperationNotFoundError
from server.execution.budget import check_document
from server.execution.compiler.programs import Compiler, Program
from server.execution.faults import OperationRefusedError, explained
from server.execution.freshness import Lifetime
from server.execution.keeping import Kept
from server.execution.parsing import parsed
from server.execution.passages import new_passages
from server.execution.validating import Validation
from server.limits import Limits

MOST_KEPT = 2_000
MOST_KEPT_CHARACTERS = 1_000_000
"""A parsed document takes some hundred times the memory of its text."""
MOST_TRUSTED_KEPT = 4_000
MOST_TRUSTED_CHARACTERS = 2_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A valid document."""

    text: str
    node: DocumentNode
    operations: Mapping[str | None, OperationDefinitionNode]
    fragments: Mapping[str, FragmentDefinitionNode]
    programs: Mapping[str | None, Program]
    """Its operations as they are run, by name."""
    costs: dict[object, int] = field(default_factory=dict)
    """What its operations were found to cost, by operation and sizes of variables."""
    fields: dict[str | None, tuple[str, ...]] = field(default_factory=dict)
    """What its operations were found to ask for, by operation."""
    keepable: dict[str | None, bool] = field(default_factory=dict)
    """Whether results of its operations may be kept, by operation."""
    lifetimes: dict[str | None, Lifetime] = field(default_factory=dict)
    """How long results of its operations may be kept outside, by operation."""

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The operation of that name, or the only one; raises OperationNotFoundError."""
        if name is None and len(self.operations) == 1:
            return next(iter(self.operations.values()))
        if name is None:
            raise OperationNotFoundError("The document holds several operations: say which one in `operationName`.")
        if name not in self.operations:
            raise OperationNotFoundError(f"The document holds no operation named `{name}`.")
        return self.operations[name]


class Documents:
    """The documents of one schema by their text: those asked for last are kept, of invalid ones none."""

    def __init__(
        self,
        compiler: Compiler,
        rules: Sequence[type[ASTValidationRule]],
        *,
        limits: Limits,
    ) -> None:
        self.hits, self.misses = 0, 0
        """How often a document was kept already, and how often it was not."""
        self._compiler = compiler
        self._validation = Validation(compiler.schema, rules, hides_suggestions=compiler.hides_suggestions)
        self._limits = limits
        self._passages = new_passages()
        self._kept = Kept[str, Document](most=MOST_KEPT, most_size=MOST_KEPT_CHARACTERS)
        self._trusted = Kept[str, Document](most=MOST_TRUSTED_KEPT, most_size=MOST_TRUSTED_CHARACTERS)
        """What clients registered beforehand, which no text that anybody sends makes room for."""

    def __len__(self) -> int:
        return len(self._kept) + len(self._trusted)

    def find(self, text: str, *, is_trusted: bool = False) -> Document:
        """The document of a text; raises what is wrong with it, a limit before the work that it limits."""
        document = self._trusted.find(text) or self._kept.find(text)
        if document is not None:
            self.hits += 1
            if is_trusted:
                self._trusted.keep(text, document, size=len(text))
            return document
        self.misses += 1
        document = self._checked(text)
        (self._trusted if is_trusted else self._kept).keep(text, document, size=len(text))
        return document

    def known(self, text: str, *, is_trusted: bool) -> Document | None:
        """The document of a text, where it is kept among its like; then it was asked for once more."""
        document = (self._trusted if is_trusted else self._kept).find(text)
        self.hits += document is not None
        return document

    def _checked(self, text: str) -> Document:
        node = parsed(text, self._limits, passages=self._passages)
        _check(self._validation.errors_of_fragments(node))
        check_document(node, self._limits)
        _check(self._validation.errors(node))
        return _document(text, node, compiler=self._compiler)


def _check(errors: list[GraphQLError]) -> None:
    if errors:
        raise OperationRefusedError(explained(error, code="GRAPHQL_VALIDATION_FAILED") for error in errors)


def _document(text: str, node: DocumentNode, *, compiler: Compiler) -> Document:
    operations = [each for each in node.definitions if isinstance(each, OperationDefinitionNode)]
    fragments = [each for each in node.definitions if isinstance(each, FragmentDefinitionNode)]
    if not operations:
        raise OperationNotFoundError("The document holds no operation.")
    named = {each.name.value if each.name else None: each for each in operations}
    return Document(
        text=text,
        node=node,
        operations=named,
        programs={name: compiler.program(node, each) for name, each in named.items()},
        fragments={each.name.value: each for each in fragments},
    )
