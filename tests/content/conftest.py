"""Property tests take as long as a shared machine lets them, and leave nothing behind."""

import pytest
from hypothesis import HealthCheck, settings

from server.content.library import Library
from server.db.reads import Reads

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
