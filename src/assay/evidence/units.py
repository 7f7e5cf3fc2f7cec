"""Units that numbers of health texts come in: what each measures, and how much of it.

Factors are exact by definition (SI; avoirdupois pound and ounce; international foot and
mile; the Julian year of 365.25 days, of which a month is a twelfth).
"""

import re

_MINUTE, _HOUR, _DAY = 1.0, 60.0, 1440.0
_YEAR = 365.25 * _DAY
_TABLE: dict[str, tuple[tuple[float, str], ...]] = {
    "mass": (
        (1e6, "kg kilogram kilograms kilo kilos"),
        (1e3, "g gram grams gm gms gramme grammes"),
        (1.0, "mg milligram milligrams"),
        (1e-3, "mcg µg μg ug microgram micrograms"),
        (1e-6, "ng nanogram nanograms"),
        (453592.37, "lb lbs pound pounds"),
        (28349.523125, "oz ounce ounces"),
    ),
    "volume": (
        (1e3, "l litre litres liter liters"),
        (1e2, "dl"),
        (1.0, "ml millilitre millilitres milliliter milliliters cc"),
    ),
    "activity": ((1.0, "iu|international units|international unit"),),
    "time": (
        (_MINUTE / 60, "s sec secs second seconds"),
        (_MINUTE, "min mins minute minutes"),
        (_HOUR, "h hr hrs hour hours"),
        (_DAY, "d day days night nights"),
        (7 * _DAY, "week weeks wk wks"),
        (_YEAR / 12, "month months mo mos"),
        (_YEAR, "year years yr yrs"),
        (10 * _YEAR, "decade decades"),
    ),
    "share": ((1.0, "%|percent|per cent|pct"),),
    "points": ((1.0, "percentage points|percentage point|% points"),),
    "times": ((1.0, "fold|times|x|×"),),
    "pressure": ((1.0, "mmhg|mm hg"),),
    "energy": ((1.0, "kcal kilocalories calories calorie"),),
    "length": (
        (1e6, "km kilometre kilometres kilometer kilometers"),
        (1609344.0, "mile miles"),
        (1000.0, "m metre metres meter meters"),
        (304.8, "ft foot feet"),
        (25.4, "inch inches"),
        (10.0, "cm"),
        (1.0, "mm"),
    ),
}
BASE = {
    "mass": "mg", "volume": "ml", "activity": "IU", "time": "min", "share": "%",
    "points": "percentage points", "times": "times", "pressure": "mmHg",
    "energy": "kcal", "length": "mm",
}  # fmt: skip
"""The unit in which amounts of each kind are kept."""
UNITS: dict[str, tuple[str, float]] = {
    name: (kind, factor)
    for kind, rows in _TABLE.items()
    for factor, names in rows
    for name in (names.split("|") if "|" in names else names.split())
}
"""Each way to write a unit, in lower case: (what it measures, how much of the base)."""
UNIT = "|".join(
    re.escape(name).replace("\\ ", r"[\s-]")
    for name in sorted(UNITS, key=lambda n: (-len(n), n))
)
"""A pattern for all of them, longest first; to be matched regardless of case."""


def read_unit(text: str) -> tuple[str, float]:
    """Return what a written unit measures and how much of the base unit it is.

    Raises:
        KeyError: it is no unit that is known here.

    >>> read_unit("Milligrams"), read_unit("weeks")
    (('mass', 1.0), ('time', 10080.0))
    """
    return UNITS[re.sub(r"[\s-]", " ", text.lower())]


def convert(amount: float, unit: str, other: str) -> float:
    """Return an amount of one unit in another one of the same kind.

    Raises:
        KeyError: a unit is not known here.
        ValueError: they measure different things.

    >>> convert(0.5, "g", "mg"), convert(8, "weeks", "days")
    (500.0, 56.0)
    """
    (kind, factor), (wanted, divisor) = read_unit(unit), read_unit(other)
    if kind != wanted:
        raise ValueError(f"{unit} and {other} do not measure the same")
    return amount * factor / divisor
