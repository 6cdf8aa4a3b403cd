"""The object types of the schema, a family a module, parts before the whole.

A module imports only modules of parts, as Python reads them one after another; the fields that lead from a part back
up to its answer, or to the answers that share it, stand in `links`.
"""
