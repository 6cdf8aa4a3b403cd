"""The heart: health answers, how they are kept, published, read and rendered.

`importers`, `search`, `schema` and above may import it. An answer is one aggregate: a revision row holds its whole
published form, made once by `publication`; the tables beside it hold only what is filtered, joined or counted. What can
change without a new revision (the caveats) is joined at read, so that it is right at once. `publishing` is the door for
what is written (`checks`, `publication` and `writes` are behind it), `library` that for what is read (`reads`).
"""
