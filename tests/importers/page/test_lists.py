import pytest

from server.importers.outline import outline
from server.importers.page.lists import split_lead
from server.importers.page.reading import read_page

LEADS = [
    ("Precision targeting: The CAR finds cells", "Precision targeting"),
    ("Cytokine Release Syndrome (CRS): An inflammatory response", "Cytokine Release Syndrome (CRS)"),
    ("If you smoke: ask about quitting", "If you smoke"),
    ("What it is: a waxy substance", "What it is"),
    ("Terme : texte", "Terme"),
    ("疲劳：患者常感到无力", "疲劳"),
    ("Day 1: first infusion", "Day 1"),
    ("2017: first approval", "2017"),
    ("Check-in: at the desk", "Check-in"),
    ("Note: https://example.org/x", "Note"),
]
NO_LEADS = [
    "https://example.org: a site",
    "Come at 10:30 or 3:1",
    "Common side effects include: pain",
    "There are two types: LDL and HDL",
    "You may notice: a rash",
    "Eat well. Note: this matters",
    "Take it (dose: 5 mg) daily",
    'Say "Note: I smoke" at once',
    "Things to avoid:",
    "Call your doctor right away if: you faint",
    "The medicine that your doctor may have given to you last year: stop it",
    "**Bold:** text",
    "No colon at all",
]


@pytest.mark.parametrize(("text", "lead"), LEADS)
def test_the_term_that_opens_an_item_leads_it(text, lead):
    assert split_lead(text)[0] == lead


@pytest.mark.parametrize("text", NO_LEADS)
def test_a_colon_inside_a_clause_leads_nothing(text):
    assert split_lead(text) == (None, text)


def nested(lines):
    """The lists that lines are read as, each item as its text and what is nested in it."""
    read = outline(read_page(f"What is x?\n\nMay 1, 2026\n\nIt is so:\n\n{lines}\n".encode()))
    blocks = [block for section in read["sections"] for block in section["blocks"] if block["kind"] == "list"]
    return [(block["ordered"], tree(block["items"])) for block in blocks]


def tree(items):
    return [(item["text"], tree(item.get("items", []))) if item.get("items") else item["text"] for item in items]


NESTINGS = [
    ("• a\n  • b\n    • c\n      • d\n• e", [(False, [("a", [("b", ["c", "d"])]), "e"])]),
    ("- a\n\t- b\n\t\t- c\n- d", [(False, [("a", [("b", ["c"])]), "d"])]),
    ("  • a\n     - b\n  • c", [(False, [("a", ["b"]), "c"])]),
    ("• a\n◦ b\n▪ c\n• d", [(False, [("a", [("b", ["c"])]), "d"])]),
    ("1. a\n   • b\n2. c", [(True, [("a", ["b"]), "c"])]),
    ("1. a\n• b\n• c\n2. d", [(True, [("a", ["b", "c"]), "d"])]),
    ("1. a\n\n2. b\n\n3. c", [(True, ["a", "b", "c"])]),
    ("1. a\n2. b\n\n1. c\n2. d", [(True, ["a", "b"]), (True, ["c", "d"])]),
    ("• a\n• b\n\n1. c\n2. d", [(False, ["a", "b"]), (True, ["c", "d"])]),
    (" 9. a\n10. b", [(True, ["a", "b"])]),
    ("a) x\nb) y", [(True, ["x", "y"])]),
    ("(i) x\n(ii) y\n(iii) z", [(True, ["x", "y", "z"])]),
    ("• a goes\n  on here\n• b", [(False, ["a goes on here", "b"])]),
    ("•a\n•b", [(False, ["a", "b"])]),
    ("→ a\n→ b goes\non here\n→ c", [(False, ["a", "b goes on here", "c"])]),
    ("→ a\n  → b\n→ c", [(False, [("a", ["b"]), "c"])]),
    ("✓ a\n\n✓ b", [(False, ["a", "b"])]),
    ("✔️ a\n✔️ b", [(False, ["a", "b"])]),
    ("✅ a\n✅ b\n❌ c", [(False, ["✅ a", "✅ b", "❌ c"])]),
    ("❌ a\n❌ b", [(False, ["❌ a", "❌ b"])]),
    ("💧 a\n🏃 b", [(False, ["💧 a", "🏃 b"])]),
    ("— a\n— b", [(False, ["a", "b"])]),
    ("o a\no b", [(False, ["a", "b"])]),
    ("\uf0b7 a\n\uf0b7 b", [(False, ["a", "b"])]),
    ("• a\n    • b\n  • c\n• d", [(False, [("a", ["b", "c"]), "d"])]),
]


@pytest.mark.parametrize(("lines", "lists"), NESTINGS)
def test_items_nest_as_they_are_set_in_and_marked(lines, lists):
    assert nested(lines) == lists


@pytest.mark.parametrize(
    "line",
    [
        "E. coli is common.",
        "A. Smith wrote it.",
        "3.5 mg is enough.",
        "2026. A good year.",
        "-5 °C",
        "→ See the next page.",
        "≥ 65 years\n≥ 70 years",
        "⚠️ Take care.\n\n💡 Keep on.",
        "o a",
    ],
)
def test_what_only_looks_like_a_mark_is_text(line):
    assert nested(line) == []
