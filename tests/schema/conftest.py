import pytest
from graphql import GraphQLSchema

from schema.build import build_schema
from server.db.engine import Engine
from server.db.reads import Reads
from tests.schema.asking import Asking


@pytest.fixture(scope="session")
def schema() -> GraphQLSchema:
    """The schema as it is served."""
    return build_schema()


@pytest.fixture
def asking(schema: GraphQLSchema, reads: Reads, engine: Engine) -> Asking:
    """Publishes drafts into the test's database and asks it through the schema."""
    return Asking(schema=schema, reads=reads, engine=engine)
