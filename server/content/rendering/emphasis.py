"""Where `*` and `**` open and close emphasis (CommonMark 0.31, 6.2), told so that older readings of it agree.

Earlier versions count no symbols (`€`, `+`) as punctuation: inside the delimiters a symbol is taken for punctuation,
outside it is not, so that both readings find the same.
"""

import unicodedata

_SYMBOLS_OF_ASCII = "$+<=>^`|~"


def can_open(before: str, first: str) -> bool:
    """Whether delimiters between these two characters open; `before` is empty at the start of a line."""
    return _leans(before, first)


def can_close(last: str, after: str) -> bool:
    """Whether delimiters between these two characters close; `after` is empty at the end of a line."""
    return _leans(after, last)


def _leans(outer: str, inner: str) -> bool:
    if outer == "*" or inner.isspace():
        return False
    return not _may_be_punctuation(inner) or outer == "" or _is_blank(outer) or _is_punctuation(outer)


def _may_be_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] == "P" or character in _SYMBOLS_OF_ASCII


def _is_blank(character: str) -> bool:
    return character == "\t" or unicodedata.category(character) == "Zs"
