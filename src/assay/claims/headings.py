"""Diseases and medicines by all their names: a list of some 11,000 headings that ships.

Its names are MeSH's, with those of MedlinePlus, the NHS, DrugBank's open vocabulary and
Wikipedia for medicines (bench/training/make_headings.py).
"""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from assay.claims.cues import lower_in_place

_BRITISH = {
    "anemi": "anaemi", "ischemi": "ischaemi", "glycemi": "glycaemi",
    "lipidemi": "lipidaemi", "uricemi": "uricaemi", "leukemi": "leukaemi",
    "septicemi": "septicaemi", "hemorrh": "haemorrh", "hemat": "haemat",
    "hemophil": "haemophil", "edema": "oedema", "diarrhea": "diarrhoea",
    "esophag": "oesophag", "celiac": "coeliac", "apnea": "apnoea",
    "dyspnea": "dyspnoea", "tumor": "tumour", "estrogen": "oestrogen",
    "menorrhea": "menorrhoea", "gonorrhea": "gonorrhoea", "fetal": "foetal",
    "orthopedic": "orthopaedic", "pediatric": "paediatric", "cecal": "caecal",
    "hemoglobin": "haemoglobin", "hypoxemi": "hypoxaemi", "fiber": "fibre",
}  # fmt: skip
"""American stems and the British ones."""
_AMERICAN = re.compile("|".join(rf"(?<![ao]){stem}" for stem in _BRITISH))


class Heading(NamedTuple):
    """One disease or medicine."""

    kind: str
    """disease or medicine."""
    name: str
    """As MeSH writes it, for a disease."""
    trees: tuple[str, ...]
    """Its places in MeSH's tree, () for a medicine."""
    names: tuple[str, ...]
    """Lower case, the shortest first."""


@dataclass(frozen=True, slots=True)
class Headings:
    """All headings, found by their names."""

    all: tuple[Heading, ...] = ()
    by_name: dict[str, tuple[Heading, ...]] = field(default_factory=dict)
    """By folded name, in either spelling."""


def parse_headings(text: str) -> Headings:
    """Return the headings of a table: kind, name, tree numbers, names, by tabs.

    >>> parse_headings("disease\\tGout\\tC05.1\\tgout").by_name["gout"][0].name
    'Gout'
    """
    made: list[Heading] = []
    by_name: dict[str, tuple[Heading, ...]] = {}
    british = _to_british(text).splitlines()
    for line, other in zip(text.splitlines(), british, strict=True):
        if not line:
            continue
        heading = _heading(line)
        made.append(heading)
        names = _plain_names(line)
        if other != line:
            both = zip(names, _plain_names(other), strict=True)
            names = [name for pair in both for name in pair]
        for name in names:
            own = by_name.get(name, ())
            if heading not in own:
                by_name[name] = (*own, heading)
    return Headings(tuple(made), by_name)


def _plain_names(line: str) -> list[str]:
    """Return the names in a line, as they are looked up."""
    return line.rpartition("\t")[2].replace("-", " ").split("|")


def _to_british(text: str) -> str:
    """Return a long text in British spelling, as `spell` has it of each name.

    One search a stem takes a fifth of the time of all stems at every letter.
    """
    for stem, british in _BRITISH.items():
        kept = f"{stem[0]}\0{stem[1:]}"
        for vowel in "ao":
            text = text.replace(vowel + stem, vowel + kept)
        text = text.replace(stem, british)
    return text.replace("\0", "")


def _heading(line: str) -> Heading:
    kind, name, trees, names = line.split("\t")
    return Heading(kind, name, tuple(trees.split()), tuple(names.split("|")))


def spell(name: str) -> tuple[str, ...]:
    """Return a name in American and in British spelling, once where they agree.

    >>> spell("iron deficiency anemia"), spell("gout")
    (('iron deficiency anemia', 'iron deficiency anaemia'), ('gout',))
    """
    british = _AMERICAN.sub(lambda met: _BRITISH[met[0]], name)
    return (name,) if british == name else (name, british)


def fold(text: str) -> str:
    """Fold case and the many hyphens and apostrophes, keeping every offset."""
    return lower_in_place(text).translate(_FOLD)


_FOLD = str.maketrans({**dict.fromkeys("‐‑‒–—−-", " "), "’": "'", "\u00a0": " "})
