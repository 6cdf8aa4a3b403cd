"""Validation rules of the schema's own, one a file; the endpoint runs them on every document beside GraphQL's.

A rule is a graphql-core `ValidationRule` driven by marks on the fields of the schema, so that a new field is ruled by
marking it, and no rule knows a client or a setting: there is no way around one.
"""
