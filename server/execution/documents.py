"""Documents, each parsed, measured and validated once, and kept as long as there is room."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graphql import (
    ASTValidationRule,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    GraphQLSyntaxError,
    NoFragmentCyclesRule,
    NoUnusedFragmentsRule,
    OperationDefinitionNode,
    UniqueFragmentNamesRule,
    parse,
    validate,
)

from server.errors import DocumentTooLongError, OperationNotFoundError, OperationTooDeepError, ParseFailedError
from server.execution.budget import check_document
from server.execution.faults import OperationRefusedError, explained
from server.execution.introspection import ASKS_FOR_TYPE
from server.settings import Limits

MOST_KEPT = 2_000
MOST_KEPT_CHARACTERS = 1_000_000
"""A parsed document takes some hundred times the memory of its text."""
MOST_TRUSTED_KEPT = 4_000
MOST_TRUSTED_CHARACTERS = 2_000_000
MOST_ERRORS = 20
RULES_OF_FRAGMENTS = (UniqueFragmentNamesRule, NoFragmentCyclesRule, NoUnusedFragmentsRule)
"""What makes a document measurable: whoever follows the fragments of its operations comes to an end, and sees them all.

They look at no selection within an operation, so they cost next to nothing, whatever the document.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A valid document."""

    node: DocumentNode
    operations: Mapping[str | None, OperationDefinitionNode]
    fragments: Mapping[str, FragmentDefinitionNode]
    asks_for_type: bool
    """Whether its text holds `__type`, which is seldom."""
    costs: dict[object, int] = field(default_factory=dict)
    """What its operations were found to cost, by operation and sizes of variables."""
    fields: dict[str | None, tuple[str, ...]] = field(default_factory=dict)
    """What its operations were found to ask for, by operation."""

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
        schema: GraphQLSchema,
        rules: Sequence[type[ASTValidationRule]],
        *,
        limits: Limits,
        hides_suggestions: bool,
    ) -> None:
        self.hits, self.misses = 0, 0
        """How often a document was kept already, and how often it was not."""
        self._schema = schema
        self._rules = tuple(rules)
        self._limits = limits
        self._hides_suggestions = hides_suggestions
        self._kept = _Shelf(MOST_KEPT, MOST_KEPT_CHARACTERS)
        self._trusted = _Shelf(MOST_TRUSTED_KEPT, MOST_TRUSTED_CHARACTERS)
        """What clients registered beforehand, which no text that anybody sends makes room for."""

    def __len__(self) -> int:
        return len(self._kept) + len(self._trusted)

    def find(self, text: str, *, is_trusted: bool = False) -> Document:
        """The document of a text; raises what is wrong with it, a limit before the work that it limits."""
        kept = self._trusted.find(text) or self._kept.find(text)
        if kept is not None:
            self.hits += 1
            if is_trusted:
                self._trusted.keep(text, kept)
            return kept
        self.misses += 1
        node = _parsed(text, self._limits)
        self._validate(node, RULES_OF_FRAGMENTS)
        check_document(node, self._limits)
        self._validate(node, self._rules)
        document = _document(node, text)
        (self._trusted if is_trusted else self._kept).keep(text, document)
        return document

    def _validate(self, node: DocumentNode, rules: Sequence[type[ASTValidationRule]]) -> None:
        errors = validate(self._schema, node, rules, max_errors=MOST_ERRORS, hide_suggestions=self._hides_suggestions)
        if errors:
            raise OperationRefusedError(explained(error, code="GRAPHQL_VALIDATION_FAILED") for error in errors)


class _Shelf:
    """Documents by their text, those asked for last."""

    def __init__(self, most: int, most_characters: int) -> None:
        self._most = most
        self._most_characters = most_characters
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._characters = 0

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, text: str) -> Document | None:
        if text not in self._kept:
            return None
        self._kept.move_to_end(text)
        return self._kept[text]

    def keep(self, text: str, document: Document) -> None:
        if text in self._kept:
            return
        self._kept[text] = document
        self._characters += len(text)
        while len(self._kept) > self._most or self._characters > self._most_characters:
            dropped, _ = self._kept.popitem(last=False)
            self._characters -= len(dropped)


def _parsed(text: str, limits: Limits) -> DocumentNode:
    try:
        return parse(text, max_tokens=limits.max_tokens)
    except GraphQLSyntaxError as error:
        if "tokens. Parsing aborted" in error.message:
            raise DocumentTooLongError(f"A document has at most {limits.max_tokens} tokens.") from None
        if "nested too deeply" in error.message:
            raise OperationTooDeepError from None
        raise OperationRefusedError([explained(error, code=ParseFailedError.code)]) from None


def _document(node: DocumentNode, text: str) -> Document:
    operations = [each for each in node.definitions if isinstance(each, OperationDefinitionNode)]
    fragments = [each for each in node.definitions if isinstance(each, FragmentDefinitionNode)]
    if not operations:
        raise OperationNotFoundError("The document holds no operation.")
    return Document(
        node=node,
        operations={each.name.value if each.name else None: each for each in operations},
        fragments={each.name.value: each for each in fragments},
        asks_for_type=ASKS_FOR_TYPE.search(text) is not None,
    )
