"""Receipts for tests, and what is written of them."""

import datetime
from uuid import UUID

from server.access.receipts.lines import Asked, Lines, Served
from server.execution.receipts import Receipt

ANSWER, OTHER = UUID(int=1), UUID(int=2)
DAY = datetime.date(2026, 11, 22)


def receipt(*, document=None, fields=("Answer.id", "Query.answer"), entities=((ANSWER, 1),)):
    return Receipt(document=document, fields=fields, entities=entities)


def lines(*, count=1, day=DAY, client_id=None, document="", revision=1, field="Answer.id"):
    """One line of each sort."""
    made = Lines(most=100)
    made.add_served(Served(day, client_id, document, ANSWER, revision), count)
    made.add_asked(Asked(day, client_id, field), count)
    return made


async def written(reads):
    """What was served and asked for, by client, over all days."""
    served = await reads.fetch(
        """select client_id, document, answer_id, revision, sum(count)::int from receipt
           group by 1, 2, 3, 4 order by 1, 2, 3, 4"""
    )
    asked = await reads.fetch("select client_id, field, sum(count)::int from field_use group by 1, 2 order by 1, 2")
    return [tuple(row) for row in served], [tuple(row) for row in asked]
