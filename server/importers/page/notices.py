"""The notices that a page bears, and what they say of how it was made."""

import re

from server.content.draft import DisclaimerKind, DisclaimerPlacement, Notice, ProductionMethod

_LONGEST_HEADING = 100
_SHORT = 60
_SEEN = 3000
"""A notice shows itself in its first characters."""

_THING = (
    r"(?:this|the|our|these|all|any)\s+(?:\w{1,20}\s+){0,3}?(?:answers?|pages?|articles?|information|contents?|summary|materials?|"
    r"texts?|guides?|sites?|websites?|responses?|overview|document|leaflet|fact\s?sheet|resource|document)"
)
_MACHINE = (
    r"(?:(?:an?\s+|the\s+)?(?:[\w-]{1,20}\s+){0,3}?(?:A\.?I\b\.?|artificial\s+intelligence|(?:large\s+)?language\s+models?|"
    r"LLMs?|chat\s?bots?|GPT[\w-]*|ChatGPT|machine\s+learning))"
)
_MAKING = (
    r"(?:(?:auto|machine|computer)[- ]?)?(?:generated|written|created|produced|drafted|prepared|made|composed|authored)"
)
_AI = re.compile(
    rf"\b{_MAKING}\s+(?:\w{{1,20}}\s+){{0,2}}?(?:by|using|with|through|via)\s+{_MACHINE}|"
    rf"\b(?:AI|A\.I\.|artificial\s+intelligence)[-\s]+{_MAKING}|"
    rf"\b{_MACHINE}\s+(?:\w{{1,20}}\s+)?(?:generated|wrote|created|produced|drafted|prepared|made)\s+(?:this|the|it)\b|"
    r"\b(?:generad[oa]s?|escrit[oa]s?|cread[oa]s?|elaborad[oa]s?|redactad[oa]s?|gerad[oa]s?|criad[oa]s?|generat[oa]|"
    r"scritt[oa]|creat[oa]|prodott[oa]|g[ée]n[ée]r[ée]e?s?|r[ée]dig[ée]e?s?|[ée]crite?s?|cr[ée][ée]e?s?|produite?s?)\s+"
    r"(?:\w{1,20}\s+)?(?:por|par|da|pela|pelo|mediante|con|avec|com|dall['’])\s*"
    r"(?:(?:una?|la|uma|a|l['’]|une)\s*)?(?:IA\b|AI\b|inteligencia|intelig[êe]ncia|intelligence|intelligenza)|"
    r"(?:人工智能|人工智慧|AI|ＡＩ)\s?(?:技术|模型)?(?:生成|撰写|撰寫|编写|創作|创作|が?作成)|بواسطة الذكاء الاصطناعي|"
    r"\bvon\s+(?:einer\s+)?(?:KI|k[üu]nstlicher\s+Intelligenz)\b[^.]{0,60}(?:erstellt|erzeugt|generiert|geschrieben)|"
    r"\bKI-(?:generiert|erzeugt|erstellt)",
    re.IGNORECASE,
)
_ASSISTED = re.compile(
    r"\b(?:AI|A\.I\.|artificial\s+intelligence)[-\s]+(?:assist|support|aid)\w*|"
    rf"\bwith\s+(?:the\s+)?(?:help|assistance|aid|support|use)\s+(?:of|from)\s+{_MACHINE}|"
    rf"\bwith\s+{_MACHINE}\s+(?:help|assistance|support)\b|\bassisted\s+by\s+{_MACHINE}|"
    rf"\b{_MACHINE}\s+(?:helped|assisted)\b",
    re.IGNORECASE,
)
_ITSELF = re.compile(
    rf"\b{_THING}\b|"
    r"\b(?:est[ae]|cet(?:te)?|ce|dies\w{1,2}|quest[oa]|esse)\s+(?:resp|art|cont|text|p[áaà]g|r[ée]p|ant|beitr|inhal|ris|testo)\w+|"
    r"[本该此這这](?:回答|文|页|頁|内容|內容)|هذ[اه]|"
    r"^(?:AI|A\.I\.)\b|^(?:(?:AI|machine|computer)[- ])?(?:generated|written|created|produced|drafted)\b",
    re.IGNORECASE,
)
_NOT_BY_AI = re.compile(
    rf"\b(?:not|never)\s+(?:been\s+)?{_MAKING}\s+(?:by|using|with)\s+{_MACHINE}|"
    rf"\bno\s+part\b[^.]{{0,40}}\b{_MAKING}\s+(?:by|using|with)\s+{_MACHINE}",
    re.IGNORECASE,
)
_EDUCATIONAL = re.compile(
    r"教育|科普|تعليمي|\beducati(?:onal|on)\b|\beducativ[oa]s?\b|\b[ée]ducati(?:ves?|fs?|on)\b|\bpädagogisch\w*|\bBildungs\w*|\bdidattic\w*",
    re.IGNORECASE,
)
_STRONG = re.compile(
    r"\b(?:information|informational|informative|educational|education|reference|illustrative|awareness)"
    r"(?:\s*(?:,|and|or|&|/)\s*\w{1,20})?\s+purposes?\b|"
    r"\bpurposes?\s+of\s+(?:general\s+)?(?:information|education)|\bfor\s+(?:general\s+)?information\s+only\b|"
    r"\b(?:not|isn['’]t|never|nor|no)\b[^.]{0,60}\b(?:medical|professional|clinical|legal|personal|treatment|health)\s+"
    r"(?:\w{1,20}\s+){0,2}?(?:advice|opinion|consultation|recommendation)|"
    r"\b(?:not|isn['’]t|never|no)\b[^.]{0,60}\b(?:substitutes?|replace(?:ments?)?)\b[^.]{0,80}\b(?:advice|medical|professional|doctor|"
    r"care|visits?|consult\w*|diagnosis)\b|\b(?:not|never)\s+(?:be\s+)?(?:used\s+to\s+diagnose|(?:intended|meant|designed)\s+to\s+"
    r"(?:replace|diagnose|treat|be))|"
    r"\bfines\s+(?:\w{1,20}\s+){0,2}?(?:informativos|educativos)|\bno\s+(?:es|constituye|sustituye|reemplaza|debe)\b[^.]{0,60}"
    r"\b(?:m[ée]dic[oa]|profesional|consejo)|\btitre\s+(?:\w{1,20}\s+)?(?:informatif|indicatif)|\bne\s+(?:remplace|constitue|"
    r"saurait)\b|\bfins\s+(?:\w{1,20}\s+){0,2}?(?:informativos|educativos|[ée]ducatives|d['’]information)|"
    r"\bn[ãa]o\s+(?:substitui|constitui)|\bnon\s+(?:sostituisce|costituisce)|\bscopo\s+(?:informativo|educativo)|"
    r"仅供|僅供|参考までに|不能代替|不能替代|不构成|不構成|不得替代|代わるものではありません|"
    r"لأغراض|لا (?:يغني|تغني|يعد|تعد|يشكل)|"
    r"\bersetzt\s+(?:\w{1,20}\s+){0,3}?(?:kein|nicht)|\bInformationszweck\w*|\bersetzen\s+(?:\w{1,20}\s+){0,3}?(?:kein|nicht)",
    re.IGNORECASE,
)
_ABOUT_ITSELF = re.compile(
    rf"^{_THING}\b[^.]{{0,80}}\b(?:is|are|was|were|has|have|does|do|should|must|cannot|may)\b(?:\s+\w{{1,20}}){{0,3}}?"
    r"\s+(?:general|not|never|reviewed|provided|intended|meant|designed|based\s+on|checked|for\s+(?:general|information))",
    re.IGNORECASE,
)
_ALWAYS = re.compile(
    r"^请(?:务必|始终)?咨询|^استشر|^(?:please\s+)?(?:always\s+)?(?:consult|seek|follow|ask|talk\s+(?:to|with)|speak\s+(?:to|with)|discuss|check\s+with|"
    r"contact)\b[^.]{0,80}\b(?:doctor|physician|provider|professional|care\s?team|oncologist|clinician|pharmacist|"
    r"specialist|advice)s?\b",
    re.IGNORECASE,
)
_WEAK = re.compile(
    r"\bemergency\b|\b(?:call|dial)\s+(?:911|112|999|000|your)\b|\b(?:consult|talk\s+(?:to|with)|speak\s+(?:to|with)|ask|"
    r"contact|see|seek)\b[^.]{0,60}\b(?:doctor|physician|provider|professional|care\s?team|oncologist|clinician|"
    r"pharmacist|advice|care)s?\b|\breviewed\s+by\b|\bdisregard\b|\bendorse\b|\bliab(?:le|ility)\b|\breliance\b|\baccura\w+",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"^(?:(?:a\s+|an\s+)?(?:\w{1,20}\s+){0,2}?(?:disclaimers?|notice|caution|advisory)(?:\s+(?:to|for|about)\b.*)?|please\s+(?:note|read)\b.*|"
    r"(?:for\s+|an?\s+)?(?:general\s+)?(?:informational|information|educational|reference)\b(?:\s+(?:and|or|&)\s+\w{1,20})?\s*"
    r"(?:purposes?|use)?\s*(?:only)?|(?:this\s+is\s+)?not\s+(?:a\s+substitute\s+for\s+)?(?:\w{1,20}\s+)?medical\s+advice|"
    r"about\s+this\s+(?:answer|page|article|information|content|guide)|important(?:\s+(?:note|information|notice|reminder))?|"
    r"(?:an?\s+)?ai[- ]generated\b.*|(?:written|generated|created)\s+(?:by|with)\s+ai\b.*|"
    r"before\s+you\s+(?:read|start|begin|use)\b.*|note|reminder|how\s+this\s+(?:answer|page|article)\s+was\s+(?:made|written|created)|(?:a\s+)?note\s+(?:on|about|to)\b.*|"
    r"aviso\b.*|nota\b.*|s[óo]lo\s+con\s+fines\b.*|solo\s+para\s+fines\b.*|avertissement\b.*|[àa]\s+titre\b.*|hinweis\b.*|"
    r"(?:医疗|醫療|重要)?(?:免责声明|免責聲明|声明|提示|免責事項|ご注意|注意事項)|إخلاء.*|تنبيه.*|"
    r"haftungsausschluss|avvertenza\b.*|apenas\s+para\s+fins\b.*|advert[êe]ncia\b.*)[\s.:!]*$",
    re.IGNORECASE,
)
_REVIEWED = re.compile(
    r"\b(?:reviewed|checked|verified|approved|edited|vetted|validated|fact-checked)\s+(?:\w{1,20}\s+){0,3}?by\s+(?!AI\b|an?\s+AI\b|"
    r"artificial)(?:(?:an?|the|our|its|independent|licensed|qualified|medical|board-certified|human|practi[cs]ing)\s+)*"
    r"(?:\w+|Dr\.)|\b(?:medically|clinically|human|physician|doctor|expert|clinician|nurse|peer)[-\s]+reviewed\b",
    re.IGNORECASE,
)
_UNREVIEWED = re.compile(
    r"\b(?:not|never|neither|nor|without|isn['’]t|hasn['’]t|wasn['’]t|no)\b[^.]{0,50}\b(?:review|check|verif|approv|edit|vett|"
    r"validat)|\bunreviewed\b|\b(?:should|must|needs?\s+to|have\s+to|can|may|might|will|to)\s+(?:\w{1,20}\s+)?be\s+(?:\w{1,20}\s+)?(?:review|check|"
    r"verif|approv)",
    re.IGNORECASE,
)


def is_notice(text: str) -> bool:
    """Whether a passage is a notice beyond doubt: it says what the page is for, what it is not, or that AI wrote it."""
    seen = text[:_SEEN]
    if _STRONG.search(seen) or _ABOUT_ITSELF.search(seen):
        return True
    is_of_machine = _AI.search(seen) is not None or _ASSISTED.search(seen) is not None
    return is_of_machine and (len(seen) <= _SHORT or _ITSELF.search(seen) is not None)


def is_parting(text: str) -> bool:
    """Whether a passage that stands last tells the reader to turn to a professional."""
    return len(text) <= 300 and _ALWAYS.match(text) is not None


def goes_on(text: str) -> bool:
    """Whether a passage can be the next paragraph of a notice."""
    return is_notice(text) or _WEAK.search(text[:_SEEN]) is not None


def is_notice_heading(text: str) -> bool:
    """Whether a line heads a notice."""
    return len(text) <= _LONGEST_HEADING and _HEADING.match(text) is not None


def notice(heading: str | None, paragraphs: list[str], placement: DisclaimerPlacement) -> Notice:
    """The notice in the page's own words, of the most specific kind that they say."""
    text = "\n\n".join(paragraphs)
    kind = _kind(f"{heading or ''}\n{text}")
    return Notice(kind=kind, placement=placement, heading=heading, text=text)


def _kind(words: str) -> DisclaimerKind:
    if method_of(words) is ProductionMethod.AI_GENERATED:
        return DisclaimerKind.AI_GENERATED
    return DisclaimerKind.EDUCATIONAL if _EDUCATIONAL.search(words) else DisclaimerKind.INFORMATIONAL


def method_of(words: str) -> ProductionMethod | None:
    """How a notice says that the page was made; None where it does not say."""
    if _NOT_BY_AI.search(words):
        return ProductionMethod.HUMAN_WRITTEN
    if _ASSISTED.search(words):
        return ProductionMethod.AI_ASSISTED
    return ProductionMethod.AI_GENERATED if _AI.search(words) else None


def says_reviewed(words: str) -> bool:
    """Whether a notice says that people reviewed the page."""
    return any(
        _REVIEWED.search(sentence) and not _UNREVIEWED.search(sentence) for sentence in re.split(r"(?<=[.!?])\s", words)
    )
