"""graphql-core's own execution tests, with our compiler in the place of its executor: `make upstream`.

They are no part of this project: they are taken out of the source distribution of the version that is locked, which
needs a package registry, so the suite does without them.
"""
