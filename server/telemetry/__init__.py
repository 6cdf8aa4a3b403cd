"""What the server tells its operators: logs, metrics, spans.

Every room above may import it. Nothing that a reader typed goes into any of the three: no text of a query, no name of
an operation, no variable, no search term, no address, no key.
"""
