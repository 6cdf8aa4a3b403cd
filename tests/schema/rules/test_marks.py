"""The marks on the contract: no content can be reached but through a marked field."""

from collections.abc import Iterator

from graphql import GraphQLSchema, build_schema, get_named_type, is_object_type

from schema.rules.marks import content_fields, is_marked, possible_types

MARKED = {
    "Answer": {"summary", "body", "jsonLd"},
    "AnswerSearchEdge": {"snippet"},
    "Section": {"blocks", "body"},
}
BEHIND_MARKS = {
    *("Body", "RichText", "Span", "Snippet", "ListItem", "Step", "TableRow", "TableCell"),
    *("ParagraphBlock", "ListBlock", "StepsBlock", "TableBlock", "CalloutBlock", "QuestionListBlock"),
}
NOT_CONTENT = {
    "Answer": {"slug", "externalId", "question", "title", "digest", "caveatsDigest"},
    "AnswerEdge": {"cursor"},
    "AnswerSearchConnection": {"correctedQuery"},
    "AnswerSearchEdge": {"cursor"},
    "CallToAction": {"heading", "text", "label"},
    "Change": {"cursor"},
    "ChangePage": {"cursor"},
    "Citation": {"locator"},
    "Client": {"name"},
    "Contributor": {"name"},
    "Disclaimer": {"heading", "text"},
    "FieldUse": {"field"},
    "FollowUpQuestion": {"text"},
    "MedicalCode": {"code", "display"},
    "PageInfo": {"startCursor", "endCursor"},
    "Provenance": {"generator"},
    "Retraction": {"reason"},
    "Section": {"anchor", "heading"},
    "Source": {"title", "publisher", "edition", "doi", "attribution", "license"},
    "SourceEdge": {"cursor"},
    "Suggestion": {"text", "slug"},
    "Topic": {"slug", "name", "synonyms"},
    "TopicEdge": {"cursor"},
}
"""All text that a client may have without disclaimers: a new field is named here, marked, or behind a mark."""


def reached_bare(schema: GraphQLSchema) -> set[str]:
    """The types of all objects that an operation may reach without passing a marked field."""
    roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
    waiting = [root for root in roots if root]
    reached = {root.name for root in waiting}
    while waiting:
        for field in waiting.pop().fields.values():
            found = () if is_marked(field) else possible_types(schema, field.type)
            waiting += [named for named in found if named.name not in reached]
            reached |= {named.name for named in found}
    return reached


def bare_text(schema: GraphQLSchema) -> Iterator[tuple[str, set[str]]]:
    for name in reached_bare(schema):
        fields = schema.type_map[name].fields.items()
        texts = {key for key, field in fields if get_named_type(field.type).name == "String" and not is_marked(field)}
        if texts:
            yield name, texts


def test_no_content_is_reached_but_through_a_marked_field(delivered):
    objects = {name for name, named in delivered.type_map.items() if is_object_type(named) and name[:2] != "__"}
    assert objects - reached_bare(delivered) == BEHIND_MARKS


def test_all_text_that_is_reached_without_a_mark_is_named_here(delivered):
    assert dict(bare_text(delivered)) == {name: NOT_CONTENT[name] for name in NOT_CONTENT if name in delivered.type_map}


def test_the_marked_fields_are_those_of_the_contract(delivered):
    assert {name: fields for name, fields in content_fields(delivered).items() if fields} == MARKED


def test_types_with_marked_fields_have_disclaimers_with_text(delivered):
    for name in MARKED:
        disclaimers = delivered.type_map[name].fields["disclaimers"]
        assert str(disclaimers.type) == "[Disclaimer!]!"
        assert (disclaimers.args, delivered.type_map["Disclaimer"].fields["text"].args) == ({}, {})


def test_no_directive_but_the_known_ones_can_stand_in_an_operation(delivered):
    places = {"FIELD", "FRAGMENT_SPREAD", "INLINE_FRAGMENT", "QUERY", "SUBSCRIPTION", "FRAGMENT_DEFINITION"}
    found = {directive.name for directive in delivered.directives if places & {at.name for at in directive.locations}}
    assert found == {"include", "skip"}


def test_every_type_with_a_way_to_content_is_walked():
    schema = build_schema("""
        directive @requiresDisclaimer on FIELD_DEFINITION
        interface Shelf { label: String }
        type Box implements Shelf { label: String, page: Page }
        type Page { text: String @requiresDisclaimer }
        type Tag { name: String }
        type Query { shelf: Shelf, tag: Tag }
    """)
    assert content_fields(schema) == {"Query": frozenset(), "Box": frozenset(), "Page": frozenset({"text"})}
