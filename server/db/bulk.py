"""Many rows into one table at once, by Postgres' COPY: half the cost of an INSERT to both sides."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from server.db.connections import FAILING, LOST
from server.errors.machine import DatabaseUnavailableError


async def copy_rows(session: AsyncSession, table: str, *, rows: Sequence[Mapping[str, Any]]) -> None:
    """Adds rows, all with the same columns, in the session's transaction; defaults of Python's side do not apply.

    Raises DatabaseUnavailableError where the connection is lost on the way.
    """
    if not rows:
        return
    columns = list(rows[0])
    driver = (await (await session.connection()).get_raw_connection()).driver_connection
    if driver is None:
        raise DatabaseUnavailableError
    if not driver.is_in_transaction():  # SQLAlchemy begins with its first statement, and a COPY alone would commit
        await session.execute(text("select 1"))
    records = [tuple([row[column] for column in columns]) for row in rows]
    try:
        await driver.copy_records_to_table(table, columns=columns, records=records)
    except (*LOST, *FAILING) as error:
        raise DatabaseUnavailableError from error
