"""What readers may type for a title or a name of the corpus: without its function words, or with one letter wrong."""

import random
import re
import string

_CLOSED = """
    a an and are as at be been being but by can could did do does for from had has have how i if in into is it its
    may me my no not of on or our should so than that the their them then there these they this those to was we were
    what when where which who whom why will with would you your
"""
FUNCTION_WORDS = frozenset(_CLOSED.split())
"""The closed classes of English: articles, prepositions, pronouns, auxiliaries, conjunctions and question words."""
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def without_function_words(title):
    """The other words of a title in their order; all of them where there is no other."""
    words = _WORD.findall(title)
    return " ".join([word for word in words if word.lower() not in FUNCTION_WORDS] or words)


def misspelt(term, chance):
    """A term with one letter dropped, added, replaced or swapped with the next, anywhere in it."""
    while True:
        place, letter = chance.randrange(len(term)), chance.choice(string.ascii_lowercase)
        before, here, after = term[:place], term[place], term[place + 1 :]
        if here.isalpha():
            forms = [before + after, before + letter + here + after, before + letter + after]
            swapped = [before + after[0] + here + after[1:]] if after[:1].isalpha() else []
            changed = chance.choice([*forms, *swapped])
            if changed != term:
                return changed


def typed(text, chance):
    """A beginning of a text as somebody types it, a letter at least."""
    return text[: chance.randint(1, len(text))]


def sampled(values, most, *, seed):
    """At most so many of the values, the same ones each time."""
    found = sorted(values)
    random.Random(seed).shuffle(found)
    return found[:most]
