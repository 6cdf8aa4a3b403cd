"""What search knows of languages: words that only lead up to a question, and words that ask for the same.

Both are data for the ranking alone: none of them keeps an answer from being found. A language that is not named here
is searched without them.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from server.content.words import folded
from server.search.analysis import term

# no one looks for these alone
_FUNCTION = {
    "en": """a about after again all also am an and any are as at be because been before being but by can cannot could
        couldn did didn do does doesn doing don done else ever every for from had hadn has hasn have haven having he her
        here hers him his how i if in into is isn it its just let ll m may maybe me might mine more most much must my no
        nor not now of off on only or other our out over own re s shall she should since so some such t than that the
        their them then there these they this those through to too u under up upon us ve very was wasn we were weren
        what whats when where whether which while who whom whose why will with without won would wouldn yes yet you
        your yours""",
    "es": """a al algo algun alguna algunas algunos ante antes asi aun aunque bajo cada como con contra cual cuales
        cuando cuanta cuantas cuanto cuantos de del desde donde durante e el ella ellas ellos en entre era eran es esa
        esas ese eso esos esta estaba estan estas este esto estos estoy fue fueron ha haber han hasta hay he la las le
        les lo los mas me mi mis mismo mucho muchos muy nada ni no nos nosotros nuestro o os otra otro otros para pero
        poco por porque pues que quien quienes se sea segun ser si sido sin sobre son soy su sus tambien tan tanto te
        toda todas todo todos tras tu tus un una unas uno unos usted ya y yo""",
}

# readers wrap their question in these, but may look for them too
_COURTESY = {
    "en": """advice advise ago anybody anyone anything appreciate ask asked asking concerned currently day days dear
        diagnosed dr doctor doctors explain find first get gets getting give go going got happen hello help hi hope
        hoping info information interested kind know later like look looking lot lots many mean means month months need
        needs normal ok old one perhaps please possible question questions r really recent recently regards said say sir
        madam somebody someone something soon still suggest suggestion suggestions sure tell thank thanks thing things
        think time told understand use want wants way week weeks well wish wondering year years""",
    "es": """acerca ademas ano anos ayuda bien buscar cosa cosas debe debo decir dia dias dime dos explica explicar
        favor gracias hace hacer hacia hola informacion lleva meses necesita necesito persona personas pregunta
        preguntas pueda puede pueden puedo quiero saber siempre significa sirve tener tengo tiene tienen""",
}

# after these a letter alone is a name: hepatitis A, type I
_LETTERED = {
    "en": "class factor grade group hepatitis influenza phase stage strep type types vitamin",
    "es": "clase etapa estadio factor fase grado grupo hepatitis influenza tipo vitamina",
}

# words of which each asks for what the others ask for; the first is the one that answers use
_ALIKE = {
    "en": """treatment treat therapy cure cured heal remedy manage management medication medicine|
        symptom sign signs|cause causes reason reasons|inherited inherit hereditary genetic inheritance familial|
        outlook prognosis survival expectancy survive|diagnose diagnosis test tests testing detect|
        prevent prevention avoid preventing|affected frequency common prevalence rare|complications complication|
        risk risks|research trial trials study|kidney renal|heart cardiac|liver hepatic|lung pulmonary|cancer carcinoma
        malignant|stomach gastric|high elevated|seizure seizures epilepsy|baby infant newborn|child children pediatric|
        skin dermatologic|diet nutrition food|surgery operation surgical|contagious infectious|bone skeletal|
        brain cerebral|eye ocular|genes gene genetic mutation|shot vaccine vaccination immunization|
        pee urine urinary|blood hematologic""",
    "es": """tratamiento tratar terapia cura curar remedio medicamento medicina|sintoma sintomas senal senales|
        causa causas motivo razon|heredado hereditario hereda genetico|pronostico supervivencia|
        diagnostico diagnosticar prueba pruebas examen|prevenir prevencion evitar|riesgo riesgos""",
}

# what British and American spelling, and ears, tell apart or do not
_SOUNDS = {
    "en": (
        (r"[ao]e", "e"), (r"our(?=s?$)", "or"), (r"(?<=[bt])re(?=s?$)", "er"), (r"(?<=[iy])z(?=[aei])", "s"),
        (r"ph", "f"), (r"(.)\1+", r"\1"), (r"rh", "r"),
    ),
}  # fmt: skip


@lru_cache(maxsize=64)
def function_words(spoken: str) -> frozenset[str]:
    """The words of a language that say nothing alone, folded."""
    return _folded(_FUNCTION, spoken)


@lru_cache(maxsize=64)
def common_words(spoken: str) -> frozenset[str]:
    """The words of a language that only lead up to a question, folded; function words are among them."""
    return function_words(spoken) | _folded(_COURTESY, spoken)


def is_telling(words: Sequence[str], place: int, *, spoken: str) -> bool:
    """Whether the word at a place says what is asked for."""
    word = folded(words[place], spoken)
    if word not in common_words(spoken):
        return True
    return place > 0 and len(word) == 1 and folded(words[place - 1], spoken) in _folded(_LETTERED, spoken)


@lru_cache(maxsize=64)
def _alike_of(spoken: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for group in _ALIKE.get(spoken, "").split("|"):
        members = list(dict.fromkeys([term(word, spoken) for word in group.split()]))
        for member in members:
            others = [*found.get(member, ()), *[other for other in members if other != member]]
            found[member] = tuple(dict.fromkeys(others))
    return found


def alike(stem: str, spoken: str) -> tuple[str, ...]:
    """The terms that ask for what a term asks for."""
    return _alike_of(spoken).get(stem, ())


def sound(word: str, spoken: str) -> str:
    """What a folded word shares with those that are the same word spelt otherwise."""
    for letters, other in _SOUNDS.get(spoken, ()):
        word = re.sub(letters, other, word)
    return word


def _folded(lists: Mapping[str, str], spoken: str) -> frozenset[str]:
    return _fold_list(lists.get(spoken, ""), spoken)


@lru_cache(maxsize=256)
def _fold_list(words: str, spoken: str) -> frozenset[str]:
    return frozenset([folded(word, spoken) for word in words.split()])
