"""What this checkout holds against a document: its schema, its rules, the limits of its settings and of a client."""

from collections.abc import Callable
from dataclasses import replace

from graphql import ASTValidationRule, specified_rules

from schema.build import build_schema
from schema.rules.requires_disclaimer import RequiresDisclaimerRule
from server.access.documents.checking import Complaint
from server.content.pages import LARGEST_SIZE
from server.execution.callers import Rights
from server.execution.checking import Checker
from server.execution.introspection import NoSchemaRule
from server.settings import Environment, read_settings


def document_check(rights: Rights | None = None) -> Callable[[str], list[Complaint]]:
    """Says what would be refused of the text of a document, for a client with these rights; for any without them."""
    settings = read_settings()
    limits = settings.limits
    if rights is not None and rights.max_cost is not None:
        limits = replace(limits, max_cost=min(rights.max_cost, limits.max_cost))
    rules: list[type[ASTValidationRule]] = [*specified_rules, RequiresDisclaimerRule]
    if rights is not None and not rights.introspects and settings.environment is Environment.PRODUCTION:
        rules.append(NoSchemaRule)
    checker = Checker(build_schema(), rules=rules, limits=limits, longest_list=LARGEST_SIZE)

    def check(text: str) -> list[Complaint]:
        return [(error["message"], _line(error.get("locations"))) for error in checker.errors(text)]

    return check


def _line(locations: list[dict[str, int]] | None) -> int | None:
    return locations[0]["line"] if locations else None
