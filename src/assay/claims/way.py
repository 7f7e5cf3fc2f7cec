"""Which way a plain clause goes, where no word of change speaks of a known outcome.

"Stops the loss", "sends your heart racing", "no better than a dummy": verbs of adding,
taking away, mending and spoiling, comparatives, and wordings that nothing moved. The
lists say only which way; whether a study agrees is never judged by them.
"""

import re

from assay.claims.verbs import inflect
from assay.model import Direction

_MORE = """
    add boost build bump double enhance extend fuel gain generate grow heighten increase
    jack lengthen multiply prolong quadruple raise ramp release rise skyrocket soar
    speed spike spur stimulate stoke strengthen surge swell treble triple accelerate
    regrow elevate trigger cause provoke induce unleash
"""
_LESS = """
    banish clear crowd curb cut decline decrease deplete destroy diminish drain
    drop dull ease eliminate empty erase evict fade fall flush halve inhibit kill lessen
    lose lower melt numb prevent quell reduce relieve remove rid rob shed shorten shrink
    shrivel slash slow soothe starve stop suppress wane weaken wipe filter flatten
    dampen evaporate vanish stave ward
"""
_BETTER = """
    aid benefit calm freshen heal help improve mend nourish perk protect rebuild recover
    refresh relax repair restore sharpen soften tone unwind smooth
"""
_WORSE = """
    age aggravate blunt clog cloud damage exacerbate harm hurt impair irritate poison
    ravage ruin sap scar spoil strain upset worsen wreck disrupt disturb
"""
_KINDS = {
    Direction.INCREASES: _MORE,
    Direction.DECREASES: _LESS,
    Direction.IMPROVES: _BETTER,
    Direction.WORSENS: _WORSE,
}
_WAY_OF = {
    form: way
    for way, verbs in _KINDS.items()
    for verb in verbs.split()
    for form in inflect(verb)
}
_AUXILIARY = (
    r"(?:(?:can|could|may|might|will|would|do|does|did|has|have|had|is|are|was|were|be|"
    r"been|being|to|also|even|really|actually|simply|just|still|always|often|usually|"
    r"apparently|literally|seems?|seemed|appears?|tends?|helps?|gets?|said|thought|"
    r"believed|known|reported|shown|starts?|\w+ly)\s+)*"
)
_MAIN = re.compile(rf"{_AUXILIARY}(?P<verb>[a-z-]+)\b(?P<rest>.*)", re.IGNORECASE)
_NOT = (
    r"\b(?:not|never|cannot|can['’]?t|won['’]?t|does(?:n['’]?t| not)|do(?:n['’]?t)|"
    r"did(?:n['’]?t)|isn['’]?t|aren['’]?t|wasn['’]?t|weren['’]?t|hasn['’]?t|"
    r"haven['’]?t|hardly|barely|scarcely)\s+"
)
_NOTHING = re.compile(
    r"\bno (?:better|worse) off\b"
    r"|\bno (?:\w+ )?(?:better|worse|more \w+|less \w+|different|quicker|faster) than\b"
    r"|\bno (?:\w+ ){0,2}?(?:benefit|effect|difference|change|advantage|"
    r"improvement|gain|odds|impact|comedown)\b"
    r"|\b(?:were|was|is|are|remained|stayed) (?:exactly |just |much )?the same\b"
    r"|\b(?:exactly|just|quite) as (?:many|much|often|likely)\b"
    r"|\bunchanged\b|\bno longer\b|\bnot borne out\b|\bcame? up empty\b"
    r"|\b(?:zip|zilch|nada|nothing|zero)\s+(?:for|to|about)\b"
    rf"|{_NOT}(?:\w+\s+){{0,3}}?(?:do|make|change|budge|help|work|get|give|bring|keep|lift|"
    r"cure|treat|fix|stop|prevent|mean|hurt|harm|show|lower|raise|matter|affect|turn|"
    r"respond|move|touch|shorten|lengthen|reduce|increase|improve|cause)\b",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"(?:not one|no harm|nobody|no one|none|nor|neither)\b", re.IGNORECASE
)
_PHRASES: tuple[tuple[Direction, str], ...] = (
    (
        Direction.DECREASES,
        r"\b(?:puts?|putting) (?:the )?(?:brakes? on|\w+ (?:\w+ )?off)\b"
        r"|\b(?:take|took|knock|knocked|shave|shaved|trim)s? .{2,40}? (?:off|out of)\b"
        r"|\btakes? the (?:sting|edge|sharpness)\b|\bgets? rid of\b"
        r"|\bkeeps? .{2,30}? (?:away|at bay|down|in check)\b"
        r"|\bless (?:likely|often|frequent\w*|common|prone)\b|\bfewer\b"
        r"|\bhalf as (?:many|much|likely|often)\b|\bwithout\b(?=.{0,25}\bfog\b)"
        r"|\b(?:ends?|ended) up .{0,25}(?:shorter|thinner|lighter)\b",
    ),
    (
        Direction.INCREASES,
        r"\b(?:sends?|sent|drives?|drove|pushes|push) .{2,60}?(?:soar|rac|up\b|sky|"
        r"through the roof|rocket|higher)"
        r"|\bmak(?:es?|ing) (?:you|people|users|kids|your [\w -]+?|the [\w-]+?|them|it|"
        r"some [\w-]+)\s+\w+"
        r"|\bgiv(?:es?|ing) (?:you|people|users|your \w+|them|some)\b"
        r"|\bgo(?:es)? up\b|\bwent up\b|\bturn(?:s|ed)? out to make\b"
        r"|\b(?:twice|\w+ times) (?:as|more) (?:likely|often|common|many)\b"
        r"|\bmore (?:likely|often|prone)\b|\b(?:come|came|comes) thick and fast\b"
        r"|\bleav(?:es?|ing) (?:you|people|them) (?:with|feeling)\b"
        r"|\b(?:end|ends|ended) up with\b",
    ),
    (
        Direction.WORSENS,
        r"\b(?:did|do|does|fared?|scored?) worse\b|\bt(?:akes?|ook) longer to\b"
        r"|\bmess(?:es|ed)? (?:up|with)\b|\bslow(?:er)? to (?:heal|recover|react)\b"
        r"|\b(?:can['’]?t|cannot) get to sleep\b|\bplays? havoc\b",
    ),
    (
        Direction.IMPROVES,
        r"\b(?:beats?|outperforms?|outperformed) (?:a )?(?:placebo|dumm\w+|sham)\b"
        r"|\b(?:recover|heal)(?:s|ed)? (?:\w+ )?(?:sooner|faster|quicker|better)\b"
        r"|\bsettle[sd]? down\b"
        r"|\bleft .{2,30}?(?:plump|smooth|soft|bett|calm|clear)er\b"
        r"|\bwork(?:s|ed)? (?:for|as well as|like a charm|wonders)\b"
        r"|\bback to normal\b|\bto normal\b|\bfe(?:el|lt) (?:better|calmer|rested)\b",
    ),
    (
        Direction.ASSOCIATED,
        r"\b(?:linked|tied) (?:to|with)\b|\b(?:associated|correlated?s?) with\b"
        r"|\bgo(?:es)? (?:hand in hand|along|together) with\b",
    ),
)
_WORDED = tuple((way, re.compile(words, re.IGNORECASE)) for way, words in _PHRASES)
_COMPARED = re.compile(
    r"\b(?:more|less|fewer) than\b"
    r"|\b(?P<more>more|higher|greater|longer|larger|extra|harder|stronger)\b"
    r"|\b(?P<less>less|lower|shorter|smaller|slower|weaker)\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(r",?\s(?:which|who|but|unless|even if|whether)\b", re.IGNORECASE)
"""Where what is asserted ends."""
_PLAIN = re.compile(
    r"(?:is|are|was|were|be|being|has|have|had|contains?|comes?|came)\b", re.IGNORECASE
)


def find_way(subject: str, predicate: str) -> Direction | None:
    """Return which way a clause goes, by its verb and wordings; None when it only is.

    >>> str(find_way("Zorvel", "stops the loss in nine out of ten men"))
    'decreases'
    >>> str(find_way("Zorvel", "was no better than a dummy powder"))
    'no effect'
    >>> find_way("Zorvel", "is a root") is None
    True
    """
    low = _ASIDE.split(predicate.replace("’", "'"), maxsplit=1)[0]
    if _NOTHING.search(low):
        return Direction.NO_EFFECT
    for way, words in _WORDED:
        if words.search(low):
            return Direction.NO_EFFECT if _NOBODY.match(subject) else way
    main = _MAIN.match(low)
    if main is None:
        return None
    verb = main["verb"].lower()
    told = _WAY_OF.get(verb) or _way_of_amount(verb, main["rest"])
    return Direction.NO_EFFECT if told and _NOBODY.match(subject) else told


def _way_of_amount(verb: str, rest: str) -> Direction | None:
    """Return the way of "burned 15 per cent more", not of "is more of a tonic"."""
    if _PLAIN.fullmatch(verb):
        return None
    told = _COMPARED.search(rest)
    if told is None or told.lastgroup is None:
        return None
    return Direction.INCREASES if told["more"] else Direction.DECREASES
