"""An answer as HTML to be shown as it is: its opening or all of it, always between its disclaimers, with its credits.

For those who take one piece and lay nothing out themselves. A retracted answer has no content in it, as nowhere.
"""

from collections.abc import Iterator

from server.content.answer import Answer, Disclaimer, Source
from server.content.rendering import html
from server.content.rendering.spans import Inline, Run
from server.content.vocabulary import DisclaimerPlacement


def opening(answer: Answer) -> str:
    """The summary between the disclaimers."""
    summary = answer.published.summary
    return _between(answer, html.paragraph(summary.spans) if summary else "")


def whole(answer: Answer) -> str:
    """The content between the disclaimers, and the credits of what it cites."""
    return _between(answer, answer.published.body.html, *_credits(answer))


def credit_line(answer: Answer) -> str | None:
    """What the owners of the cited sources ask to be shown, in one line; None where nobody asks for anything."""
    lines = [_owed(source) for source in answer.caveats.sources if source.attribution or source.license]
    return "; ".join(dict.fromkeys(lines)) or None


def _between(answer: Answer, content: str, *after: str) -> str:
    before = _placed(answer, DisclaimerPlacement.BEFORE_CONTENT)
    behind = _placed(answer, DisclaimerPlacement.AFTER_CONTENT)
    return html.join([part for part in (*before, content, *behind, *after) if part])


def _placed(answer: Answer, placement: DisclaimerPlacement) -> list[str]:
    return [_notice(each) for each in answer.caveats.disclaimers if each.placement is placement]


def _notice(disclaimer: Disclaimer) -> str:
    return html.callout(disclaimer.heading, [Run(disclaimer.text)])


def _credits(answer: Answer) -> Iterator[str]:
    for source in answer.caveats.sources:
        named = [source.title, *filter(None, (source.publisher, source.edition))]
        spans: list[Inline] = [Run(", ".join(named), url=source.url, citation=source)]
        if owed := _owed(source):
            spans.append(Run(f". {owed}"))
        yield html.paragraph(spans)


def _owed(source: Source) -> str:
    """The credit line of one source."""
    license_ = f"({source.license})" if source.license and source.attribution else source.license
    return " ".join(filter(None, (source.attribution, license_)))
