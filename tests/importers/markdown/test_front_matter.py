"""The front matter: what every key takes, what may be left out, and what is refused."""

import datetime

import pytest

from server.content.draft import Code, Contributor, Draft, Provenance, Question, Source, Topic
from server.content.vocabulary import CodeSystem, ContributorKind, ProductionMethod
from server.errors.content import UnreadableError
from server.importers.markdown.reading import read_markdown
from tests.importers.markdown.files import FRONT, file, with_keys


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableError) as caught:
        read_markdown(data)
    return caught.value.message


def test_question_date_and_author_are_enough():
    assert read_markdown(file()) == Draft(
        slug="what-is-a-cold",
        question="What is a cold?",
        title="What is a cold?",
        author=Contributor(name="Ann", kind=ContributorKind.PERSON),
        published_on=datetime.date(2026, 5, 15),
        provenance=Provenance(method=ProductionMethod.HUMAN_WRITTEN),
    )


def test_what_an_ai_wrote_is_ai_generated_unless_the_file_says_otherwise():
    data = file().replace(b"PERSON", b"AI")
    assert read_markdown(data).provenance == Provenance(method=ProductionMethod.AI_GENERATED)
    said = with_keys("provenance: AI_ASSISTED\n").replace(b"PERSON", b"AI")
    assert read_markdown(said).provenance == Provenance(method=ProductionMethod.AI_ASSISTED)


def test_text_is_taken_as_written_whatever_yaml_reads_into_it():
    keys = "title: 2026-05-15\nslug: yes\nexternalId: 0x1F\nsources:\n  - {key: 1:30, title: 1e3, edition: 2019}\n"
    draft = read_markdown(with_keys(keys))
    assert (draft.title, draft.slug, draft.external_id) == ("2026-05-15", "yes", "0x1F")
    assert draft.sources == (Source(key="1:30", title="1e3", edition="2019"),)


def test_a_mapping_of_one_required_key_may_be_its_value():
    draft = read_markdown(with_keys("topics:\n  - Colds\n  - {name: Virus, slug: virus}\nquestions:\n  - Why?\n"))
    assert draft.topics == (Topic(name="Colds"), Topic(name="Virus", slug="virus"))
    assert draft.questions == (Question(text="Why?"),)


def test_codes_keep_their_leading_zeros():
    draft = read_markdown(with_keys("topics:\n  - name: A\n    codes: [{system: SNOMEDCT, code: 0123}]\n"))
    assert draft.topics[0].codes == (Code(system=CodeSystem.SNOMEDCT, code="0123"),)


@pytest.mark.parametrize(("written", "canonical"), [("no", "no"), ("es_mx", "es-MX"), ("zh-hant", "zh-Hant")])
def test_the_locale_becomes_canonical(written: str, canonical: str):
    assert read_markdown(with_keys(f"locale: {written}\n")).locale == canonical


def test_an_empty_key_is_as_good_as_none():
    assert read_markdown(with_keys("title:\ntopics:\nreview: ~\n")) == read_markdown(file())


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ("titel: x\n", "line 5: `titel` is no key: use `locale`, `slug`, "),
        ("title: x\ntitle: y\n", "line 6: `title` stands twice: keep one of them."),
        ("slug: [a]\n", "line 5: `slug` takes one value: it has several."),
        ("topics: Colds\n", "line 5: `topics` takes a list: start each entry with `- `."),
        ("topics:\n  - name: A\n    parrent: b\n", "line 7: `topics.parrent` is no key: use `name`, "),
        ("topics:\n  - slug: a\n", "line 6: `topics` lacks `name`: give it a value."),
        ("sources:\n  - Guide\n", "line 6: `sources` takes keys: `key`, `kind`, `title`, "),
        ("retraction:\n  reason:\n", "line 6: `retraction` lacks `reason`: give it a value."),
        ("topics: [~]\n", "line 5: `topics` is empty: give it a value, or take the key out."),
        ("locale: klingonese\n", "line 5: `locale` is `klingonese`: give a language tag such as `en` or `es-MX`."),
        ("provenance: MAGIC\n", "line 5: `provenance` is `MAGIC`: choose `AI_GENERATED`, "),
        ("provenance: {method: AI_ASSISTED, humanReviewed: maybe}\n", "line 5: `provenance.humanReviewed` is `maybe`"),
        (
            "review:\n  reviewedOn: 2026-02-30\n  reviewer: {name: A, kind: AI}\n",
            "line 6: `review.reviewedOn` is 2026-",
        ),
        ("review:\n  reviewedOn: May 1\n  reviewer: {name: A, kind: AI}\n", "line 6: `review.reviewedOn` is `May 1`"),
        ("title: &a x\n", "line 5: an anchor (`&`) or an alias (`*`): write it out"),
        ('title: "\\uD83D"\n', "line 5: half of a surrogate pair: write the character itself."),
        ("title: *a\n", "line 5: an anchor (`&`) or an alias (`*`): write it out"),
        ("title: !!python/name:os.system x\n", "line 5: a tag (`!`): leave it out"),
        ("title: a: b\n", "line 5: not YAML, mapping values are not allowed here: put text with"),
        ("title: 'a\n", "line 6: not YAML, found unexpected "),
        ("title: a\x07b\n", "line 5: the character U+0007: write it as an escape in double quotes."),
        ("<<: {title: x}\n", "line 5: `<<` is no key"),
        ("? [a]\n: b\n", "line 5: `?` is no key"),
        (f"title: {'[' * 40}\n", "line 5: nested more deeply than any key is"),
    ],
)
def test_what_no_key_takes_is_refused_with_line_and_remedy(keys: str, reason: str):
    assert refusal(with_keys(keys)).startswith(reason)


@pytest.mark.parametrize("key", ["question", "publishedOn", "author"])
def test_a_missing_key_is_named(key: str):
    lines = [line for line in FRONT.splitlines() if not line.startswith(key)]
    assert refusal("\n".join(lines).encode()) == f"line 2: `{key}` is missing: give it a value."


def test_a_date_that_does_not_exist_is_refused():
    reason = "line 3: `publishedOn` is 2026-02-30, a date that does not exist: correct it."
    assert refusal(file().replace(b"05-15", b"02-30")) == reason


def test_front_matter_without_keys_is_refused():
    assert refusal(b"---\n---\n").startswith("line 1: the front matter has no keys: give at least `question`, ")
    assert refusal(b"---\n- a\n---\n").startswith("line 1: the front matter has no keys")
    assert refusal(b"---\na: b\n--- \nc\n...\n---\n").startswith("line 2: `a` is no key")
