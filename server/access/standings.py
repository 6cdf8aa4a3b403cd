"""How registered apps stand, as digests: what is kept for one outside is good for as long as its digest stays."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from server.access.clients import ClientKind

_STANDINGS = """
-- all that decides what an app is served: its row, its keys with whether they live, its versions
select c.id, md5(concat_ws('|', c::text,
    (select string_agg(concat_ws(',', k::text, k.expires_at <= clock_timestamp()), ';' order by k.public)
     from client_key k where k.client_id = c.id),
    (select string_agg(m::text, ';' order by m.version) from manifest m where m.client_id = c.id))) as digest
from client c where c.kind = any(:kinds)
"""


async def standings(session: AsyncSession) -> dict[UUID, str]:
    """The digests of the clients whose keys lie in apps, for only what they are served is kept by others."""
    kinds = [kind.value for kind in ClientKind if kind.is_publishable]
    found = await session.execute(text(_STANDINGS), {"kinds": kinds})
    return {row.id: row.digest for row in found}
