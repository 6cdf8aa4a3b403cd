"""How readers find answers: one question in, the best answers out.

The engine is tantivy: an index on every machine, built from Postgres and following the outbox, in `places`, `writing`
and `worker`; read by `snapshots` and asked by `finding` and `completing`. Nothing in it is worth a backup. Where a
model is configured the extra in `semantic` adds what means the same in other words.

`importers`, `schema` and above may import it. What is found is read from the library, so that a stale index never shows
what was retracted.
"""
