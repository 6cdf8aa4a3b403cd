"""The schemas that the rules are tried on."""

from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema

CONTRACT = (Path(__file__).parents[2] / "contract" / "schema.graphql").read_text(encoding="utf-8")
INCREMENTAL_DELIVERY = """
directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
directive @stream(if: Boolean! = true, label: String, initialCount: Int = 0) on FIELD
"""


def contract_schema() -> GraphQLSchema:
    """The contract's schema."""
    return build_schema(CONTRACT)


@pytest.fixture(scope="session")
def contract() -> GraphQLSchema:
    """The contract's schema, with the directives of incremental delivery."""
    return build_schema(CONTRACT + INCREMENTAL_DELIVERY)


@pytest.fixture(scope="session", params=["contract"])
def delivered() -> GraphQLSchema:
    """The contract's schema."""
    return build_schema(CONTRACT)
