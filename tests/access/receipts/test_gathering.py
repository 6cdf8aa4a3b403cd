from hypothesis import given
from hypothesis import strategies as st

from server.access.receipts.gathering import Gathering, today
from server.access.receipts.lines import Asked, Served
from tests.access.receipts.receipting import ANSWER, OTHER, receipt

CLIENT = OTHER


def gathering(**bounds):
    calls = []
    made = Gathering(when_full=lambda: calls.append(1), **bounds)
    return made, calls


def test_a_response_counts_its_answers_and_its_fields():
    made, _ = gathering()
    made.note(CLIENT, receipt(document="abc", entities=((ANSWER, 3), (OTHER, 1))))

    taken = made.take()

    day = today()
    assert taken.served == {Served(day, CLIENT, "abc", ANSWER, 3): 1, Served(day, CLIENT, "abc", OTHER, 1): 1}
    assert taken.asked == {Asked(day, CLIENT, "Answer.id"): 1, Asked(day, CLIENT, "Query.answer"): 1}
    assert len(made) == 0


def test_a_response_that_is_sent_again_counts_again():
    made, _ = gathering()
    kept = receipt()
    for _ in range(3):
        made.note(None, kept)

    assert made.take().served == {Served(today(), None, "", ANSWER, 1): 3}


def test_two_clients_and_two_documents_are_told_apart():
    made, _ = gathering()
    made.note(None, receipt())
    made.note(CLIENT, receipt())
    made.note(CLIENT, receipt(document="abc"))

    assert sorted((str(line.client_id), line.document) for line in made.take().served) == [
        (str(CLIENT), ""),
        (str(CLIENT), "abc"),
        ("None", ""),
    ]


def test_what_is_full_asks_to_be_written_and_loses_nothing():
    made, calls = gathering(most_noted=10)
    for _ in range(25):
        made.note(None, receipt())

    assert len(calls) == 5
    assert made.take().served == {Served(today(), None, "", ANSWER, 1): 25}


def test_what_finds_no_room_is_counted_and_what_has_a_line_is_not_lost():
    made, _ = gathering(most_noted=1, most=3)
    for revision in (1, 2, 1):
        made.note(None, receipt(entities=((ANSWER, revision),)))

    assert made.all_dropped == 1
    assert sum(made.take().served.values()) == 2
    assert made.all_dropped == 1


@given(st.lists(st.integers(0, 4)), st.integers(1, 20))
def test_every_response_is_counted_once_whatever_the_bounds(noted, most_noted):
    made, _ = gathering(most_noted=most_noted)
    receipts = [receipt(entities=((ANSWER, revision),)) for revision in range(5)]
    for number in noted:
        made.note(None, receipts[number])

    taken = made.take()

    assert {line.revision: count for line, count in taken.served.items()} == {n: noted.count(n) for n in set(noted)}
    assert sum(taken.asked.values()) == 2 * len(noted)
