"""What operations cost, kept with their documents."""

from graphql import GraphQLSchema

from server.execution.cost import Costing, size_key
from server.execution.operation import Operation

MOST_COSTS_KEPT = 64
"""Of one document."""


def cost_of(schema: GraphQLSchema, operation: Operation) -> int:
    """What an operation costs with its variables; found once for each size of them."""
    costs = operation.document.costs
    key = (operation.name, size_key(operation.node, operation.variables))
    if key not in costs:
        if len(costs) >= MOST_COSTS_KEPT:
            costs.clear()
        costing = Costing(schema, operation.document.fragments, variables=operation.variables)
        costs[key] = costing.cost(operation.node)
    return costs[key]
