"""What tells caches outside (a CDN, a Varnish) to forget what changed, by the names that responses bear.

For `app`, which says what news is called there. What is to be forgotten waits in a table, written behind the outbox
from a position of its own, so that any process goes on where another one died; one works at a time.
"""
