"""Attacks on a confined client that follow from the schema: what is added to it is attacked by itself."""
