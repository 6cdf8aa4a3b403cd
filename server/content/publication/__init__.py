"""From a draft to the published form of a revision: pure functions that do once what is kept for good.

Nothing here knows the database, the clock or another answer.
"""
