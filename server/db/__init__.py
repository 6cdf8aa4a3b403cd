"""Postgres, nothing about health: the rooms from `access` and `events` upward import it.

`engine` is the only committer and serves the writes; `reads` keeps connections of its own, because a pool's reset and
a session cost several times what a prepared statement does; `gathering` makes one statement of what operations read by
key at the same time, and `wants` hands reads out of runs that are no tasks; `listen` hears NOTIFY; `local` runs the
embedded Postgres.
"""
