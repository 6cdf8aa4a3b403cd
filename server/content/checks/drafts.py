"""What a draft must be like to be published: the one gate, whoever wrote the draft.

Everything is refused with a RefusedError that says where it stands, what is wrong and what to do. What passes here is
trusted by everything behind: renderings, digests and ids are total on it.
"""

import datetime
import re
from functools import lru_cache

import langcodes
import msgspec

from server.content.checks.blocks import check_question, check_sections
from server.content.checks.lines import check_line, check_prose, check_slug, check_url, refuse
from server.content.draft import CallToAction, Contributor, Draft, Notice, Provenance, Review, Source, Topic
from server.content.vocabulary import DisclaimerKind

LARGEST = 2_000_000
LONGEST_NAME = 300
EARLIEST = datetime.date(1500, 1, 1)
LATEST = datetime.date(2500, 1, 1)
PAGE_NOTICES = frozenset({DisclaimerKind.INFORMATIONAL, DisclaimerKind.AI_GENERATED, DisclaimerKind.EDUCATIONAL})

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.\-]{0,63}")


def check(draft: Draft) -> bytes:
    """The draft as JSON; refuses one that can't be published as it is with a RefusedError: where, and what to do."""
    _check_identity(draft)
    check_line(draft.question, "the question")
    check_line(draft.title, "the title")
    _check_contributor(draft.author, "the author")
    _check_date(draft.published_on, "the date of publication")
    _check_review(draft.review)
    _check_sources(draft.sources)
    _check_provenance(draft.provenance, {source.key for source in draft.sources})
    for number, topic in enumerate(draft.topics, 1):
        _check_topic(topic, f"topic {number}")
    for number, notice in enumerate(draft.notices, 1):
        _check_notice(notice, f"notice {number}")
    check_sections(draft.sections, {source.key for source in draft.sources})
    for number, question in enumerate(draft.questions, 1):
        check_question(question, f"follow-up question {number}")
    for number, call in enumerate(draft.calls_to_action, 1):
        _check_call(call, f"call to action {number}")
    return _encoded(draft)


@lru_cache(maxsize=1024)
def is_locale(tag: str) -> bool:
    """Whether a text is a BCP 47 tag in canonical form: `en`, `es-MX`, `zh-Hant`."""
    try:
        return langcodes.standardize_tag(tag) == tag and langcodes.tag_is_valid(tag)
    except ValueError:
        return False


def _check_identity(draft: Draft) -> None:
    if not is_locale(draft.locale):
        refuse(
            "the locale", "it is no BCP 47 tag in canonical form", remedy="write it as in `en`, `es-MX` or `zh-Hant`"
        )
    check_slug(draft.slug, "the slug")
    check_slug(draft.translation_of, "the slug of the translation's original")
    check_name(draft.external_id, "the external id")
    if draft.retraction is not None:
        check_prose(draft.retraction.reason, "the reason of the retraction")
        check_slug(draft.retraction.replacement, "the replacement")


def check_name(name: str | None, where: str) -> None:
    """Refuses a name that is no line or too long; None is none."""
    check_line(name, where)
    if name is not None and len(name) > LONGEST_NAME:
        refuse(where, f"it has {len(name)} characters", remedy=f"keep it to {LONGEST_NAME}")


def _check_contributor(contributor: Contributor | None, where: str) -> None:
    if contributor is not None:
        check_name(contributor.name, where)
        check_url(contributor.url, where)


def _check_date(date: datetime.date | None, where: str) -> None:
    if date is not None and not EARLIEST <= date < LATEST:
        refuse(where, f"the year is {date.year}", remedy=f"correct it; it lies in {EARLIEST.year} to {LATEST.year - 1}")


def _check_review(review: Review | None) -> None:
    if review is None:
        return
    _check_contributor(review.reviewer, "the reviewer")
    _check_date(review.reviewed_on, "the date of the review")
    _check_date(review.next_review_on, "the date of the next review")
    if review.next_review_on is not None and review.next_review_on < review.reviewed_on:
        refuse("the review", "the next one comes before it", remedy="correct one of the dates")


def _check_sources(sources: tuple[Source, ...]) -> None:
    seen: set[str] = set()
    for number, source in enumerate(sources, 1):
        where = f"source {number}"
        check_line(source.key, where)
        if source.key in seen:
            refuse(where, f"its key `{source.key}` is that of another source", remedy="give it one of its own")
        seen.add(source.key)
        _check_source(source, f"source `{source.key}`")
    _check_editions(sources)


def _check_editions(sources: tuple[Source, ...]) -> None:
    newer = {source.key: source.superseded_by for source in sources}
    for source in sources:
        where, edition = f"source `{source.key}`", source.superseded_by
        if edition is not None and source.is_withdrawn:
            refuse(where, "it is both superseded and withdrawn", remedy="say what became of it last")
        if edition is not None and edition not in newer:
            refuse(where, f"its newer edition `{edition}` is not there", remedy="add it to the sources")
        passed = {source.key}
        while edition is not None:
            if edition in passed:
                refuse(where, "its newer editions lead back to it", remedy="say which one is the newest")
            passed.add(edition)
            edition = newer.get(edition)


def _check_source(source: Source, where: str) -> None:
    check_line(source.title, f"{where}, its title")
    for text in (source.publisher, source.edition, source.doi, source.license):
        check_name(text, where)
    if source.attribution is not None:
        check_prose(source.attribution, where)
    _check_date(source.published_on, where)
    check_url(source.url, where)


def _check_provenance(provenance: Provenance, source_keys: set[str]) -> None:
    check_name(provenance.generator, "the generator")
    _check_contributor(provenance.editor, "the editor")
    for key in provenance.grounded_in:
        if key not in source_keys:
            refuse("the provenance", f"the source `{key}` is named but not there", remedy="add it to the sources")


def _check_topic(topic: Topic, where: str) -> None:
    check_name(topic.name, where)
    check_slug(topic.slug, where)
    check_slug(topic.parent, f"{where}, its parent")
    for synonym in topic.synonyms:
        check_name(synonym, f"{where}, a synonym")
    for code in topic.codes:
        check_line(code.display, f"{where}, a code")
        if _CODE.fullmatch(code.code) is None:
            refuse(
                where,
                f"a code of {code.system} has a form that no code has",
                remedy="write letters, digits, dots, hyphens",
            )


def _check_notice(notice: Notice, where: str) -> None:
    check_line(notice.heading, where)
    check_prose(notice.text, where)
    if notice.kind not in PAGE_NOTICES:
        refuse(where, f"a page bears no {notice.kind}", remedy=f"make it one of {', '.join(sorted(PAGE_NOTICES))}")


def _check_call(call: CallToAction, where: str) -> None:
    check_line(call.heading, where)
    check_prose(call.text, where)
    check_line(call.label, where)
    check_url(call.url, where)


def _encoded(draft: Draft) -> bytes:
    encoded = msgspec.json.encode(draft)
    if len(encoded) > LARGEST:
        wrong = f"it has {len(encoded):,} bytes as JSON"
        refuse("the answer", wrong, remedy=f"keep it to {LARGEST:,}: make it two answers")
    return encoded
