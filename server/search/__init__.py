"""How readers find answers: one question in, the best answers out.

Postgres' full text is the engine, told of in `matching` and `spelling` alone, so that another can take its place.

`importers`, `schema` and above may import it. What is found is read from the library, so that a stale index never shows
what was retracted.
"""
