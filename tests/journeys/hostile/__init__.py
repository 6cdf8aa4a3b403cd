"""Requests that no client should send, by family, each with the status and the code that it is to be answered with."""
