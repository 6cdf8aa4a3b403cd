"""Caveat's server: everything between Postgres and the wire.

Its rooms stand in one order, and imports point down it only (import-linter checks it): cli, app, web, the `schema`
package, importers, search, content, access and events, execution, db, telemetry, settings and errors.
"""
