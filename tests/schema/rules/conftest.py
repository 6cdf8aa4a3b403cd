"""The schemas that the rules are tried on."""

from pathlib import Path

import pytest
from graphql import GraphQLDeferDirective, GraphQLSchema, GraphQLStreamDirective, build_schema

from schema import build

CONTRACT = (Path(__file__).parents[2] / "contract" / "schema.graphql").read_text(encoding="utf-8")
BUILDERS = {"contract": lambda: build_schema(CONTRACT), "served": build.build_schema}


def with_incremental_delivery(schema: GraphQLSchema) -> GraphQLSchema:
    """The same schema with `@defer` and `@stream`, so that operations with them are otherwise valid."""
    directives = (*schema.directives, GraphQLDeferDirective, GraphQLStreamDirective)
    return GraphQLSchema(**{**schema.to_kwargs(), "directives": directives})


@pytest.fixture(scope="session")
def contract() -> GraphQLSchema:
    """The contract's schema."""
    return BUILDERS["contract"]()


@pytest.fixture(scope="session", params=BUILDERS)
def delivered(request: pytest.FixtureRequest) -> GraphQLSchema:
    """The contract's schema and the one that is served."""
    return BUILDERS[request.param]()


@pytest.fixture(scope="session")
def ruled(delivered: GraphQLSchema) -> GraphQLSchema:
    """Each of the two with the directives of incremental delivery."""
    return with_incremental_delivery(delivered)
