"""The outbox and those who follow it.

Every write adds an entry to the outbox in its own transaction; NOTIFY is a hint that one is there, the outbox is the
truth. This room knows entries and positions; what an entry means for answers is `content`'s to say.
"""
