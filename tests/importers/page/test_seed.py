import json
from pathlib import Path

from server.content.checks import check
from server.importers.outline import outline
from server.importers.page.reading import read_page

SEEDS = Path(__file__).parents[3] / "seeds"
SEED = SEEDS / "how-does-car-t-cell-therapy-work-for-leukemia.txt"


def test_the_seed_page_is_read_as_its_outline_says():
    expected = json.loads(SEED.with_suffix(".outline.json").read_text())
    assert outline(read_page(SEED.read_bytes())) == expected


def test_the_seed_page_can_be_published():
    check(read_page(SEED.read_bytes()))
