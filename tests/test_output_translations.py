"""How a query is asked of each service, readable at 80 columns."""

from hypothesis import given

from assay.output.clean import clean
from assay.output.translations import MARKS, render_translations
from assay.query import translate_crossref, translate_europepmc, translate_pubmed
from assay.search import Fidelity, Query, Translation
from tests.test_output_clean import NASTY

QUERY = Query(text='tea[ti] AND "green tea"[ti:~3] OR x1[sh]', since="2019")
MADE = {
    "PubMed": translate_pubmed.translate_query(QUERY),
    "Europe PMC": translate_europepmc.translate_query(QUERY),
}


def test_every_service_has_a_block_and_every_clause_a_line():
    shown = render_translations(QUERY, MADE)
    assert shown.splitlines()[0] == f"Query: {QUERY.text} (2019 to …)"
    assert "PubMed: asked exactly\n" in shown
    assert "Europe PMC: may miss some of what is asked\n" in shown
    assert '  = tea[ti]\n      → TITLE:"tea"\n' in shown
    assert '  + "green tea"[ti:~3]\n' in shown
    assert (
        "  x x1[sh]\n      Europe PMC has no field for it. What it alone finds" in shown
    )
    assert shown.rstrip().endswith("x is not sent.")


def test_lines_are_at_most_80_columns():
    text = " OR ".join(f'"word{n} and more"[tiab]' for n in range(60))
    query = Query(text=text)
    shown = render_translations(query, {"X": translate_crossref.translate_query(query)})
    assert max(map(len, shown.splitlines())) <= 80


def test_what_cannot_be_asked_at_all_is_said():
    query = Query(text="x1[sh]")
    made = translate_europepmc.translate_query(query)
    shown = render_translations(query, {"Europe PMC": made})
    assert "Europe PMC: not asked: nothing of the query can be sent" in shown
    assert "Sent" not in shown


def test_there_is_a_mark_for_every_fidelity():
    assert set(MARKS) == set(Fidelity)
    assert len(set(MARKS.values())) == len(MARKS)


@given(NASTY)
def test_nothing_in_a_query_acts_on_the_terminal(nasty):
    query = Query(text=f"tea{nasty}[ti]")
    made = Translation(sent=nasty, params=(("q", nasty),))
    shown = render_translations(query, {f"X{nasty}": made})
    assert clean(shown) == shown
