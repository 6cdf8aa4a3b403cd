"""Who calls, what that one may ask, and what distinguishes the answers that two callers get.

`content` and above may import it; it knows keys, clients and rights, and nothing of health. A client is read from the
database by the public part of its key and kept by `registry`, which hears of every change.
"""
