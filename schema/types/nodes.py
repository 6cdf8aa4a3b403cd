"""The interface of everything that has an id of its own."""

import strawberry

from schema.fields import attribute


@strawberry.interface(description="An object with a globally unique, opaque id that `node` takes back.")
class Node:
    """What clients can keep and fetch again by its id alone."""

    id: strawberry.ID = attribute("Globally unique, opaque, and the same in every revision: a key for client caches.")
