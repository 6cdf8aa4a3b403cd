"""What delivery aims at, and whether a run's figures reach it."""

from tests.bench.servers import CACHED, NO_OBJECTS, NO_RESPONSES

NEW = "page, a new text each time"
RATIOS = {
    ("page", CACHED): 1.5,
    ("page, hot", CACHED): 1.5,
    ("fragment", CACHED): 1.5,
    ("list of 20", CACHED): 1.5,
    ("page", NO_RESPONSES): 3,
    ("page", NO_OBJECTS): 6,
    ("fragment", NO_RESPONSES): 3,
    ("fragment", NO_OBJECTS): 6,
    ("deep list of 20", NO_RESPONSES): 25,
}
"""How often the processor time of the bare application a case may take at most."""
MOST_NEW = 1.7
"""Milliseconds of a page with a text that nobody sent before."""
MOST_SPREAD = 10
"""How often the median a p99 may be."""


def judged(figures):
    """One line an aim; `figures` are dicts with `case`, `name`, `spent`, `ratio`, `p50` and `p99`."""
    lines = []
    for each in figures:
        most = RATIOS.get((each["case"], each["name"]))
        if most is not None and each["ratio"] is not None:
            lines.append(_line(each, f"{each['ratio']:.2f} × bare", f"{most}", is_met=each["ratio"] <= most))
        if each["case"] == NEW and each["name"] in (CACHED, NO_RESPONSES):
            lines.append(_line(each, f"{each['spent']:.2f} ms", f"{MOST_NEW} ms", is_met=each["spent"] <= MOST_NEW))
    wide = [each for each in figures if each["name"] in _OURS and each["p99"] > MOST_SPREAD * each["p50"]]
    lines += [
        _line(each, f"p99 {each['p99'] / each['p50']:.0f} × p50", f"{MOST_SPREAD}", is_met=False) for each in wide
    ]
    if not wide:
        lines.append(f"- met: no p99 of Caveat's above {MOST_SPREAD} times its p50")
    return "\n".join(lines)


_OURS = (CACHED, NO_RESPONSES, NO_OBJECTS)


def _line(figure, found, wanted, *, is_met):
    return f"- {'met' if is_met else 'missed'}: {figure['case']}, {figure['name']}: {found} (aim: {wanted})"
