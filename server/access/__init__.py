"""Who calls, and what distinguishes the answers that two callers get."""
