"""The commands that editors and operators type: each parses, calls one function and prints the outcome."""
