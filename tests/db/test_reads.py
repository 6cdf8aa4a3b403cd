"""Reads: what is kept, what is retried, what is refused."""

from server.db.reads import Reads


async def test_a_read_gives_all_rows(reads: Reads):
    rows = await reads.fetch("select n from generate_series(1, $1) n", 3)
    assert [row["n"] for row in rows] == [1, 2, 3]
