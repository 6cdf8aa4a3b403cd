"""The commands that editors and operators type: each parses its words, calls one function and prints what came of it."""
