"""Operations that try to get content without its disclaimers, with the places that fall short."""

X = "query ($x: Boolean!)"
XY = "query ($x: Boolean!, $y: Boolean!)"

ALONE = {
    "body": ('{ answer(slug: "a") { body { html } } }', ["answer"]),
    "summary": ('{ answer(slug: "a") { summary { text } } }', ["answer"]),
    "jsonLd": ('{ answer(slug: "a") { jsonLd } }', ["answer"]),
    "only the typename of the body": ('{ answer(slug: "a") { body { __typename } } }', ["answer"]),
    "blocks": ('{ answer(slug: "a") { sections { blocks { id } } } }', ["answer.sections"]),
    "body of one section": ('{ answer(slug: "a") { section(anchor: "b") { body { text } } } }', ["answer.section"]),
    "content under an alias": ('{ a: answer(slug: "a") { title: jsonLd } }', ["a"]),
    "through a citation": (
        '{ answer(slug: "a") { citations { section { blocks { id } } } } }',
        ["answer.citations.section"],
    ),
    "disclaimers without text": ('{ answer(slug: "a") { body { html } disclaimers { id heading } } }', ["answer"]),
    "another field called text": ('{ answer(slug: "a") { body { html } disclaimers { text: heading } } }', ["answer"]),
    "another field called disclaimers": (
        '{ answer(slug: "a") { body { html } disclaimers: callsToAction { text } } }',
        ["answer"],
    ),
    "each of two answers": ('{ a: answer(slug: "a") { jsonLd } b: answer(slug: "b") { jsonLd } }', ["a", "b"]),
    "disclaimers of another alias": (
        '{ a: answer(slug: "a") { jsonLd } b: answer(slug: "a") { disclaimers { text } } }',
        ["a"],
    ),
}

FRAGMENTS = {
    "content in a fragment": ('{ answer(slug: "a") { ...F } } fragment F on Answer { jsonLd }', ["answer"]),
    "content in nested fragments": (
        '{ answer(slug: "a") { ...F } } fragment F on Answer { ... { ...G } } fragment G on Answer { jsonLd }',
        ["answer"],
    ),
    "disclaimers in a fragment that is spread on one of two": (
        """{ a: answer(slug: "a") { ...F ...G } b: answer(slug: "b") { ...F } }
        fragment F on Answer { jsonLd } fragment G on Answer { disclaimers { text } }""",
        ["b"],
    ),
    "sections in a fragment that is spread on two": (
        """{ a: answer(slug: "a") { ...F } b: answer(slug: "b") { ...F } }
        fragment F on Answer { sections { blocks { id } } }""",
        ["a.sections", "b.sections"],
    ),
    "sections in a fragment that is spread on one with disclaimers and one without": (
        """{ a: answer(slug: "a") { disclaimers { text } ...F } b: answer(slug: "b") { ...F } }
        fragment F on Answer { sections { blocks { id } } }""",
        ["b.sections"],
    ),
    "content in an inline fragment": ('{ answer(slug: "a") { ... on Answer { jsonLd } } }', ["answer"]),
    "content in a fragment on the interface": (
        '{ answer(slug: "a") { ...F } } fragment F on Node { ... on Answer { jsonLd } }',
        ["answer"],
    ),
    "disclaimers of another type": (
        '{ node(id: "a") { ... on Answer { jsonLd } ... on Section { disclaimers { text } } } }',
        ["node"],
    ),
    "content of two types": (
        '{ node(id: "a") { ... on Answer { jsonLd } ... on Section { body { id } } } }',
        ["node", "node"],
    ),
    "one of the types that nodes may have": (
        """{ nodes(ids: ["a"]) { ...F ... on Answer { disclaimers { text } } } }
        fragment F on Node { ... on Answer { jsonLd } ... on Section { blocks { id } } }""",
        ["nodes"],
    ),
    "section by id": ('{ node(id: "a") { ... on Section { blocks { id } } } }', ["node"]),
    "section by id with the disclaimers of its answer": (
        '{ node(id: "a") { ... on Section { blocks { id } answer { disclaimers { text } } } } }',
        ["node"],
    ),
    "section cited by a section": (
        '{ node(id: "a") { ... on Section { disclaimers { text } citations { section { blocks { id } } } } } }',
        ["node.citations.section"],
    ),
    "question by id": ('{ node(id: "a") { ... on FollowUpQuestion { answer { jsonLd } } } }', ["node.answer"]),
    "source by id": ('{ node(id: "a") { ... on Source { citedBy { nodes { jsonLd } } } } }', ["node.citedBy.nodes"]),
    "topic by id": ('{ node(id: "a") { ... on Topic { answers { nodes { jsonLd } } } } }', ["node.answers.nodes"]),
    "question list inside a block": (
        """{ answer(slug: "a") { disclaimers { text } sections { blocks {
        ... on QuestionListBlock { questions { answer { jsonLd } } } } } } }""",
        ["answer.sections.blocks.questions.answer"],
    ),
    "steps inside steps": (
        """{ answer(slug: "a") { disclaimers { text } sections { blocks { ... on StepsBlock { steps { blocks {
        ... on ParagraphBlock { content { spans { citation { section { answer { jsonLd } } } } } } } } } } } } }""",
        ["answer.sections.blocks.steps.blocks.content.spans.citation.section.answer"],
    ),
}

NESTED = {
    "relatedAnswers": ("relatedAnswers { body { id } }", ["answer.relatedAnswers"]),
    "relatedAnswers of relatedAnswers": (
        "relatedAnswers { disclaimers { text } relatedAnswers { sections { blocks { id } } } }",
        ["answer.relatedAnswers.relatedAnswers.sections"],
    ),
    "followUpQuestions.answer": ("followUpQuestions { answer { jsonLd } }", ["answer.followUpQuestions.answer"]),
    "citedBy": ("sources { citedBy { edges { node { jsonLd } } } }", ["answer.sources.citedBy.edges.node"]),
    "citedBy of a superseding source": (
        "citations { source { supersededBy { citedBy { nodes { jsonLd } } } } }",
        ["answer.citations.source.supersededBy.citedBy.nodes"],
    ),
    "groundedIn": (
        "provenance { groundedIn { citedBy { nodes { jsonLd } } } }",
        ["answer.provenance.groundedIn.citedBy.nodes"],
    ),
    "section.answer": ("sections { answer { summary { text } } }", ["answer.sections.answer"]),
    "section of section.answer": (
        "sections { answer { sections { blocks { id } } } }",
        ["answer.sections.answer.sections"],
    ),
    "replacement": ("retraction { replacement { jsonLd } }", ["answer.retraction.replacement"]),
    "translations": ("translations { body { html } }", ["answer.translations"]),
    "topics": ("topics { answers { nodes { jsonLd } } }", ["answer.topics.answers.nodes"]),
    "answers of child topics": (
        "topics { children { parent { answers { edges { node { jsonLd } } } } } }",
        ["answer.topics.children.parent.answers.edges.node"],
    ),
}

LISTS = {
    "nodes of answers": ("{ answers { nodes { jsonLd } } }", ["answers.nodes"]),
    "edges of answers": ("{ answers { edges { node { jsonLd } } } }", ["answers.edges.node"]),
    "nodes beside edges": (
        "{ answers { nodes { jsonLd } edges { node { disclaimers { text } } } } }",
        ["answers.nodes"],
    ),
    "topic": ('{ topic(slug: "a") { answers { nodes { jsonLd } } } }', ["topic.answers.nodes"]),
    "topics": (
        "{ topics { edges { node { answers { nodes { jsonLd } } } } } }",
        ["topics.edges.node.answers.nodes"],
    ),
    "sources": ("{ sources { nodes { citedBy { nodes { jsonLd } } } } }", ["sources.nodes.citedBy.nodes"]),
    "snippet": ('{ search(query: "a") { edges { snippet { content { text } } } } }', ["search.edges"]),
    "snippet with the disclaimers of the node": (
        '{ search(query: "a") { edges { snippet { content { text } } node { disclaimers { text } } } } }',
        ["search.edges"],
    ),
    "node with the disclaimers of the edge": (
        '{ search(query: "a") { edges { disclaimers { text } node { jsonLd } } } }',
        ["search.edges.node"],
    ),
    "section of the node with the disclaimers of the edge": (
        '{ search(query: "a") { edges { disclaimers { text } node { sections { blocks { id } } } } } }',
        ["search.edges.node.sections"],
    ),
    "answer of the snippet's section": (
        '{ search(query: "a") { edges { disclaimers { text } snippet { section { answer { jsonLd } } } } } }',
        ["search.edges.snippet.section.answer"],
    ),
    "snippet with the disclaimers of its section": (
        '{ search(query: "a") { edges { snippet { section { disclaimers { text } blocks { id } } } } } }',
        ["search.edges"],
    ),
    "nodes of search": ('{ search(query: "a") { nodes { jsonLd } } }', ["search.nodes"]),
    "topics of search": (
        '{ search(query: "a") { topicFacets { topic { answers { nodes { jsonLd } } } } } }',
        ["search.topicFacets.topic.answers.nodes"],
    ),
    "changes": ("{ changes { nodes { answer { jsonLd } } } }", ["changes.nodes.answer"]),
    "subscription": ("subscription { contentChanged { answer { body { html } } } }", ["contentChanged.answer"]),
    "the second operation": (
        'query A { answer(slug: "a") { jsonLd disclaimers { text } } } query B { answers { nodes { jsonLd } } }',
        ["answers.nodes"],
    ),
    "query and subscription, each with a shared fragment": (
        """query A { answer(slug: "a") { ...F } } subscription B { contentChanged { answer { ...F } } }
        fragment F on Answer { jsonLd }""",
        ["answer", "contentChanged.answer"],
    ),
}

ON_FIELDS = {
    "disclaimers": X + ' { answer(slug: "a") { jsonLd disclaimers @ { text } } }',
    "text": X + ' { answer(slug: "a") { jsonLd disclaimers { text @ } } }',
    "an aliased text": X + ' { answer(slug: "a") { jsonLd d: disclaimers { t: text @ } } }',
    "disclaimers in a fragment": X
    + ' { answer(slug: "a") { jsonLd ...F } } fragment F on Answer { disclaimers @ { text } }',
    "the answer that bears them": X + ' { answer(slug: "a") { jsonLd } answer(slug: "a") @ { disclaimers { text } } }',
}
ON_FRAGMENTS = {
    "an inline fragment": X + ' { answer(slug: "a") { jsonLd ... @ { disclaimers { text } } } }',
    "an inline fragment around another": X + ' { answer(slug: "a") { jsonLd ... @ { ... { disclaimers { text } } } } }',
    "an inline fragment around text": X + ' { answer(slug: "a") { jsonLd disclaimers { ... @ { text } } } }',
    "a spread": X + ' { answer(slug: "a") { jsonLd ...F @ } } fragment F on Answer { disclaimers { text } }',
    "a spread around text": X
    + ' { answer(slug: "a") { jsonLd disclaimers { ...F @ } } } fragment F on Disclaimer { text }',
    "a spread on the interface": X + ' { node(id: "a") { ... on Answer { jsonLd } ...F @ } } '
    "fragment F on Node { ... on Answer { disclaimers { text } } }",
    "a fragment around content and disclaimers": X + ' { answer(slug: "a") { ... @ { jsonLd disclaimers { text } } } }',
    "a fragment around the answer that bears them": X
    + ' { answer(slug: "a") { jsonLd } ... @ { answer(slug: "a") { disclaimers { text } } } }',
}
ANYWHERE = [
    "@include(if: $x)",
    "@skip(if: $x)",
    "@include(if: true)",
    "@skip(if: false)",
    "@skip(if: $x) @include(if: $x)",
]

CONDITIONS = {
    f"{condition} on {where}": (text.replace("@", condition), ["node" if "node" in text else "answer"])
    for texts, conditions in ((ON_FIELDS, ANYWHERE), (ON_FRAGMENTS, [*ANYWHERE, "@defer", "@defer(if: $x)"]))
    for where, text in texts.items()
    for condition in conditions
}

MERGED = {
    "disclaimers of a conditional field": (
        X + ' { answer(slug: "a") { jsonLd } answer(slug: "a") @include(if: $x) { disclaimers { text } } }',
        ["answer"],
    ),
    "disclaimers of a conditional fragment around the object": (
        X + ' { answer(slug: "a") { jsonLd } ... @skip(if: $x) { answer(slug: "a") { disclaimers { text } } } }',
        ["answer"],
    ),
    "other conditions on content and disclaimers": (
        XY
        + """ { answer(slug: "a") @include(if: $x) { jsonLd }
        answer(slug: "a") @include(if: $y) { disclaimers { text } } }""",
        ["answer"],
    ),
    "opposite conditions on content and disclaimers": (
        X
        + """ { answer(slug: "a") @include(if: $x) { jsonLd }
        answer(slug: "a") @skip(if: $x) { disclaimers { text } } }""",
        ["answer"],
    ),
    "more conditions on disclaimers than on content": (
        XY
        + """ { answer(slug: "a") @include(if: $x) { jsonLd }
        ... @include(if: $x) { answer(slug: "a") @skip(if: $y) { disclaimers { text } } } }""",
        ["answer"],
    ),
    "a condition two objects above": (
        X
        + """ { answer(slug: "a") { relatedAnswers { jsonLd } }
        answer(slug: "a") @include(if: $x) { relatedAnswers { disclaimers { text } } } }""",
        ["answer.relatedAnswers"],
    ),
    "a fragment spread with a condition in one place and without in the other": (
        X
        + """ { answer(slug: "a") { jsonLd } ...F @include(if: $x) }
        fragment F on Query { answer(slug: "a") { disclaimers { text } } }""",
        ["answer"],
    ),
    "content below, disclaimers under a condition": (
        X
        + """ { answer(slug: "a") { sections { blocks { id } } }
        answer(slug: "a") @include(if: $x) { disclaimers { text } } }""",
        ["answer.sections"],
    ),
    "content below that another field node brings unconditionally": (
        X
        + """ { answer(slug: "a") { sections { blocks { id } } }
        answer(slug: "a") @include(if: $x) { disclaimers { text } sections { id } } }""",
        ["answer.sections"],
    ),
    "content of a fragment that comes with disclaimers under a condition, and without": (
        X
        + """ { answer(slug: "a") @include(if: $x) { disclaimers { text } ...F } answer(slug: "a") { ...F } }
        fragment F on Answer { jsonLd }""",
        ["answer"],
    ),
    "fragments that merge under conditions in one of two places": (
        X
        + """ { a: answer(slug: "a") { ...F ...G } b: answer(slug: "a") { ...F ...G @skip(if: $x) } }
        fragment F on Answer { relatedAnswers { jsonLd } }
        fragment G on Answer { relatedAnswers { disclaimers { text } } }""",
        ["b.relatedAnswers"],
    ),
    "a fragment under two conditions of which disclaimers have one": (
        XY
        + """ { answer(slug: "a") { ...F @include(if: $x) ...F @include(if: $y)
        relatedAnswers @include(if: $x) { disclaimers { text } } } }
        fragment F on Answer { relatedAnswers { jsonLd } }""",
        ["answer.relatedAnswers"],
    ),
    "two deferred parts of one object": (
        """{ ... @defer(label: "a") { answer(slug: "a") { jsonLd } }
        ... @defer(label: "b") { answer(slug: "a") { disclaimers { text } } } }""",
        ["answer"],
    ),
    "conditional content": (X + ' { answer(slug: "a") { jsonLd @include(if: $x) } }', ["answer"]),
    "content that never comes": ('{ answer(slug: "a") { jsonLd @skip(if: true) } }', ["answer"]),
    "text without a condition on other disclaimers": (
        X + ' { answer(slug: "a") { jsonLd disclaimers @include(if: $x) { text } disclaimers { id } } }',
        ["answer"],
    ),
    "streamed disclaimers": ('{ answer(slug: "a") { jsonLd disclaimers @stream { text } } }', ["answer"]),
}

REFUSED = ALONE | FRAGMENTS | LISTS | CONDITIONS | MERGED
