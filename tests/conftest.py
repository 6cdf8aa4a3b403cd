"""Real Postgres for every test that wants it: one per run, and a fresh migrated database per test."""

import logging
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from server.db import local
from server.db.engine import Engine
from server.db.reads import Reads
from tests.databases import Databases

ROOM = 4 * 2**30
"""Bytes that Postgres never fills with the databases of a run."""


@pytest.fixture(scope="session")
def server_url(testrun_uid: str) -> Iterator[str]:
    """A Postgres to make databases on: `CAVEAT_TEST_DATABASE_URL`, or an embedded one that all workers share."""
    if url := os.environ.get("CAVEAT_TEST_DATABASE_URL"):
        yield url
    else:
        folder = _roomy_memory() / f"caveat-test-{os.geteuid()}-{testrun_uid}"
        with local.running(folder, local.DISPOSABLE) as url:
            yield url


def _roomy_memory() -> Path:
    """A folder in memory, where copying a database waits for no disk, or that for temporary files."""
    memory = Path("/dev/shm")  # noqa: S108 - the name of the home below it is the run's own
    is_roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM
    return memory if is_roomy else Path(tempfile.gettempdir())


@pytest.fixture(scope="session")
async def databases(server_url: str) -> AsyncIterator[Databases]:
    """Makes migrated databases: `await databases.create()` gives the URL of a new one."""
    async with Databases(server_url) as made:
        yield made


@pytest.fixture(scope="session", autouse=True)
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where commands and servers under test keep their search indexes: each database has its own there."""
    with pytest.MonkeyPatch.context() as patch:
        made = tmp_path_factory.mktemp("data")
        patch.setenv("CAVEAT_DATA_DIR", str(made))
        yield made


@pytest.fixture
def log_configuration() -> Iterator[None]:
    """For a test that configures the log of this process: the configuration of before comes back."""
    before, handlers, level = structlog.get_config(), logging.root.handlers, logging.root.level
    yield
    structlog.configure(**before)
    logging.root.handlers = handlers
    logging.root.setLevel(level)


@pytest.fixture
async def database_url(databases: Databases) -> AsyncIterator[str]:
    """A migrated database of the test's own."""
    url = await databases.create()
    yield url
    await databases.drop(url)


@pytest.fixture
async def reads(database_url: str) -> AsyncIterator[Reads]:
    """Reads of the test's database."""
    async with Reads(database_url, size=4, deadline=30) as opened:
        yield opened


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[Engine]:
    """The engine of the test's database."""
    opened = Engine(database_url)
    yield opened
    await opened.close()
