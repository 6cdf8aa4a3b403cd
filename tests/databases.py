"""Databases for tests, copied from a template that is migrated once."""

import hashlib
import secrets
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit

from server.db import migrations, readiness
from server.db.connections import Connection, connect


class Databases:
    """Makes and drops databases on one Postgres."""

    def __init__(self, server_url: str) -> None:
        self._server_url = server_url
        self._template = ""
        self._admin: Connection

    async def __aenter__(self) -> Self:
        self._admin = await connect(self._server_url)
        self._template = f"caveat_template_{_digest_of_migrations()}"
        await self._make_template()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._admin.close()

    async def create(self) -> str:
        """The URL of a new migrated database."""
        name = f"caveat_test_{secrets.token_hex(8)}"
        await self._admin.execute(f"create database {name} template {self._template}")
        return self._url(name)

    async def copy(self, url: str) -> str:
        """The URL of a new database that holds what another does, which nobody is connected to."""
        name = f"caveat_test_{secrets.token_hex(8)}"
        await self._admin.execute(f"create database {name} template {urlsplit(url).path.removeprefix('/')}")
        return self._url(name)

    async def create_empty(self) -> str:
        """The URL of a new database without any table."""
        name = f"caveat_test_{secrets.token_hex(8)}"
        await self._admin.execute(f"create database {name}")
        return self._url(name)

    async def drop(self, url: str) -> None:
        """Drops the database, whoever is still connected to it."""
        name = urlsplit(url).path.removeprefix("/")
        await self._admin.execute(f"drop database if exists {name} with (force)")

    async def execute(self, sql: str) -> str:
        """Runs a statement beside the tests' connections, to end one of them for example."""
        return await self._admin.execute(sql)

    async def fetch_value(self, sql: str, *args: object) -> Any:
        """Reads a value beside the tests' connections."""
        return await self._admin.fetchval(sql, *args)

    async def _make_template(self) -> None:
        """Migrates under another name first, so that a template that is there is a whole one."""
        await self._admin.execute("select pg_advisory_lock(hashtext('caveat_template'))")
        try:
            if not await self._admin.fetchval("select 1 from pg_database where datname = $1", self._template):
                made = await self.create_empty()
                await migrations.upgrade(made)
                await self._admin.execute(f"alter database {urlsplit(made).path[1:]} rename to {self._template}")
        finally:
            await self._admin.execute("select pg_advisory_unlock(hashtext('caveat_template'))")

    def _url(self, name: str) -> str:
        return urlunsplit(urlsplit(self._server_url)._replace(path=f"/{name}"))


def _digest_of_migrations() -> str:
    files = sorted((readiness.FOLDER / "versions").glob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]
