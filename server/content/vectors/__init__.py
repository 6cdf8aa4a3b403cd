"""Vectors of published answers in Postgres, for the extra `semantic`: kept, and read by who is near.

Only `search` may import it. It knows nothing of models but their digest and the length of their vectors, which it takes
as Postgres writes them: so it needs neither pgvector's client nor a library of arrays. Its tables are made by a
migration of their own, in a schema of their own, where the extra is in use.
"""
