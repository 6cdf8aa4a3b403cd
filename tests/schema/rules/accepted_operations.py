"""Operations that select content with its disclaimers, or none, by what is worth a look in them."""

X = "query ($x: Boolean!)"
XY = "query ($x: Boolean!, $y: Boolean!)"
CAVEAT = "disclaimers { text }"

NO_CONTENT = {
    "no content": '{ answer(slug: "a") { id question title sections { heading anchor } readability { minutes } } }',
    "disclaimers alone": '{ answer(slug: "a") { disclaimers { text } } }',
    "blocks of a question list are content, questions are not": '{ answer(slug: "a") { followUpQuestions { text } } }',
    "introspection": '{ __schema { types { name fields { name } } } __type(name: "Answer") { name } }',
    "what every node has": '{ node(id: "a") { __typename id } nodes(ids: ["a"]) { id } }',
    "a list without content": "{ answers { totalCount pageInfo { hasNextPage } nodes { title } } }",
    "hits without snippets": '{ search(query: "a") { edges { score node { title } } } }',
    "topics and sources": "{ topics { nodes { slug } } sources { nodes { title citedBy { totalCount } } } }",
    "what has changed": "subscription { contentChanged { cursor kind answerId answer { slug revision } } }",
}

SAME_OBJECT = {
    "on the answer": '{ answer(slug: "a") { body { html } disclaimers { text } } }',
    "before the content": '{ answer(slug: "a") { disclaimers { text } summary { text } jsonLd } }',
    "with more fields": '{ answer(slug: "a") { body { html } disclaimers { id heading text kind } } }',
    "under aliases": '{ a: answer(slug: "a") { b: body { h: html } d: disclaimers { t: text } } }',
    "twice, whole once": '{ answer(slug: "a") { jsonLd disclaimers { id } d: disclaimers { text } } }',
    "in two parts that merge": '{ answer(slug: "a") { jsonLd disclaimers { id } disclaimers { text } } }',
    "on another field node of the same answer": (
        '{ answer(slug: "a") { jsonLd } answer(slug: "a") { disclaimers { text } } }'
    ),
    "on another field node of the same alias": (
        '{ a: answer(slug: "a") { jsonLd } a: answer(slug: "a") { disclaimers { text } } }'
    ),
    "on other field nodes of nested answers": """{ answer(slug: "a") { relatedAnswers { jsonLd } }
        answer(slug: "a") { relatedAnswers { disclaimers { text } } } }""",
    "in a fragment": '{ answer(slug: "a") { jsonLd ...F } } fragment F on Answer { disclaimers { text } }',
    "in nested fragments": """{ answer(slug: "a") { jsonLd ...F } } fragment F on Answer { ...G ... { ...G } }
        fragment G on Answer { disclaimers { ...H } } fragment H on Disclaimer { ... on Disclaimer { text } }""",
    "in a fragment on the interface": """{ answer(slug: "a") { jsonLd ...F } }
        fragment F on Node { ... on Answer { disclaimers { ... on Node { ... on Disclaimer { text } } } } }""",
    "on the section": '{ answer(slug: "a") { sections { blocks { id } disclaimers { text } } } }',
    "on the section by id": '{ node(id: "a") { ... on Section { blocks { html } disclaimers { text } } } }',
    "on every type that a node may have": """{ nodes(ids: ["a"]) { ... on Answer { jsonLd disclaimers { text } }
        ... on Section { body { text } disclaimers { text } } ... on Topic { slug } } }""",
    "on every answer": """{ a: answer(slug: "a") { jsonLd disclaimers { text } }
        b: answer(slug: "b") { title relatedAnswers { jsonLd disclaimers { text } } } }""",
    "on every list": f"""{{ answers {{ nodes {{ jsonLd {CAVEAT} }} edges {{ node {{ jsonLd {CAVEAT} }} }} }}
        topic(slug: "a") {{ answers {{ nodes {{ jsonLd {CAVEAT} }} }} }}
        sources {{ nodes {{ citedBy {{ edges {{ node {{ jsonLd {CAVEAT} }} }} }} }} }}
        changes {{ nodes {{ answer {{ jsonLd {CAVEAT} }} }} }} }}""",
    "in a subscription": "subscription { contentChanged { answer { body { html } disclaimers { text } } } }",
    "in every operation": """query A { answer(slug: "a") { ...F } }
        subscription B { contentChanged { answer { ...F } } }
        fragment F on Answer { jsonLd disclaimers { text } }""",
}

AROUND = {
    "the answer covers its sections": '{ answer(slug: "a") { disclaimers { text } sections { blocks { html } } } }',
    "the answer covers one section": (
        '{ answer(slug: "a") { section(anchor: "b") { body { html } } disclaimers { text } } }'
    ),
    "the answer covers the section of a citation": (
        '{ answer(slug: "a") { disclaimers { text } citations { section { blocks { id } } } } }'
    ),
    "the answer covers what is deep in its content": """{ answer(slug: "a") { disclaimers { text } sections { blocks {
        ... on StepsBlock { steps { blocks { ... on ListBlock { items { content { spans { citation { section {
        blocks { html } } } } } } } } } } } } } }""",
    "the answer found through its section": (
        '{ node(id: "a") { ... on Section { answer { disclaimers { text } sections { blocks { id } } } } } }'
    ),
    "the edge covers its snippet": (
        '{ search(query: "a") { edges { disclaimers { text } snippet { content { spans { text marks } } } } } }'
    ),
    "the edge covers the snippet's section": (
        '{ search(query: "a") { edges { disclaimers { text } snippet { section { blocks { id } } } } } }'
    ),
    "edge and node each have theirs": f"""{{ search(query: "a") {{ edges {{ {CAVEAT} snippet {{ content {{ text }} }}
        node {{ summary {{ text }} {CAVEAT} }} }} nodes {{ jsonLd {CAVEAT} }} }} }}""",
    "every nested answer has its own": f"""{{ answer(slug: "a") {{ jsonLd {CAVEAT}
        relatedAnswers {{ jsonLd {CAVEAT} }} translations {{ jsonLd {CAVEAT} }}
        followUpQuestions {{ answer {{ jsonLd {CAVEAT} }} }} retraction {{ replacement {{ jsonLd {CAVEAT} }} }}
        sources {{ citedBy {{ nodes {{ jsonLd {CAVEAT} }} }} }} sections {{ answer {{ jsonLd {CAVEAT} }} }} }} }}""",
}

CONDITIONS = {
    "on the answer": X + ' { answer(slug: "a") @include(if: $x) { jsonLd disclaimers { text } } }',
    "on a fragment around the answer": X
    + ' { ... @skip(if: $x) { answer(slug: "a") { jsonLd disclaimers { text } } } }',
    "on the content": X + ' { answer(slug: "a") { jsonLd @include(if: $x) disclaimers { text } } }',
    "on a fragment around the content": X
    + ' { answer(slug: "a") { ... @skip(if: $x) { jsonLd } disclaimers { text } } }',
    "on what stands between content and answer": (
        X + ' { answer(slug: "a") { sections @include(if: $x) { blocks { id } } disclaimers { text } } }'
    ),
    "on other disclaimers": X
    + ' { answer(slug: "a") { jsonLd d: disclaimers @skip(if: $x) { id } disclaimers { text } } }',
    "on disclaimers that are there anyway": (
        X + ' { answer(slug: "a") { jsonLd disclaimers @skip(if: $x) { text } disclaimers { text } } }'
    ),
    "on one of two spreads of a fragment": (
        X + ' { answer(slug: "a") { jsonLd ...F @include(if: $x) ...F } } fragment F on Answer { disclaimers { text } }'
    ),
    "the same on both field nodes of the answer": X
    + """ { answer(slug: "a") @include(if: $x) { jsonLd }
        answer(slug: "a") @include(if: $x) { disclaimers { text } } }""",
    "the same, on a field and on a fragment": X
    + """ { answer(slug: "a") @include(if: $x) { jsonLd }
        ... @include(if: $x) { answer(slug: "a") { disclaimers { text } } } }""",
    "more on the content": XY
    + """ { ... @include(if: $y) { answer(slug: "a") @skip(if: $x) { jsonLd } }
        answer(slug: "a") @skip(if: $x) { disclaimers { text } } }""",
    "on the answer's field node with content, not on the one with disclaimers": (
        X + ' { answer(slug: "a") @include(if: $x) { jsonLd } answer(slug: "a") { disclaimers { text } } }'
    ),
    "on each field node of a nested answer": X
    + """ { answer(slug: "a") @include(if: $x) { relatedAnswers { jsonLd } }
        answer(slug: "a") { relatedAnswers { disclaimers { text } } } }""",
    "on an answer's field node that another one joins": X
    + """ { answer(slug: "a") { title }
        answer(slug: "a") @include(if: $x) { disclaimers { text } sections { blocks { id } } } }""",
    "on a fragment that is there anyway under the same": X
    + """ { answer(slug: "a") { ... @include(if: $x) { ...F } } answer(slug: "a") @include(if: $x) { jsonLd ...F } }
        fragment F on Answer { disclaimers { text } }""",
    "two on the same field": XY
    + ' { answer(slug: "a") @include(if: $x) @skip(if: $y) { jsonLd disclaimers { text } } }',
    "deferred with its disclaimers": '{ ... @defer { answer(slug: "a") { jsonLd disclaimers { text } } } }',
    "deferred content": '{ answer(slug: "a") { ... @defer { body { html } } disclaimers { text } } }',
    "streamed answers": "{ answers { nodes @stream { jsonLd disclaimers { text } } } }",
    "streamed sections": '{ answer(slug: "a") { disclaimers { text } sections @stream { blocks { id } } } }',
}

ACCEPTED = NO_CONTENT | SAME_OBJECT | AROUND | {f"condition {name}": text for name, text in CONDITIONS.items()}
