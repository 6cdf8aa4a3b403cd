from server.content.published import Item, RichText, Span
from server.content.rendering import text
from server.content.rendering.spans import Run


def rich(content: str) -> RichText:
    return RichText(spans=(Span(text=content),))


def test_items_stand_on_lines_of_their_own_without_bullets():
    inner = Item(content=rich("Inner"))
    item = Item(lead=rich("Lead"), content=rich("rest"), items=(inner,))
    assert text.items([item, inner]) == "Lead: rest\n  Inner\nInner"
    assert text.item(item) == "Lead: rest\n  Inner"


def test_steps_stand_apart_without_numbers():
    assert text.steps([("Go", ["a", "b"]), (None, ["c"])]) == "Go\n\na\n\nb\n\nc"


def test_cells_are_parted_by_tabs():
    rows = [text.row([([Run("A")], True), ([Run("1 mg")], False)])]
    assert text.table("Doses", [[Run("Drug")], [Run("Dose")]], rows=rows) == "Doses\nDrug\tDose\nA\t1 mg"


def test_a_callout_has_its_title_before_it():
    assert text.callout("Now", [Run("Call.")]) == "Now\n\nCall."
