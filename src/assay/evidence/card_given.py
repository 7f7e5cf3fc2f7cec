"""What a study gave, against what the claim speaks of: dose, time, route, product."""

import re

from assay.claims.vocabulary import Vocabulary
from assay.evidence.card import ABOUT_PEOPLE, OF_MANY, Asked, raise_by_line
from assay.evidence.match import is_other_exposure, own_mentions, wanted_exposures
from assay.evidence.numbers import Quantity, agree, find_numbers
from assay.evidence.reading import Line
from assay.model import Flag

APART = 1.5
"""Times by which doses or times must differ to be other ones."""
_DOSES = frozenset({"mass", "activity"})
_HEAVIEST = 1e5
"""Milligrams from which a mass is a body's and no dose."""
_DAY = 1440.0
_GIVEN = re.compile(
    r"\b(?:dos(?:es?|ed|age)|daily|per day|a day|receiv\w+|administ\w+|given|gave|took|"
    r"tak(?:e|en|ing)|supplement\w*|consum\w+|ingest\w+|capsules?|tablets?|treated)\b|"
    r"/d(?:ay)?\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\b(?:twice|two|three|four|[234] ?(?:times|x|×)|b\.?i\.?d|t\.?i\.?d|capsules|"
    r"tablets|"
    r"doses|divided)\b",
    re.IGNORECASE,
)
_FOR_A_TIME = re.compile(
    r"\b(?:for|after|within|over|in|during|just|only)\s(?:(?:just|only|about|as little "
    r"as|the|a|an|at least|more than)\s)*$",
    re.IGNORECASE,
)
_LASTING = re.compile(
    r"\b(?:for|after|over|during|at|in an?|with an?)\s(?:(?:a|an|the|up to|about)\s)*$",
    re.IGNORECASE,
)
_NO_TREATMENT_TIME = re.compile(
    r"^[\s-]?(?:old|of age|ago|earlier|before|prior|later|follow|post|history)|"
    r"^ (?:half-life|apart|interval)",
    re.IGNORECASE,
)


def find_other_dose(asked: Asked) -> Flag | None:
    """Return the flag of doses none of which is near one that the claim names."""
    if asked.claim.frame.relation not in ABOUT_PEOPLE:
        return None
    claimed = _doses(asked.claim.text)
    if not claimed:
        return None
    met = [(q, x) for x in asked.study.lines for q in _given_in(x, asked)]
    met = [(q, x) for q, x in met if any(q.kind == c.kind for c in claimed)]
    if not met or any(_may_equal(c, q, x) for c in claimed for q, x in met):
        return None
    return raise_by_line("other-dose", met[0][1])


def _doses(text: str) -> list[Quantity]:
    return [
        q for q in find_numbers(text) if q.kind in _DOSES and 0 < q.high < _HEAVIEST
    ]


def _given_in(line: Line, asked: Asked) -> list[Quantity]:
    wanted = wanted_exposures(asked.claim, asked.words)
    named = own_mentions(line, wanted, asked.words)
    return _doses(line.text) if named and _GIVEN.search(line.text) else []


def _may_equal(claimed: Quantity, met: Quantity, line: Line) -> bool:
    """Say whether two doses may be the same, one told a time and one told a day."""
    times = (1.0, 2.0, 3.0, 4.0) if _SEVERAL.search(line.text) else (1.0,)
    return any(
        _near(claimed, met._replace(low=met.low * n, high=met.high * n)) for n in times
    )


def _near(one: Quantity, other: Quantity) -> bool:
    if one.kind != other.kind:
        return True
    far, near = max(one.low, other.low), min(one.high, other.high)
    return agree(one, other) or far < near * APART


def find_other_duration(asked: Asked) -> Flag | None:
    """Return the flag of a study that took another time than a claim's "for 2 weeks".

    "In 2 weeks" and "within" are a limit: only a study that took longer is another.
    """
    if asked.claim.frame.relation not in ABOUT_PEOPLE:
        return None
    text = asked.claim.text
    claimed = [q for q in _times(text, _FOR_A_TIME) if q.high >= _DAY]
    if not claimed:
        return None
    limits = bool(_LIMIT.search(text[: claimed[0].start]))
    met = [(q, x) for x in asked.study.lines for q in _taken(x.text)]
    named = [*claimed, *(q for q in find_numbers(text) if q.kind == "time")]
    if not met or any(_fits(c, q, limits=limits) for c in named for q, _ in met):
        return None
    return raise_by_line("other-duration", met[0][1])


_LIMIT = re.compile(r"\b(?:within|in)\s(?:\w+\s){0,3}$", re.IGNORECASE)


def _fits(claimed: Quantity, met: Quantity, *, limits: bool) -> bool:
    return _near(claimed, met) or (limits and met.low <= claimed.high)


def _taken(text: str) -> tuple[Quantity, ...]:
    """Return the times that a study took: "for 8 weeks", "an 8-week trial"."""
    lasting = [*_times(text, _LASTING), *_times(text, _FOR_A_TIME)]
    return (*lasting, *_long_trials(text))


def _times(text: str, before: re.Pattern[str]) -> list[Quantity]:
    """Return the times that stand after such words."""
    return [
        q
        for q in find_numbers(text)
        if q.kind == "time"
        and before.search(text[: q.start])
        and not _NO_TREATMENT_TIME.match(text[q.end :])
    ]


_LONG_TRIAL = re.compile(
    r"^[\s-](?:\w+[ -]){0,4}?(?:trial|study|treatment|course|period)"
)


def _long_trials(text: str) -> list[Quantity]:
    """Return the times of "an 8-week trial"."""
    return [
        q
        for q in find_numbers(text)
        if q.kind == "time" and q.high >= _DAY and _LONG_TRIAL.match(text[q.end :])
    ]


# --- route ----------------------------------------------------------------------------

_ROUTES = {
    "oral": r"\boral(?:ly)?\b|\bby mouth\b|\bteas?\b|\bcapsules?\b|\btablets?\b|"
    r"\bpills?\b|"
    r"\bdrink\w*|\bdrank\b|\bswallow\w*|\bingest\w*|\bchew\w*|\bsupplement\w*|\beat\w*|"
    r"\bp\.o\.|\bconsum\w+|\bdiet\w*|\bintake\b|\bfood\w*",
    "injected": r"\bintravenous(?:ly)?\b|\bi\.?v\.?\s(?=infus|inject|admin|magn|dose)|"
    r"\binject\w*|\binfusions?\b|\bintramuscular\w*|\bsubcutaneous\w*|"
    r"\bintraperitoneal\w*|\bintrathecal\w*|\bepidural\w*|\bperineural\w*",
    "inhaled": r"\binhal\w*|\bsmok(?:e|ed|es|ing)\b|\bvap(?:e|ed|ing|ou?ri[sz]\w*)\b|"
    r"\baromatherapy\b",
    "on the skin": r"\btopical(?:ly)?\b|\bcreams?\b|\bgels?\b|\bointments?\b|"
    r"\btransdermal\w*|\bskin patch\w*|\bmassag\w*|\bbaths?\b",
    "in the nose": r"\bintranasal\w*|\bnasal spray\w*",
}
_ROUTE_RE = {name: re.compile(words, re.IGNORECASE) for name, words in _ROUTES.items()}
_BY_NEEDLE = re.compile(
    r"\b(?:vaccin\w*|immuni[sz]\w*|insulin|botulin\w*|botox|antibod\w*|plasma|"
    r"transfus\w*|shots?|jabs?|an(?:a)?esth\w*|chemotherap\w*|intensive care|sepsis|"
    r"surg\w*|post-?operative|hospital\w*|acute respiratory distress)\b",
    re.IGNORECASE,
)
"""Words of a claim about what is given by needle anyway, or in a hospital."""
_NEAR_NAME = 40
"""Characters around a name in which its route must stand."""


def find_other_route(asked: Asked) -> Flag | None:
    """Return the flag of a route that is not the claim's.

    Of a claim that names no route, only an injection is another one: articles speak of
    what people take.
    """
    if asked.claim.frame.relation not in ABOUT_PEOPLE or asked.study.design in OF_MANY:
        return None
    claimed = {n for n, words in _ROUTE_RE.items() if words.search(asked.claim.text)}
    met = {
        name: x for x in reversed(asked.study.lines) for name in _routes_in(x, asked)
    }
    if not met or claimed & set(met):
        return None
    injected = set(met) == {"injected"} and not _BY_NEEDLE.search(asked.claim.text)
    if not claimed and not injected:
        return None
    return raise_by_line("other-route", next(iter(met.values())))


def _routes_in(line: Line, asked: Asked) -> set[str]:
    """Return the routes told right beside the claim's exposure in a sentence."""
    wanted = wanted_exposures(asked.claim, asked.words)
    found: set[str] = set()
    for mention in own_mentions(line, wanted, asked.words):
        lead = line.text[max(0, mention.start - _NEAR_NAME) : mention.start]
        tail = line.text[mention.end : mention.end + _NEAR_NAME]
        near = re.split(r"[;:]|,\s", lead)[-1] + line.text[mention.start : mention.end]
        near += re.split(r"[;:]|,\s|\band\b|\bor\b|\bversus\b|\bvs", tail)[0]
        found |= {name for name, words in _ROUTE_RE.items() if words.search(near)}
    return found


# --- product --------------------------------------------------------------------------

_FORMS = {
    "leaf": r"\blea(?:f|ves)\b|\bteas?\b|\bpowder(?:ed|s)?\b|\bjuice\b|\bdecoction\b|"
    r"\braw\b|\bwhole (?:plant|herb|food)\b|\broots?\b|\bseeds?\b",
    "extract": r"\bextracts?\b|\btinctures?\b|\bconcentrates?\b|\bessential oils?\b|"
    r"\bshots?\b",
}
_FORM_RE = {name: re.compile(words, re.IGNORECASE) for name, words in _FORMS.items()}
_JOINED = re.compile(
    r"\s?(?:\+|\bplus\b|\bcombined with\b|\bin combination with\b|"
    r"\btogether with\b)\s?",
    re.IGNORECASE,
)
_MIXTURE = re.compile(
    r"\b(?:combination|mixture|blend|formula(?:tion)?) (?:of|containing|with)\b|\bco-?"
    r"(?:supplement|administ|treat)\w+ (?:of|with)\b",
    re.I,
)


def find_other_product(asked: Asked) -> Flag | None:
    """Return the flag of another form, a part, or a mixture of what the claim names."""
    if asked.claim.frame.relation not in ABOUT_PEOPLE:
        return None
    for line in (asked.line, *_titles(asked)):
        if _is_part(line, asked) or _is_mixture(line, asked):
            return raise_by_line("other-product", line)
    return _find_other_form(asked)


def _titles(asked: Asked) -> tuple[Line, ...]:
    return tuple(x for x in asked.study.lines if x.place == "TITLE")


def _is_part(line: Line, asked: Asked) -> bool:
    """Say whether a sentence names a part of the claim's exposure and never the whole.

    Nor may the title: a study of the whole may speak of its parts.
    """
    wanted = set(wanted_exposures(asked.claim, asked.words))
    met = [m.concept for m in own_mentions(line, tuple(wanted), asked.words)]
    titles = {m.concept for m in asked.study.title_mentions}
    kinds = any(_is_kind(w, asked.words) for w in wanted)
    return bool(met) and not kinds and not wanted & {*met, *titles}


def _is_kind(key: str, words: Vocabulary) -> bool:
    """Say whether a concept is a kind of things ("opioids"): its members are no "
    "parts."""
    concept = words.concepts[key]
    one = concept.label.removesuffix("s")
    plural = one != concept.label and any(w.rstrip("*") == one for w in concept.words)
    return plural or " " in concept.label


def _is_mixture(line: Line, asked: Asked) -> bool:
    """Say whether the claim's exposure was given joined with another one."""
    wanted = wanted_exposures(asked.claim, asked.words)
    own = own_mentions(line, wanted, asked.words)
    others = [m for m in line.mentions if is_other_exposure(m, wanted, asked.words)]
    for one, other in ((o, x) for o in own for x in others):
        first, second = sorted((one, other), key=lambda m: m.start)
        gap = line.text[first.end : second.start]
        if _JOINED.fullmatch(gap):
            return True
        lead = line.text[max(0, first.start - 40) : first.start]
        if re.fullmatch(r"\W*(?:and|with)\W*", gap) and _MIXTURE.search(lead):
            return True
    return False


def _find_other_form(asked: Asked) -> Flag | None:
    """Return the flag where the claim names a leaf or an extract, the study the "
    "other."""
    claimed = {n for n, words in _FORM_RE.items() if words.search(asked.claim.text)}
    if len(claimed) != 1:
        return None
    met: dict[str, Line] = {}
    for line in asked.study.lines:
        if own_mentions(line, wanted_exposures(asked.claim, asked.words), asked.words):
            met |= {
                n: met.get(n, line) for n, w in _FORM_RE.items() if w.search(line.text)
            }
    if not met or claimed & set(met):
        return None
    return raise_by_line("other-product", next(iter(met.values())))
