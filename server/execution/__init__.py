"""GraphQL machinery that knows nothing of health, nor of HTTP. Imported by the rooms above it.

It is given a schema, rules and a maker of contexts, so that what serves answers could serve anything; what it must know
of a field (its size, whether it waits, whether it may be kept) stands in the field's extensions. What results depend on
are tags that only those who give and drop them understand.
"""
