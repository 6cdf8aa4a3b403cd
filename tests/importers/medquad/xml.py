"""Files of MedQuAD's form, as small as a test needs them."""

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

Pair = tuple[str, str] | tuple[str, str, str]


def pair(pid: int | str, question: str, answer: str = "") -> str:
    return f"""    <QAPair pid="{pid}">
        <Question qid="0000001-{pid}" qtype="information">{escape(question)}</Question>
        <Answer>{escape(answer)}</Answer>
    </QAPair>
"""


def document(
    *pairs: str,
    focus: str = "Gout",
    synonyms: Iterable[str] = (),
    cuis: Iterable[str] = (),
    source: str = "NIDDK",
    url: str = "https://www.niddk.nih.gov/gout",
) -> bytes:
    """A file with these pairs, as `pair` writes them."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document id="0000001" source={quoteattr(source)} url={quoteattr(url)}>
<Focus>{escape(focus)}</Focus>
<FocusAnnotations>
    <Category>Disease</Category>
    <UMLS>
        <CUIs>{"".join(f"<CUI>{cui}</CUI>" for cui in cuis)}</CUIs>
        <SemanticTypes><SemanticType>T047</SemanticType></SemanticTypes>
        <SemanticGroup>Disorders</SemanticGroup>
    </UMLS>
    <Synonyms>{"".join(f"<Synonym>{escape(name)}</Synonym>" for name in synonyms)}</Synonyms>
</FocusAnnotations>
<QAPairs>
{"".join(pairs)}</QAPairs>
</Document>
""".encode()
