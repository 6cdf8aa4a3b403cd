"""How readers find answers: one question in, the best answers out.

`importers`, `schema` and above may import it. What is found is read from the library, so that a stale index never shows
what was retracted.
"""
