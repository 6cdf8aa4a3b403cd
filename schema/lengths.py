"""How long lists are taken to be when an operation is weighed: what `@listSize` says of them."""

from strawberry import UNSET

from schema.directives import ListSize

PAGE = ListSize(
    assumed_size=20,
    slicing_arguments=["first", "last"],
    sized_fields=["edges", "nodes"],
    require_one_slicing_argument=False,
)
"""Of a connection: 20 unless `first` or `last` says otherwise."""


def about(length: int) -> ListSize:
    """Of a list whose length is the content's own, or that of a list that its field was given."""
    return ListSize(assumed_size=length, require_one_slicing_argument=UNSET)


def first_of(*fields: str) -> ListSize:
    """Of a list as long as the argument `first` says, or of those lists of the field's object."""
    return ListSize(
        slicing_arguments=["first"],
        sized_fields=list(fields) if fields else UNSET,
        require_one_slicing_argument=UNSET,
    )
