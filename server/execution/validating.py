"""Validates documents: those that are plainly valid at once, the others by every rule."""

from collections.abc import Sequence
from graphlib import CycleError, TopologicalSorter

from graphql import (
    ASTValidationRule,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    NoFragmentCyclesRule,
    NoUnusedFragmentsRule,
    OperationDefinitionNode,
    SelectionSetNode,
    TypeInfo,
    UniqueFragmentNamesRule,
    ValidationContext,
    specified_rules,
    validate,
)

from server.execution.acceptance import Acceptance
from server.execution.introspection import NoSchemaRule
from server.execution.passages import passage_of

MOST_ERRORS = 20
RULES_OF_FRAGMENTS = (UniqueFragmentNamesRule, NoFragmentCyclesRule, NoUnusedFragmentsRule)
"""What makes a document measurable: whoever follows the fragments of its operations comes to an end, and sees them all.

They are asked what is wrong, once it is known that something is.
"""
OF_OPERATIONS = {"enter_operation_definition"}
"""What a rule has that is asked of operations alone, so that nothing has to be walked for it."""


class Validation:
    """The rules of one schema."""

    def __init__(
        self, schema: GraphQLSchema, rules: Sequence[type[ASTValidationRule]], *, hides_suggestions: bool
    ) -> None:
        self._schema = schema
        self._rules = tuple(rules)
        self._hides_suggestions = hides_suggestions
        self._acceptance = Acceptance(schema) if set(specified_rules) <= set(rules) else None
        further = [rule for rule in rules if rule not in specified_rules and rule is not NoSchemaRule]
        self._of_operations = [rule for rule in further if _is_of_operations(rule)]
        self._of_anything = [rule for rule in further if rule not in self._of_operations]

    def errors_of_fragments(self, document: DocumentNode) -> list[GraphQLError]:
        """What keeps a document from being measured."""
        return [] if _are_measurable(document) else self._broken(document, RULES_OF_FRAGMENTS)

    def errors(self, document: DocumentNode) -> list[GraphQLError]:
        """What is wrong with a document that can be measured."""
        if self._acceptance and self._acceptance.accepts(document) and self._is_further_valid(document):
            return []
        return self._broken(document, self._rules)

    def _is_further_valid(self, document: DocumentNode) -> bool:
        """Whether an accepted document keeps the rules that the specification does not know."""
        errors: list[GraphQLError] = []
        context = ValidationContext(
            self._schema, document, TypeInfo(self._schema), errors.append, self._hides_suggestions
        )
        for rule in [each(context) for each in self._of_operations]:
            for node in document.definitions:
                if isinstance(node, OperationDefinitionNode):
                    rule.enter_operation_definition(node)  # type: ignore[attr-defined]  # that is how they were chosen
        return not errors and not (self._of_anything and self._broken(document, self._of_anything))

    def _broken(self, document: DocumentNode, rules: Sequence[type[ASTValidationRule]]) -> list[GraphQLError]:
        return validate(self._schema, document, rules, max_errors=MOST_ERRORS, hide_suggestions=self._hides_suggestions)


def _is_of_operations(rule: type[ASTValidationRule]) -> bool:
    return {name for name in dir(rule) if name.startswith(("enter", "leave"))} - {"enter_leave_map"} == OF_OPERATIONS


def _are_measurable(document: DocumentNode) -> bool:
    """Whether no rule of fragments is broken: without cycles, all are used if each of them is spread anywhere."""
    fragments = [node for node in document.definitions if isinstance(node, FragmentDefinitionNode)]
    if not fragments:
        return True
    spread = {node.name.value: _spread_in(node.selection_set) for node in fragments}
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    used = set().union(*spread.values(), *[_spread_in(node.selection_set) for node in operations])
    try:
        TopologicalSorter(spread).prepare()
    except CycleError:
        return False
    return len(spread) == len(fragments) and used.issuperset(spread)


def _spread_in(selections: SelectionSetNode) -> set[str]:
    """The names of the fragments that are spread in a selection itself; in a passage there are none."""
    found: set[str] = set()
    waiting = [selections]
    while waiting:
        for node in waiting.pop().selections:
            if isinstance(node, FragmentSpreadNode):
                found.add(node.name.value)
            elif isinstance(node, FieldNode | InlineFragmentNode) and node.selection_set:
                waiting.extend([] if passage_of(node.selection_set) else [node.selection_set])
    return found
