"""An answer as JSON-LD in the words of schema.org: a MedicalWebPage with its disclaimers, for search engines.

schema.org has no property for disclaimers; `usageInfo` is the nearest. A retracted answer says that it is retracted,
and its disclaimers, and nothing of its content.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias

import msgspec

from server.content.answer import Answer, AnswerStatus, Disclaimer, Source, SourceStatus, Topic
from server.content.draft import Contributor
from server.content.reads.topic_names import topic_name
from server.content.vocabulary import CodeSystem, ContributorKind, SourceKind

Json: TypeAlias = dict[str, Any]

_CODE_SYSTEMS = {
    CodeSystem.UMLS: "UMLS",
    CodeSystem.ICD10CM: "ICD-10-CM",
    CodeSystem.SNOMEDCT: "SNOMED-CT",
    CodeSystem.MESH: "MeSH",
    CodeSystem.RXNORM: "RxNorm",
}
_CONTRIBUTORS = {
    ContributorKind.AI: "SoftwareApplication",
    ContributorKind.PERSON: "Person",
    ContributorKind.ORGANIZATION: "Organization",
}
_SOURCES = {
    SourceKind.GUIDELINE: "Report",
    SourceKind.JOURNAL_ARTICLE: "MedicalScholarlyArticle",
    SourceKind.WEBSITE: "WebPage",
    SourceKind.BOOK: "Book",
    SourceKind.DATABASE: "Dataset",
    SourceKind.OTHER: "CreativeWork",
}
_FATE = {SourceStatus.CURRENT: None, SourceStatus.SUPERSEDED: "Superseded", SourceStatus.WITHDRAWN: "Withdrawn"}
_ESCAPES = str.maketrans({character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"})
"""What could end a `script` element or a line of JavaScript; in JSON these stand in strings only."""


def json_ld(answer: Answer) -> str:
    """JSON-LD text of an answer, escaped to stand in a `script` element as it is."""
    page = {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage",
        "identifier": answer.id,
        "inLanguage": answer.locale,
        "usageInfo": [_disclaimer(disclaimer) for disclaimer in answer.caveats.disclaimers],
        "datePublished": answer.published.published_on.isoformat(),
        "dateModified": answer.updated_at.isoformat(),
        "version": str(answer.revision),
        "about": [_topic(topic, answer.locale) for topic in answer.caveats.topics],
        **(_withdrawn(answer) if answer.status is AnswerStatus.RETRACTED else _content(answer)),
    }
    return msgspec.json.encode(_without_gaps(page)).decode().translate(_ESCAPES)


def _withdrawn(answer: Answer) -> Json:
    return {
        "name": answer.question,
        "creativeWorkStatus": "Retracted",
        "mainEntity": {"@type": "Question", "name": answer.question},
    }


def _content(answer: Answer) -> Json:
    published, review = answer.published, answer.caveats.review
    return {
        "name": published.title,
        "headline": published.title,
        "creativeWorkStatus": "Published",
        "author": _contributor(published.author),
        "editor": _contributor(published.provenance.editor),
        "lastReviewed": None if review is None else review.reviewed_on.isoformat(),
        "reviewedBy": None if review is None else _contributor(review.reviewer),
        "description": None if published.summary is None else published.summary.text,
        "mainEntity": {
            "@type": "Question",
            "name": answer.question,
            "acceptedAnswer": {"@type": "Answer", "text": published.body.text},
        },
        "citation": [_source(source) for source in answer.caveats.sources],
    }


def _disclaimer(disclaimer: Disclaimer) -> Json:
    return {
        "@type": "CreativeWork",
        "name": disclaimer.heading,
        "text": disclaimer.text,
        "inLanguage": disclaimer.locale,
        "version": str(disclaimer.version),
    }


def _contributor(contributor: Contributor | None) -> Json | None:
    if contributor is None:
        return None
    return {"@type": _CONTRIBUTORS[contributor.kind], "name": contributor.name, "url": contributor.url}


def _topic(topic: Topic, locale: str) -> Json:
    name = topic_name(topic, locale)
    return {
        "@type": "MedicalEntity",
        "name": name.name,
        "alternateName": list(name.synonyms),
        "code": [
            {
                "@type": "MedicalCode",
                "codingSystem": _CODE_SYSTEMS[code.system],
                "codeValue": code.code,
                "name": code.display,
            }
            for code in topic.codes
        ],
    }


def _source(source: Source) -> Json:
    return {
        "@type": _SOURCES[source.kind],
        "name": source.title,
        "publisher": None if source.publisher is None else {"@type": "Organization", "name": source.publisher},
        "version": source.edition,
        "datePublished": None if source.published_on is None else source.published_on.isoformat(),
        "url": source.url,
        "sameAs": None if source.doi is None else f"https://doi.org/{source.doi}",
        "creditText": source.attribution,
        "license": source.license,
        "creativeWorkStatus": _FATE[source.status],
    }


def _without_gaps(value: Mapping[str, Any]) -> Json:
    """The same without what is None or empty, which JSON-LD leaves out."""
    return {key: _filled(part) for key, part in value.items() if part is not None and part != []}


def _filled(value: object) -> object:
    if isinstance(value, dict):
        return _without_gaps(value)
    if isinstance(value, list):
        return [_filled(part) for part in value]
    return value
