"""Tables in Markdown, and their places in RESULTS.md."""

import argparse
import re
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")


def table(head, rows):
    """A table whose columns line up, words to the left and numbers to the right."""
    lines = [head, *rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    texts = [_is_text(rows, place) for place in range(len(head))]

    def line(cells):
        parts = [
            cell.ljust(width) if is_text else cell.rjust(width)
            for cell, width, is_text in zip(cells, widths, texts, strict=True)
        ]
        return f"| {' | '.join(parts)} |"

    rule = "|".join("-" * (width + 1) + ("-" if is_text else ":") for width, is_text in zip(widths, texts, strict=True))
    return "\n".join([line(head), f"|{rule}|", *map(line, rows)])


def save(place, text):
    """Puts a text between the marks of its place."""
    kept = RESULTS.read_text(encoding="utf-8")
    marks = f"<!-- {place} -->", f"<!-- end of {place} -->"
    pattern = re.compile(f"{re.escape(marks[0])}.*?{re.escape(marks[1])}", re.DOTALL)
    RESULTS.write_text(pattern.sub(lambda _: f"{marks[0]}\n{text}\n{marks[1]}", kept), encoding="utf-8")


def _is_text(rows, place):
    return any(row[place] and not re.fullmatch(r"[\d.,]+", row[place]) for row in rows)


def parsed(description):
    """What a benchmark takes that takes nothing else: `--save` puts its tables into RESULTS.md."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--save", action="store_true")
    return parser.parse_args()
