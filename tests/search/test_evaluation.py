from pathlib import Path

import pytest

from server.commands.seeding import seed
from server.content.library import Library
from server.db.reads import Reads
from server.errors.content import UnreadableError
from server.search.evaluation import Judged, evaluate, read_judged, scores
from tests.search.indexed import IndexedSearch

ROOT = Path(__file__).parents[2]
FILES = [ROOT / "seeds" / "judged.jsonl", *sorted((Path(__file__).parent / "judged").glob("*.jsonl"))]


def judged(**relevant: int) -> Judged:
    return Judged(query="q", relevant=relevant)


def test_scores_are_means_over_all_questions() -> None:
    found = scores([([3, 0, 1], judged(a=3, b=1)), ([0, 0, 3], judged(a=3)), ([], judged(a=1))])

    assert (found.questions, found.success_at_1, found.success_at_5) == (3, 1 / 3, 2 / 3)
    assert found.mean_reciprocal_rank == pytest.approx((1 + 1 / 3) / 3)
    assert found.ndcg_at_10 == pytest.approx(((7 + 1 / 2) / (7 + 1 / 1.5849625) + 1 / 2) / 3)


@pytest.mark.parametrize(
    ("line", "reason"),
    [("{", "truncated"), ('{"query": "a"}', "relevant"), ('{"query": "a", "relevant": {"b": 4}}', "<= 3"),
     ('{"query": "", "relevant": {"b": 1}}', "length"), ("\udc80", "")],
)  # fmt: skip
def test_a_broken_line_is_refused_with_its_number(line: str, reason: str) -> None:
    with pytest.raises(UnreadableError, match=f"line 3: .*{reason}"):
        read_judged(f'{{"query": "a", "relevant": {{"b": 1}}}}\n\n{line}')


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(UnreadableError, match="holds no judged question"):
        read_judged("\n")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_judged_files_are_read(file: Path) -> None:
    assert len(read_judged(file.read_text(encoding="utf-8"))) >= 15


async def test_the_samples_are_found_as_they_were_judged(
    database_url: str, reads: Reads, indexed: IndexedSearch
) -> None:
    await seed(database_url)
    await indexed.catch_up()

    found = await evaluate(
        read_judged(FILES[0].read_text(encoding="utf-8")), search=indexed.stale, library=Library(reads)
    )

    assert (found.success_at_1, found.ndcg_at_10 > 0.95) == (1, True)
