"""Property tests take as long as a shared machine lets them, and leave nothing behind."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, settings

from server.content.library import Library
from server.db.reads import Reads
from tests.content.memories import GatedReads, Memory

settings.register_profile(
    "content",
    max_examples=50,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("content")


@pytest.fixture
def library(reads: Reads) -> Library:
    """All reads of the test's database."""
    return Library(reads)


@pytest.fixture
async def memory(database_url: str, reads: Reads) -> AsyncIterator[Memory]:
    """A process that keeps what it reads, and nothing so far."""
    async with GatedReads(database_url, size=4, deadline=30) as gated:
        made = Memory(gated, reads)
        async with made.news:
            yield made
