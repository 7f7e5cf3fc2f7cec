"""Every number of a text as a value with its unit, and whether two of them agree.

Read are amounts in digits and words, shares ("half", "two thirds", "1 in 5", "12/40"),
multiples ("twice", "threefold"), ranges ("5–10 mg"), p-values, confidence intervals and
ratios (OR, RR, HR). Digits inside names ("B12", "type 2") and years are told apart.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from assay.evidence.amounts import AMOUNT, DIGITS, parse_amount, render_amount
from assay.evidence.units import BASE, UNIT, read_unit

TOLERANCE = 0.05
"""Share by which two exact numbers may differ and still agree."""
LOOSE = 0.1
"""The same where one says "about", and for times: a month is four weeks to most."""
ABOVE = 1.5
"""Times a bound that "more than" reaches up to; "less than" reaches as far down."""


class Quantity(NamedTuple):
    """A number in a text, in the base unit of its kind."""

    kind: str
    """mass (mg), volume (ml), activity (IU), time (min), share (%), points, times,
    pressure (mmHg), energy (kcal), length (mm), p, interval, ratio, year, name, or
    number (no unit). A unit over another keeps its name: mass/kg, mass/ml."""
    low: float
    high: float
    """Equal to `low` unless it is a range or an interval."""
    start: int
    end: int
    """In the text, from its sign or first digit to the last character of its unit."""
    sign: str = ""
    """One of "<", ">", "~" (about), or ""."""


_Read = Callable[[re.Match[str]], tuple[Quantity, ...]]
_SIGN = (
    r"(?:(?P<about>(?:\b(?:about|around|approximately|roughly|some|nearly|almost|"
    r"close to|circa)\s|\bapprox\.\s|[~≈])\s?)|(?P<more>(?:\b(?:more than|greater "
    r"than|at least|over|above|exceeding)\s|[>≥])\s?)|"
    r"(?P<less>(?:\b(?:less than|fewer than|lower than|under|below)\s|[<≤])\s?))?"
)
_MINUS = r"(?:(?<![\w.)%\]\x00])[-−–])?"
_UNIT = rf"(?:\s?-?\s?(?P<unit>{UNIT})(?!\w)(?!-(?!old\b)\w))"
_OFTEN = r"(?!\s(?:an?|per|each|every|daily|weekly|monthly|nightly)\b)"


def _rule(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _made(m: re.Match[str], kind: str, low: float, high: float) -> Quantity:
    low, high = sorted((low, high))
    return Quantity(kind, low, high, m.start(), m.end(), _sign_of(m))


def _sign_of(m: re.Match[str]) -> str:
    names = (("about", "~"), ("more", ">"), ("less", "<"))
    met = m.groupdict()
    return next((sign for name, sign in names if met.get(name)), "")


# --- one rule for each way to write a number -----------------------------------------

_NAME = _rule(
    r"\b(?:vitamins?|types?|phases?|stages?|grade|class|schedule|figure|fig\.|table|"
    r"chapter|covid|omega|category|version|groups?|grades?)[\s-]\d+(?![\w%.,])|\b24/7\b"
    r"|(?<![\w.])[A-Zα-ω]+[-‐‑]?\d[\w-]*(?!\s?%)"
    rf"|(?<![\w.,·/-])\d+(?:,\d+)?-(?!(?:{UNIT}|to)(?!\w))[A-Z][\w-]*"
    rf"|(?<![\w.,·/-])\d+(?!(?:{UNIT})(?!\w))[A-Z]\w*"
)


def _read_name(m: re.Match[str]) -> tuple[Quantity, ...]:
    return (_made(m, "name", 0.0, 0.0),)


_P = _rule(
    r"\bp(?:[\s-]?values?)?\s?(?:(?P<less>[<≤])|(?P<more>[>≥])|=|of)\s?"
    r"(?P<p>0?[.·]\d+|[01])(?!\d)"
)


def _read_p(m: re.Match[str]) -> tuple[Quantity, ...]:
    value = parse_amount(m["p"])
    return (_made(m, "p", value, value),)


_INTERVAL = _rule(
    r"(?:\(?\b\d\d(?:\.\d)?\s?%\s?)?\b(?:CI|CrI|(?:confidence|credible) intervals?)\b"
    r"(?:\s?\(CI\))?"
    rf"(?:[\s:=,;\[(]*(?P<low>[-−]?{DIGITS})\s?%?\s?(?:-|–|—|to|,|;)\s?"
    rf"(?P<high>[-−]?{DIGITS}))?"
)


def _read_interval(m: re.Match[str]) -> tuple[Quantity, ...]:
    if m["low"] is None:  # "95% CI" before a table: a level, not a result
        return (_made(m, "name", 0.0, 0.0),)
    return (_made(m, "interval", parse_amount(m["low"]), parse_amount(m["high"])),)


_RATIO = _rule(
    r"\b(?:(?-i:a?OR|RR|a?HR|IRR|PR)|(?:odds|risk|hazard|rate|prevalence) ratios?|"
    rf"relative risks?)(?:\s?\(\w+\))?[\s:=,]*(?:(?:of|was|were)\s)?(?P<value>{DIGITS})"
    r"(?!\s?%)"
)


def _read_ratio(m: re.Match[str]) -> tuple[Quantity, ...]:
    value = parse_amount(m["value"])
    return (_made(m, "ratio", value, value),)


_OUT_OF = _rule(
    rf"{_SIGN}(?<![\w./])(?P<part>{AMOUNT})(?:\s(?P<how>in(?: every)?|out of|of(?: the|"
    rf" a total of)?)\s|/)(?P<whole>{AMOUNT})(?![\w%/.])(?!\s?-?(?:{UNIT})(?!\w))"
)
_RATE = _rule(
    rf"{_SIGN}(?<![\w./])(?P<part>{DIGITS})\s(?:\w+\s)?per\s"
    r"(?P<whole>100(?:,?000)?|10?,?000|million)\b"
)


def _read_out_of(m: re.Match[str]) -> tuple[Quantity, ...]:
    part, whole = parse_amount(m["part"]), parse_amount(m["whole"])
    how = m.groupdict().get("how") or ""
    year = re.fullmatch(r"(?:1[89]|20)\d\d", m["whole"]) and how != "out of"
    in_words = how.startswith("in") and part > 10
    if year or in_words or not 0 < part < whole or part != int(part):
        return ()
    return (_made(m, "share", 100 * part / whole, 100 * part / whole),)


def _read_rate(m: re.Match[str]) -> tuple[Quantity, ...]:
    whole = 1e6 if m["whole"] == "million" else parse_amount(m["whole"])
    share = 100 * parse_amount(m["part"]) / whole
    return (_made(m, "share", share, share),)


_PARTS = {
    "half": 2, "halve": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5,
    "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
}  # fmt: skip
_PART = "|".join(p for p in _PARTS if p[:3] != "hal")
_FRACTION = _rule(
    rf"{_SIGN}(?:\b(?P<of>two|three|four)[\s-](?P<parts>{_PART})s\b|"
    rf"\b(?:an?|one)[\s-](?P<part>{_PART})\b(?=\s(?:of|as|less|more|lower|higher|"
    r"fewer)\b|[^\w\s-]|\s?\Z)|"
    r"(?:\b(?P<and>\w+)\sand\sa\s|\b(?:an?|one)[\s-]|(?<!first )(?<!second )"
    r"(?<!other )(?<![-\w]))half\b(?!-)"
    rf"(?:\s(?:an?\s)?(?P<unit>{UNIT})(?!\w))?)"
)


def _read_fraction(m: re.Match[str]) -> tuple[Quantity, ...]:
    if m["of"] or m["part"]:
        over = _PARTS[(m["parts"] or m["part"]).lower()]
        share = 100 * parse_amount(m["of"] or "one") / over
        return (_loosely(_made(m, "share", share, share)),)
    whole = 0.0
    if m["and"]:
        if not re.fullmatch(AMOUNT, m["and"], re.IGNORECASE):
            return ()
        whole = parse_amount(m["and"])
    if m["unit"]:
        kind, factor = read_unit(m["unit"])
        return (_made(m, kind, (whole + 0.5) * factor, (whole + 0.5) * factor),)
    kind, value = ("number", whole + 0.5) if m["and"] else ("share", 50.0)
    return (_loosely(_made(m, kind, value, value)),)


def _loosely(number: Quantity) -> Quantity:
    """Return a share told in words as one that is told roughly."""
    return number._replace(sign=number.sign or "~")


_FOLDS = {"twice": 2, "thrice": 3, "two": 2, "three": 3, "four": 4, "five": 5,
          "six": 6, "ten": 10, "doubl": 2, "tripl": 3, "quadrupl": 4,
          "halv": 0.5}  # fmt: skip
_MULTIPLE = _rule(
    rf"{_SIGN}\b(?:(?P<fold>two|three|four|five|six|ten)fold|(?P<as>twice|thrice)"
    rf"{_OFTEN}|(?P<verb>doubl|tripl|quadrupl|halv)(?:e[sd]|ing|e(?=\s(?:the|that|its|"
    r"their|your|his|her|in)\b))(?![\w-]))"
)


def _read_multiple(m: re.Match[str]) -> tuple[Quantity, ...]:
    value = float(_FOLDS[(m["fold"] or m["as"] or m["verb"]).lower()])
    return (_made(m, "times", value, value),)


_BETWEEN = _rule(
    rf"\bbetween\s(?P<low>{AMOUNT})(?:\s?(?:{UNIT}))?\sand\s(?P<high>{AMOUNT}){_UNIT}?"
    r"(?![\w%])"
)
_QUANTITY = _rule(
    rf"{_SIGN}(?P<from>\bfrom\s)?(?<![\w.·])(?P<low>{_MINUS}{AMOUNT})(?:(?:\s?(?P<first>"
    rf"{UNIT}))?(?:\s?[-–—−]\s?|\sto\s)(?P<high>{AMOUNT}))?{_UNIT}?"
    r"(?:(?:\s?/\s?|\sper\s)(?P<per>kg|m2|dl|ml|l|g|100 ?g|mol)(?!\w))?"
)


def _read_quantity(m: re.Match[str]) -> tuple[Quantity, ...]:
    met = m.groupdict()
    low, high = m["low"], m["high"] or m["low"]
    kind, factor = _unit_of(m)
    if met.get("per") and kind != "number":
        kind = f"{kind}/{m['per'].lower()}"
    if kind == "number" and low.lower() == "one" and low == high:
        return ()  # "one" mostly stands for a thing
    years = re.fullmatch(r"(?:1[89]|20)\d\d", low) and high.isdigit()
    if kind == "number" and years:
        kind = "year"
    values = (parse_amount(low) * factor, parse_amount(high) * factor)
    if met.get("from") and m["high"]:  # a change, not a range
        return tuple(_made(m, kind, value, value) for value in values)
    return (_made(m, kind, *values),)


def _unit_of(m: re.Match[str]) -> tuple[str, float]:
    """Return the kind and factor of a unit; plain for "5 S" and "3 times a day".

    A single letter counts in lower case only, but for the litre.
    """
    unit = m["unit"]
    if unit is None or (len(unit) == 1 and unit.isupper() and unit != "L"):
        return "number", 1.0
    kind, factor = read_unit(unit)
    after = m.string[m.end("unit") : m.end("unit") + 12]
    if kind == "times" and re.match(
        r"\s?(?:\d|an?\b|per|each|every|daily|week)", after
    ):
        return "number", 1.0
    return kind, factor


_RULES: tuple[tuple[re.Pattern[str], _Read], ...] = (
    (_INTERVAL, _read_interval),
    (_P, _read_p),
    (_RATIO, _read_ratio),
    (_NAME, _read_name),
    (_RATE, _read_rate),
    (_OUT_OF, _read_out_of),
    (_FRACTION, _read_fraction),
    (_MULTIPLE, _read_multiple),
    (_BETWEEN, _read_quantity),
    (_QUANTITY, _read_quantity),
)
"""In this order: what a rule has read, no later one sees."""


@lru_cache(maxsize=512)
def find_numbers(text: str) -> tuple[Quantity, ...]:
    """Return the numbers of a text in order; digits inside names have the kind "name".

    >>> [(q.kind, q.low, q.high) for q in find_numbers("about 30% took 0.5 g")]
    [('share', 30.0, 30.0), ('mass', 500.0, 500.0)]
    >>> [(q.kind, q.low) for q in find_numbers("half of them, 1 in 5, twice, B12")]
    [('share', 50.0), ('share', 20.0), ('times', 2.0), ('name', 0.0)]
    >>> [(q.kind, q.low, q.high) for q in find_numbers("HR 0.7, 95% CI 0.5 to 0.9")]
    [('ratio', 0.7, 0.7), ('interval', 0.5, 0.9)]
    """
    found: list[Quantity] = []
    for pattern, read in _RULES:
        taken = []
        for m in pattern.finditer(text):
            if m.end() > m.start() and (met := read(m)):
                taken.append(m.span())
                found += met
        for start, end in taken:
            text = text[:start] + "\0" * (end - start) + text[end:]
    return tuple(sorted(found, key=lambda q: (q.start, q.end)))


_PREFIX = {"<": "less than ", ">": "more than ", "~": "about ", "": ""}


def render_number(number: Quantity) -> str:
    """Return a number in words that read back as the same one, offsets apart.

    Six places after the point are kept; a name gives one that stands for all.

    >>> render_number(find_numbers("between 0.5 and 1 g")[0])
    '500 to 1000 mg'
    """
    low, high = render_amount(number.low), render_amount(number.high)
    if number.kind == "name":
        return "B12"
    if number.kind == "year":
        return low if low == high else f"{low}-{high}"
    if number.kind == "p":
        return f"p{number.sign if number.sign in '<>' and number.sign else '='}{low}"
    if number.kind == "interval":
        return f"95% CI {low} to {high}"
    if number.kind == "ratio":
        return f"OR {low}"
    kind, _, per = number.kind.partition("/")
    unit = f" {BASE[kind]}" if kind in BASE else ""
    over = f"/{per}" if per else ""
    span = low if low == high else f"{low} to {high}"
    return f"{_PREFIX[number.sign]}{span}{unit}{over}"


def agree(one: Quantity, other: Quantity) -> bool:
    """Say whether two numbers are of one kind and near enough to be the same.

    Ranges agree when they meet. "About 30%" agrees with 29.6%, 8 weeks with 2 months,
    and a rounded number with the one that it was rounded from.

    >>> agree(*find_numbers("0.5 g or 500 mg")), agree(*find_numbers("half or 12%"))
    (True, False)
    """
    if one.kind != other.kind:
        return False
    (low, high), (least, most) = _span(one), _span(other)
    near, far = min(high, most), max(low, least)
    if far <= near:
        return True
    loose = "~" in {one.sign, other.sign} or one.kind == "time"
    allowed = (LOOSE if loose else TOLERANCE) * max(abs(near), abs(far))
    if one.kind in {"share", "points", "times", "ratio", "number"}:
        allowed = max(allowed, 0.5 * max(_step(near), _step(far)))
    return far - near <= allowed + 1e-9


def _span(number: Quantity) -> tuple[float, float]:
    """Return the least and the greatest value that a number lets one expect."""
    if number.sign == ">":
        return number.low, max(number.high, number.low * ABOVE)
    if number.sign == "<":
        return min(number.low, number.low / ABOVE), number.high
    return number.low, number.high


def _step(value: float) -> float:
    """Return the size of the last digit that a value was given to, at most 1."""
    digits = render_amount(value).partition(".")[2]
    return 10.0 ** -len(digits)
