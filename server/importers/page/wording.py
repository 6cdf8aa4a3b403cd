"""What notices say, in the languages that pages come in, as patterns; `notices` tells by them.

Every repetition is bounded, so that no text makes a search long.
"""

import re


def _any(*forms: str) -> re.Pattern[str]:
    return re.compile("|".join(forms), re.IGNORECASE)


_WORDS = r"(?:\w{1,20}\s+)"
_THING = (
    rf"(?:this|the|our|these|all|any)\s+{_WORDS}{{0,3}}?(?:answers?|pages?|articles?|information|contents?|summary|"
    r"materials?|texts?|guides?|sites?|websites?|responses?|reply|replies|overview|leaflet|fact\s?sheet|document|resource)"
)
_MACHINE = (
    r"(?:(?:an?\s+|the\s+)?(?:[\w-]{1,20}\s+){0,3}?(?:A\.?I\b\.?|artificial\s+intelligence|(?:large\s+)?language\s+models?|"
    r"LLMs?|(?:chat\s?)?bots?|(?:virtual|digital)\s+assistants?|GPT[\w-]{0,10}|ChatGPT|machine\s+learning))"
)
_MAKING = (
    r"(?:(?:auto|machine|computer)[- ]?)?"
    r"(?:generated|written|created|produced|drafted|prepared|made|composed|authored)"
)

ITSELF = _any(
    rf"\b{_THING}\b",
    r"^(?:it|this|not|nothing|no\s+part|these|please|always|never|for)\b",
    r"^(?:AI|A\.I\.)\b",
    rf"^(?:(?:AI|machine|computer)[- ])?{_MAKING}\b",
    r"\b(?:est[ae]|cet(?:te)?|ce|dies\w{1,2}|quest[oa]|esse)\s+(?:resp|art|cont|text|p[áaà]g|r[ée]p|ant|beitr|inhal|ris)\w+",
    r"[本该此這这](?:回答|文|页|頁|内容|內容)",
    r"هذ[اه]",
)
"""A passage that speaks of the page that it stands on."""

BY_MACHINE = _any(
    rf"\b{_MAKING}\s+{_WORDS}{{0,2}}?(?:by|using|with|through|via)\s+{_MACHINE}",
    rf"\b(?:AI|A\.I\.|artificial\s+intelligence)[-\s]+{_MAKING}",
    rf"\b{_MACHINE}\s+{_WORDS}?(?:generated|wrote|created|produced|drafted|prepared|made)\s+(?:this|the|it)\b",
    r"\b(?:generad|escrit|cread|elaborad|redactad|gerad|criad|generat|scritt|creat|prodott)[oa]s?\s+"
    rf"{_WORDS}?(?:por|da|pela|pelo|mediante|con|com|dall['’])\s*(?:(?:una?|la|uma|a|l['’])\s*)?(?:IA\b|AI\b|intelig|intellig)",
    rf"\b(?:g[ée]n[ée]r|r[ée]dig|cr[ée]|produit|[ée]crit)[ée]?e?s?\s+{_WORDS}?(?:par|avec)\s+(?:une\s+|l['’])?(?:IA\b|AI\b|intellig)",
    r"\bvon\s+(?:einer\s+)?(?:KI|k[üu]nstlicher\s+Intelligenz)\b[^.]{0,60}(?:erstellt|erzeugt|generiert|geschrieben)",
    r"\bKI-(?:generiert|erzeugt|erstellt)",
    r"(?:人工智能|人工智慧|AI)\s?(?:技术|模型)?(?:生成|撰写|撰寫|编写|创作|創作|が?作成)",
    r"بواسطة الذكاء الاصطناعي",
)
"""That AI wrote it."""

WITH_MACHINE = _any(
    r"\b(?:AI|A\.I\.|artificial\s+intelligence)[-\s]+(?:assist|support|aid)(?!ants?\b)\w*",
    rf"\bwith\s+(?:the\s+)?(?:help|assistance|aid|support|use)\s+(?:of|from)\s+{_MACHINE}",
    rf"\bwith\s+{_MACHINE}\s+(?:help|assistance|support)\b",
    rf"\bassisted\s+by\s+{_MACHINE}",
    rf"\b{_MAKING}\s+by\s+(?!{_MACHINE}){_WORDS}{{1,4}}?(?:using|with)\s+{_MACHINE}",
    rf"\b{_MACHINE}\s+(?:helped|assisted)\b",
    r"\bcon\s+(?:la\s+)?(?:ayuda|asistencia)\s+de\s+(?:la\s+)?(?:IA\b|inteligencia)",
    r"\bmit\s+(?:Hilfe|Unterst[üu]tzung)\s+(?:von\s+)?KI\b|\bKI-gest[üu]tzt",
    r"\bavec\s+l['’]aide\s+de\s+l['’](?:IA\b|intellig)",
)
"""That AI helped to write it."""

NOT_BY_MACHINE = _any(
    rf"\b(?:not|never)\s+(?:been\s+)?{_MAKING}\s+(?:by|using|with)\s+{_MACHINE}",
    rf"\bno\s+part\b[^.]{{0,40}}\b{_MAKING}\s+(?:by|using|with)\s+{_MACHINE}",
)
"""That AI did not write it."""

EDUCATIONAL = _any(
    r"\beducati(?:onal|on)\b",
    r"\beducativ[oa]s?\b",
    r"\b[ée]ducati(?:ves?|fs?|on)\b",
    r"\bBildungs\w*",
    r"\bdidattic\w*",
    r"教育|科普",
    r"تعليمي",
)
"""That it is to educate."""

PURPOSE = _any(
    r"\b(?:information|informational|informative|educational|education|reference|illustrative|awareness)"
    r"(?:\s*(?:,|and|or|&|/)\s*\w{1,20})?\s+purposes?\b",
    r"\bpurposes?\s+of\s+(?:general\s+)?(?:information|education)",
    r"\bfor\s+(?:general\s+)?information\s+only\b|^(?:this\s+is\s+)?(?:general\s+)?information\s+only\b",
    rf"\b(?:fines|fins)\s+{_WORDS}{{0,2}}?(?:informativos|educativos|[ée]ducatives|d['’]information)",
    rf"\btitre\s+{_WORDS}?(?:informatif|indicatif)",
    r"\bscopo\s+(?:informativo|educativo)|\bInformationszweck\w*",
    r"仅供|僅供|参考までに|لأغراض",
)
"""What it is for."""

DENIAL = _any(
    r"\b(?:not|isn['’]t|never|nor|no)\b[^.]{0,60}\b(?:medical|professional|clinical|legal|personal|treatment|health)\s+"
    rf"{_WORDS}{{0,2}}?(?:advice|opinion|consultation|recommendation)",
    r"\b(?:not|isn['’]t|never|no)\b[^.]{0,60}\b(?:substitutes?|replace(?:ments?)?)\b[^.]{0,80}"
    r"\b(?:advice|medical|professional|doctor|care|visits?|consult\w*|diagnosis)\b",
    r"\b(?:not|never)\s+(?:be\s+)?(?:used\s+to\s+diagnose|(?:intended|meant|designed)\s+to\s+(?:replace|diagnose|treat|be))",
    r"\bno\s+(?:es|constituye|sustituye|reemplaza|debe)\b[^.]{0,60}\b(?:m[ée]dic[oa]|profesional|consejo)",
    r"\bne\s+(?:remplace|constitue|saurait)\b|\bn[ãa]o\s+(?:substitui|constitui)|\bnon\s+(?:sostituisce|costituisce)",
    rf"\bersetz(?:t|en)\s+{_WORDS}{{0,3}}?(?:kein|nicht)",
    r"不能代替|不能替代|不构成|不構成|不得替代|代わるものではありません|لا (?:يغني|تغني|يعد|تعد|يشكل)",
)
"""What it is not."""

ABOUT_ITSELF = _any(
    rf"^{_THING}\b[^.]{{0,80}}\b(?:is|are|was|were|has|have|does|do|should|must|cannot|may)\b(?:\s+\w{{1,20}}){{0,3}}?"
    r"\s+(?:general|not|never|reviewed|provided|intended|meant|designed|based\s+on|checked|for\s+(?:general|information))",
)
"""A passage that says of itself how it came about or is meant."""

_PROFESSIONAL = (
    r"(?:doctor|physician|provider|professional|care\s?team|healthcare\s+team|medical\s+team|clinician|pharmacist|"
    r"specialist|p(?:a)?ediatrician|surgeon|dentist|midwife|dietitian|nurse|"
    r"\w{2,15}(?:ologist|iatrist)|(?:\w{1,20}\s+)?team|advice)s?\b"
)
_TURN_TO = r"(?:consult|seek|follow|ask|talk\s+(?:to|with)|speak\s+(?:to|with)|discuss|check\s+with|contact)"

_IN_GENERAL = (
    rf"\s+(?:before\s+(?:making|you\s+make)\s+{_WORDS}{{0,4}}?(?:decisions?|changes?)|"
    r"about\s+(?:what|which\s+\w{1,20})\s+(?:is|are)\s+(?:right|best|safe)\s+for\s+you|"
    rf"for\s+{_WORDS}{{0,4}}?(?:advice|guidance|recommendations))(?:\s+(?:about|on|for|to|regarding)\s+{_WORDS}{{0,6}}?\w{{1,20}})?"
)
"""What advice to turn to a professional is for, where it is for nothing in particular."""
ERRING = _any(
    rf"^(?:[\w ]{{1,30}}:\s*)?{_MACHINE}(?:\s+tools?)?\s+(?:can|may|might|could)\s+(?:sometimes\s+)?"
    r"(?:make\s+(?:mistakes|errors)|be\s+(?:wrong|mistaken|inaccurate))\b",
)
"""That a machine errs, as a page says of its own making at its start."""
_DISCLAIMER = (
    r"(?:disclaimers?|haftungsausschluss|(?:descargo|renuncia)\s+de\s+responsabilidad|免责声明|免責声明|免責事項)"
)
LABEL = re.compile(rf"{_WORDS}{{0,3}}{_DISCLAIMER}\s*[:：—–-]\s*\S", re.IGNORECASE)
"""What opens a notice that says so itself: `Disclaimer: see your doctor.`"""

PARTING = _any(
    rf"^(?:please|always|please\s+always)\s+{_TURN_TO}\b[^.]{{0,80}}\b{_PROFESSIONAL}",
    rf"^{_TURN_TO}\s+(?:with\s+)?{_WORDS}{{0,4}}?{_PROFESSIONAL}{_IN_GENERAL}[.!]?$",
    r"^请(?:务必|始终)?咨询|^استشر|^(?:consulte\s+siempre|consultez\s+toujours|fragen\s+sie\s+immer)\b",
)
"""Advice to turn to a professional, as a page ends."""

GOES_ON = _any(
    r"\bemergency\b",
    r"\b(?:call|dial)\s+(?:911|112|999|000|your)\b",
    rf"\b(?:{_TURN_TO}|see)\b[^.]{{0,60}}\b(?:{_PROFESSIONAL}|care\b)",
    r"\b(?:do\s+not|don['’]t|never)\b[^.]{0,80}\b(?:because|on\s+the\s+basis|based|rely(?:ing)?)\s+(?:of|on)\s+"
    rf"(?:it\b|{_THING}|anything)",
    r"\breviewed\s+by\b|\bdisregard\b|\bendorse\b|\bliab(?:le|ility)\b|\breliance\b|\baccura\w+",
)
"""What a notice may say in its further paragraphs."""

_PEOPLE = r"(?:an?|the|our|its|independent|licensed|qualified|medical|board-certified|human|practi[cs]ing)"
REVIEWED = _any(
    rf"\b(?:reviewed|checked|verified|approved|edited|vetted|validated|fact-checked)\s+{_WORDS}{{0,3}}?by\s+"
    rf"(?!AI\b|an?\s+AI\b|artificial)(?:{_PEOPLE}\s+){{0,4}}(?:\w+|Dr\.)",
    r"\b(?:medically|clinically|human|physician|doctor|expert|clinician|nurse|peer)[-\s]+reviewed\b",
)
"""That people reviewed it."""

UNREVIEWED = _any(
    r"\b(?:not|never|neither|nor|without|isn['’]t|hasn['’]t|wasn['’]t|no)\b[^.]{0,50}\b(?:review|check|verif|approv|edit|vett|validat)",
    r"\bunreviewed\b",
    rf"\b(?:should|must|needs?\s+to|have\s+to|can|may|might|will|to)\s+{_WORDS}?be\s+{_WORDS}?(?:review|check|verif|approv)",
)
"""That nobody did, or still has to."""

EDITED = _any(
    rf"\b(?:edited|rewritten|revised)\s+{_WORDS}{{0,3}}?by\s+(?!{_MACHINE})\w",
    rf"\b{_PEOPLE}\s+(?:\w{{1,20}}\s+){{0,2}}?{_PROFESSIONAL}\s+(?:then\s+)?(?:edited|rewrote|revised)\s+(?:it|this|the)\b",
)
"""That people made more of it than a machine had."""

_HEADINGS = (
    rf"(?:an?\s+)?{_WORDS}{{0,2}}?(?:disclaimers?|notice|caution|advisory)(?:\s+(?:to|for|about)\b.{{0,60}})?",
    r"please\s+(?:note|read|remember)\b.{0,60}",
    (
        r"(?:for\s+|an?\s+)?(?:general\s+)?(?:informational|information|educational|reference)\b(?:\s+(?:and|or|&)\s+\w{1,20})?\s*"
        r"(?:purposes?|use)?\s*(?:only)?"
    ),
    rf"(?:this\s+is\s+)?not\s+(?:a\s+substitute\s+for\s+)?{_WORDS}?medical\s+advice",
    r"about\s+this\s+(?:answer|page|article|information|content|guide)",
    r"important(?:\s+(?:note|information|notice|reminder))?",
    r"(?:an?\s+)?ai[- ](?:generated|assisted|written)\b.{0,60}",
    r"(?:written|generated|created)\s+(?:by|with)\s+ai\b.{0,60}",
    r"before\s+you\s+(?:read|continue|use\s+this)\b.{0,60}|read\s+this\s+first|keep\s+in\s+mind|a\s+word\s+of\s+caution",
    r"(?:a\s+)?(?:final\s+|quick\s+|transparency\s+)?note(?:\s+(?:on|about|to)\b.{0,60})?|reminder|remember",
    r"how\s+this\s+(?:answer|page|article)\s+was\s+(?:made|written|created)",
    (
        r"(?:aviso|nota|s[óo]lo\s+con\s+fines|solo\s+para\s+fines|avertissement|[àa]\s+titre|hinweis|avvertenza|"
        r"apenas\s+para\s+fins|advert[êe]ncia)\b.{0,60}|haftungsausschluss"
    ),
    r"(?:医疗|醫療|重要)?(?:免责声明|免責聲明|声明|提示|免責事項|ご注意|注意事項)",
    r"(?:إخلاء|تنبيه).{0,60}",
)
HEADING = re.compile(rf"(?:{'|'.join(_HEADINGS)})[\s.:!]*", re.IGNORECASE)
"""What heads a notice; to be matched in full."""
