"""Postgres, nothing about health: the rooms from `access` and `events` upward import it.

`engine` is the only committer and serves the writes; `reads` keeps connections of its own, because a pool's reset and
a session cost several times what a prepared statement does; `listen` hears NOTIFY; `local` runs the embedded Postgres.
"""
