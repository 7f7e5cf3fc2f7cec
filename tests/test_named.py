"""Diseases and medicines that an article names become known by all their names."""

import pytest

from assay.claims.headings import Headings, parse_headings, spell
from assay.claims.named import add_headings
from assay.claims.topics import widen
from assay.claims.vocabulary import parse_vocabulary
from assay.edge.packaged import read_packaged_text
from tests.claim_samples import article

TABLE = """\
disease\tKidney Neoplasms\tC04.5.9\tkidney cancer|renal neoplasm
disease\tWilms Tumor\tC04.5.9.1\twilms tumor
disease\tOvarian Neoplasms\tC04.7\tovarian cancer
disease\tAnemia\tC15.1\tanemia
disease\tDyspepsia\tC23.1\tdyspepsia|indigestion
medicine\tSemaglutide\t\tsemaglutide|ozempic
"""
TEXT = """
[cancer]
kind = "outcome"
sense = "bad"
words = ["cancer"]
[upset]
kind = "outcome"
sense = "bad"
words = ["indigestion", "upset stomach"]
"""


@pytest.fixture(scope="module")
def words():
    return parse_vocabulary(TEXT, headings=parse_headings(TABLE))


def met(words, text, record):
    wide = add_headings(words, article(text))
    return [m.concept for m in wide.mentions(record)]


def test_a_kind_of_something_known_lies_within_it(words):
    wide = add_headings(words, article("Statins prevent kidney cancer."))
    [met] = wide.mentions("renal neoplasm")
    assert wide.within(met.concept, "cancer")
    [kind] = wide.mentions("Wilms tumour")
    assert wide.within(kind.concept, met.concept)
    assert wide.concepts[met.concept].mesh == ("Kidney Neoplasms",)


def test_two_of_a_kind_that_are_named_are_each_their_own(words):
    text = "Statins prevent kidney cancer and ovarian cancer."
    wide = add_headings(words, article(text))
    [kidney] = wide.mentions("renal neoplasm")
    [ovarian] = wide.mentions("ovarian cancer")
    assert kidney.concept == "heading-kidney-neoplasms"
    assert ovarian.concept == "heading-ovarian-neoplasms"


def test_what_the_article_does_not_name_stays_unknown(words):
    text = "Statins prevent kidney cancer."
    assert met(words, text, "Ozempic") == []
    assert met(words, "Statins prevent colds.", "Ovarian cancer") == ["cancer"]


def test_something_alike_is_not_the_same(words):
    wide = add_headings(words, article("Statins prevent kidney cancer."))
    [other] = wide.mentions("ovarian cancer")
    [own] = wide.mentions("kidney cancer")
    assert wide.within(other.concept, "cancer")
    assert not wide.within(other.concept, own.concept)
    assert not wide.within(own.concept, other.concept)


def test_a_name_that_is_known_lends_its_concept_the_others(words):
    assert met(words, "Cinnamon eases indigestion.", "Dyspepsia") == ["upset"]


def test_either_spelling_is_met_in_either(words):
    for text in ("Iron prevents anaemia.", "Iron prevents anemia."):
        assert met(words, text, "Anaemia and anemia") == ["heading-anemia"] * 2


def test_a_medicine_is_known_by_its_brand(words):
    wide = widen(words, article("Ozempic causes kidney cancer."))
    assert wide.concepts["heading-semaglutide"].kind == "exposure"


def test_a_name_does_not_reach_over_the_end_of_a_sentence(words):
    assert met(words, "It hurts a kidney. Cancer is rare.", "renal neoplasm") == []


def test_nothing_named_leaves_the_vocabulary_alone(words):
    assert add_headings(words, article("It rains.")) is words
    bare = parse_vocabulary(TEXT)
    assert bare.headings == Headings()
    assert add_headings(bare, article("Kidney cancer.")) is bare


def test_spelling_changes_no_word_that_is_british_already():
    assert spell("anaemia") == ("anaemia",)
    assert spell("tumor of the esophagus") == (
        "tumor of the esophagus",
        "tumour of the oesophagus",
    )


def test_what_ships_is_sound():
    shipped = parse_headings(read_packaged_text("headings.tsv"))
    assert len(shipped.all) > 10_000
    for heading in shipped.all:
        assert heading.kind in {"disease", "medicine"}
        assert heading.names
        assert all(name == name.lower().strip() for name in heading.names)
        assert bool(heading.trees) is (heading.kind == "disease")
    plain = "lead water sleep time cold back heart focus energy life control calm"
    assert not set(plain.split()) & shipped.by_name.keys()


def test_a_member_of_a_group_is_not_its_neighbours():
    table = TABLE + "disease\tMumps\tC01.1\tmumps\ndisease\tRubella\tC01.2\trubella\n"
    group = '[spots]\nkind = "outcome"\nsense = "bad"\nlabel = "childhood illness"\n'
    group += 'words = ["childhood illness", "mumps", "rubella"]\n'
    words = parse_vocabulary(group, headings=parse_headings(table))
    wide = add_headings(words, article("It prevents mumps."))
    [mumps] = wide.mentions("mumps")
    [other] = wide.mentions("rubella")
    assert mumps.concept != other.concept == "spots"
    assert not wide.within(other.concept, mumps.concept)
    assert wide.ancestors(other.concept) & wide.ancestors(mumps.concept)
    whole = add_headings(words, article("It prevents childhood illness."))
    assert {m.concept for m in whole.mentions("mumps rubella")} == {"spots"}


def test_a_medicine_stays_within_its_class():
    table = "medicine\tRamipril\t\tramipril\nmedicine\tEnalapril\t\tenalapril\n"
    group = (
        '[ace]\nkind = "exposure"\nwords = ["ace inhibitor*", "ramipril", "enalapril"]'
    )
    words = parse_vocabulary(group, headings=parse_headings(table))
    wide = add_headings(words, article("Ramipril lowers blood pressure."))
    [ramipril] = wide.mentions("ramipril")
    assert wide.within(ramipril.concept, "ace")
    [other] = wide.mentions("enalapril")
    assert not wide.within(other.concept, ramipril.concept)
