"""Content on its way in: each importer is a pure function from the bytes of one file to a `Draft`.

`app` and `cli` may import it, and whoever tests them. Importers raise UnreadableError with the line; they never write:
a draft goes through `server.content.publishing` like any other.
"""
