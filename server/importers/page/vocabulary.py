"""Words by what they do in a sentence: what `names`, `leaning`, `headings`, `title` and `known` tell by them."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LINKS = _words(
    """
    of for the and & de del la las los du des et y der die und van von da do dei della
    """
)
"""What joins the words of a name."""

LATE_LINKS = _words(
    """
    in on to with against
    """
)
"""What joins the words of the name of a work: `Standards of Care in Diabetes`."""

WORKS = _words(
    """
    guideline guidelines guidance recommendation recommendations statement standards factsheet consensus manual
    handbook textbook
    """
)
"""What a body publishes, as it stands after its name."""

BETWEEN = _words(
    """
    clinical practice treatment dietary nutrition prevention screening vaccination immunization national consensus
    safety patient prescribing medical joint current latest updated new official care management diagnosis physical
    activity exercise cancer evidence-based international fact position policy annual
    """
)
"""What may stand between a body and its work: `NCCN clinical practice guidelines`."""

OPENINGS = _words(
    """
    a an the this that these those it its he she they we you i your our their my his her in on at by for from with
    as if when while after before during since although though because however but and or so yet both many most some
    all any each several few other another such no not doctors doctor there here what which who how why where
    current recent latest updated according also talk ask call see note remember always never please unlike like
    under over between about more less one two three four five six yes today generally first second finally then
    thus therefore per based según selon laut secondo segundo gemäß la el los las le les der die das il lo
    """
)
"""What a sentence may open with and a name does not."""

COMMON = OPENINGS | _words(
    """
    physicians nurses experts scientists researchers research studies study evidence data patients people clinicians
    providers specialists oncologists hospitals clinics early late clinical medical health treatment national
    international local federal government authorities official leading major dietary treatments general new
    practice american european british us uk chinese western eastern modern traditional public professional expert
    consensus care
    """
)
"""What is no name of its own, capital or not."""

VERBS = _words(
    """
    recommends recommend recommended advises advise advised explains explain explained says say said puts states state
    stated notes note noted reports report reported suggests suggest suggested estimates estimate estimated defines
    define defined describes describe described found finds find concludes conclude concluded warns warn warned
    emphasizes emphasize emphasized emphasises encourages encourage urges urge endorses endorse endorsed classifies
    classify considers consider observes highlights highlight outlines outline lists list indicate indicates shows
    show showed confirms confirm confirmed cautions caution stresses stress recomienda recomiendan explica explican
    señala señalan indica indican empfiehlt empfehlen erklärt recommande recommandent explique expliquent indique
    raccomanda raccomandano spiega recomenda recomendam
    """
)
"""What one says who speaks: the name before it is what the text leans on."""

ADVERBS = _words(
    """
    also now currently strongly further generally specifically typically still both all often usually similarly
    therefore clearly has have does do did not additionally likewise jointly routinely explicitly formally no longer
    """
)
"""What may stand between a name and its verb."""

SKIPPED = _words(
    """
    the a an latest current updated new official recent most both available published journal
    """
)
"""What may stand between an appeal and the name that it appeals to."""

TOLD = _words(
    """
    recommended advised described defined explained reported published noted stated outlined endorsed suggested
    estimated summarized summarised detailed issued released discussed developed established compiled set
    highlighted
    """
)
"""What a body does to advice: `recommended by`."""

PRINTED = _words(
    """
    published reported described appearing appeared printed outlined detailed stated summarized defined noted
    """
)
"""What happens to findings in a journal: `published in`."""

REPORTS = _words(
    """
    guideline guidelines guidance recommendation recommendations data research report reports statistics information
    advice evidence study studies review statement statements sheet figures findings estimates trial analysis paper
    article survey website site experts researchers scientists specialists officials doctors materials resources
    numbers handbook criteria meta-analysis meta-analyses reviews
    """
)
"""What comes from a body: `data from`."""

UNCAPITALISED = _words(
    """
    a an the and or but nor for of to in on at by with from as vs versus via into over per your you is are it its do
    does de la el los las y o en del con para por le les des du et ou un une der die das und oder von für mit im am
    zu
    """
)
"""What stays small in a title."""

GENERIC = _words(
    """
    overview key fact facts basic basics concept concepts introduction intro summary background symptom symptoms
    sign signs cause causes treatment treatments diagnosis prevention risk risks factor factors important clinical
    context consideration considerations potential what how why when where who is are it its this these that the a
    an to of for and or at in on with work works process glance takeaway takeaways point points quick short answer
    answers main idea ideas fundamental understanding general about definition description outlook complications
    side effects effect options option see call doctor your you know do does did should can first step steps matters
    happens test tests testing benefits more information common types type stages getting started living next help
    expect means mean need learn before after during science big picture detail details resumen introduccion
    sintomas causas tratamiento diagnostico prevencion riesgos conceptos basicos concepto basico el la los las en
    que es y de del apercu symptomes traitement uberblick ursachen symptome behandlung diagnose
    """
)
"""What heads a section of any answer."""

UNTELLING = _words(
    """
    a an the and or of for to in on at by with from is are was do does did can could should will would may might
    have has how what why when where which who your my you i me we it its this that these those be being been as
    about into than most best el la los las un una de del y o en que es como por para con se su al le les des du et
    ou qui der die das und von wie ist
    """
)
"""What tells nothing of the subject of a question."""

AMBIGUOUS_NAMES = _words(
    """
    acr acs ada apa asa ash ata blood brain cell chest circulation esc gastroenterology gold gut hypertension lancet
    leukemia nature neurology nice pediatrics science sign stroke thorax who
    """
)
"""Names that are words or other abbreviations too: sure only where the text writes them as names."""
