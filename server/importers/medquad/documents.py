"""The XML of one file: its focus with synonyms and codes, its page, and its pairs of question and answer.

Document types, and with them entities, are refused: a file of this form has none, and their expansion knows no bounds.
"""

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from server.content.checks.drafts import check_name
from server.content.draft import Code
from server.content.vocabulary import CodeSystem
from server.errors.content import RefusedError, UnreadableError

LARGEST = 10_000_000
"""In bytes."""
MOST_PAIRS = 500
"""In one file: each answer lists the other questions."""

_ALIASES = {"doc": "document", "diseasefile": "document", "doctitle-focus": "focus", "pair": "qapair"}
"""A few files have names of their own for the same elements."""
_INLINE = frozenset(
    {"a", "abbr", "b", "code", "em", "font", "i", "q", "s", "small", "span", "strong", "sub", "sup", "tt", "u"}
)
"""Elements in a text that end no line of it."""
_TEXTS = frozenset({"focus", "synonym", "cui", "question", "answer"})
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.\-]{0,63}")
_SEPARATORS = re.compile(r"[\s,;|]+")


@dataclass(kw_only=True, slots=True)
class Pair:
    """A question with its answer as the file has them; `pid` may be empty, `line` is where the pair begins."""

    pid: str
    line: int
    question: str = ""
    answer: str = ""


@dataclass(kw_only=True, slots=True)
class Document:
    """What one file holds."""

    institute: str = ""
    url: str = ""
    focus: str = ""
    synonyms: list[str] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """What was left out of it, each with its line, and what to do."""


def read_document(data: bytes) -> Document:
    """The document in a file; raises UnreadableError with the line for what is no XML of this form.

    Names and codes that no topic can have are left out by themselves.
    """
    if len(data) > LARGEST:
        raise UnreadableError(f"the file has {len(data):,} bytes: keep it to {LARGEST:,}.")
    reader = _Reader()
    try:
        reader.parser.Parse(data, True)  # noqa: FBT003 - a positional argument of expat: this is all of the text
    except expat.ExpatError as error:
        raise UnreadableError(f"the XML is broken: {expat.ErrorString(error.code)}.", error.lineno) from None
    except (LookupError, ValueError) as error:
        raise UnreadableError(
            f"the encoding that the XML names can't be read ({error}): save it as UTF-8.", 1
        ) from None
    return reader.document


class _Reader:
    """What the parser has met so far."""

    def __init__(self) -> None:
        self.document = Document()
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.parser.StartElementHandler = self._start
        self.parser.CharacterDataHandler = self._hear
        self.parser.EndElementHandler = self._end
        self._open: str | None = None
        """The element whose text is heard."""
        self._inner = 0
        """How many elements are open in it."""
        self._heard: list[str] = []
        self._has_root = False

    def _refuse_doctype(self, *_: object) -> None:
        raise self._unreadable("the XML declares a document type: take the `<!DOCTYPE …>` out.")

    def _unreadable(self, reason: str) -> UnreadableError:
        return UnreadableError(reason, self.parser.CurrentLineNumber)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._open is not None:
            self._inner += 1
            self._break(name)
            return
        kind = _ALIASES.get(name.lower(), name.lower())
        if not self._has_root:
            self._begin(kind, name, attributes=attributes)
        elif kind == "qapair":
            self._add_pair(attributes.get("pid", "").strip())
        elif kind in _TEXTS:
            self._open, self._heard = name, []

    def _begin(self, kind: str, name: str, *, attributes: dict[str, str]) -> None:
        if kind != "document":
            raise self._unreadable(f"the XML is not of MedQuAD's form: it has `<{name[:40]}>` for `<Document>`.")
        self._has_root = True
        self.document.institute = self._name(
            attributes.get("source") or attributes.get("corpus") or "", "the institute"
        )
        self.document.url = attributes.get("url", "").strip()

    def _add_pair(self, pid: str) -> None:
        if len(self.document.pairs) == MOST_PAIRS:
            raise self._unreadable(f"the file has more than {MOST_PAIRS} pairs: make it several files.")
        self.document.pairs.append(Pair(pid=pid, line=self.parser.CurrentLineNumber))

    def _hear(self, text: str) -> None:
        if self._open is not None:
            self._heard.append(text)

    def _break(self, name: str) -> None:
        if name.lower() not in _INLINE:
            self._heard.append("\n")

    def _end(self, name: str) -> None:
        if self._open is None:
            return
        if self._inner:
            self._inner -= 1
            self._break(name)
            return
        text, self._open = "".join(self._heard), None
        self._take(_ALIASES.get(name.lower(), name.lower()), text)

    def _take(self, kind: str, text: str) -> None:
        match kind:
            case "answer":
                self._pair().answer += text
            case "question":
                self._pair().question += text
            case "focus":
                self.document.focus = self.document.focus or self._name(text, "the focus")
            case "synonym":
                self.document.synonyms += filter(None, [self._name(text, "a synonym")])
            case "cui":
                for code in filter(None, _SEPARATORS.split(text)):
                    self._take_code(code)

    def _pair(self) -> Pair:
        if not self.document.pairs:
            raise self._unreadable("a question or an answer stands in no pair.")
        return self.document.pairs[-1]

    def _name(self, text: str, where: str) -> str:
        """The name; empty where there is none, or none that a topic can have."""
        name = _line(text)
        try:
            check_name(name or None, where)
        except RefusedError as error:
            self._leave_out(error.message)
            return ""
        return name

    def _take_code(self, code: str) -> None:
        if _CODE.fullmatch(code):
            self.document.codes.append(Code(system=CodeSystem.UMLS, code=code))
        else:
            self._leave_out(f"`{code[:40]}` has a form that no code has: write letters, digits, dots, hyphens.")

    def _leave_out(self, reason: str) -> None:
        self.document.faults.append(self._unreadable(reason).message)


def _line(text: str) -> str:
    return " ".join(text.split())
