"""The order of new works, and the sentence of each: its own words, to the letter."""

from hypothesis import given, settings
from hypothesis import strategies as st

from assay.digest.bearing import (
    choose_quote,
    order_items,
    tell_notice,
    words_of,
)
from assay.digest.model import NO_QUOTE, Bearing, Item, Work
from assay.digest.words import find_held, find_words
from assay.model import Design, Stance
from assay.record import Correction, Record, Section, Summary
from assay.text import record_text
from tests.library_strategies import RECORDS
from tests.sample import HOSTILE_RECORD, STARTER_RECORD
from tests.sample import RECORDS as SAMPLE

QUERY = (
    '(velora[tiab] OR "velora root"[tiab]) AND (sleep[tiab] OR sedat*[tiab] OR '
    '"Sleep"[mh]) NOT rats[tiab] AND 2020:2026[dp]'
)


def shown(text):
    return [[word.shown for word in group] for group in find_words(text).groups]


def tea(*sections, **more):
    parts = tuple(Section(text, label) for label, text in sections)
    more = {"title": "An invented title", **more}
    return Record(source="pubmed", pmid="90000001", abstract=parts, **more)


def quote(record, query=QUERY):
    return choose_quote(record, words_of([query]))


# --- a query's own words ------------------------------------------------------


def test_only_what_is_asked_of_a_text_counts_and_nothing_after_not():
    assert shown(QUERY) == [["velora", "velora root"], ["sleep", "sedat*"]]
    assert shown("tea NOT (sleep OR rats)") == [["tea"]]
    assert shown("smith[au] AND tea[ti] AND 2020[dp]") == [["tea"]]


def test_loose_words_are_all_wanted_and_phrases_stay_whole():
    assert shown("the tea sleep") == [["tea"], ["sleep"]]
    assert shown('"tea sleep"') == [["tea sleep"]]
    assert shown("deep sleep[tiab]") == [["deep sleep"]]
    assert shown('"deep sleep"[tiab:~3]') == [["deep"], ["sleep"]]


def test_a_query_is_read_from_left_to_right():
    assert shown("tea OR milk AND sleep") == [["tea", "milk"], ["sleep"]]
    assert shown("tea AND sleep OR milk") == [["tea", "sleep", "milk"]]


def test_headings_alone_are_no_words_of_a_text():
    assert shown('"Sleep"[mh] AND "Tea"[majr]') == []
    assert shown("") == shown("((((") == []


def test_truncated_words_are_told_as_they_stand_there():
    held = find_held(find_words("sedat*[tiab]"), "It sedates; sedation lasted.")
    assert held.words == ("sedates",)
    assert find_held(find_words("sedat"), "Sedation").groups == 0


def test_accents_case_and_hyphens_do_not_matter():
    held = find_held(find_words('"7-hydroxyvelora"[tiab]'), "7\u2010Hydroxyvelora rose")
    assert held.words == ("7-hydroxyvelora",)
    assert find_held(find_words("étude"), "ETUDE").groups == 1


# --- the sentence -------------------------------------------------------------


def test_it_holds_words_of_most_groups_not_most_synonyms():
    record = tea(
        ("METHODS", "Velora (velora root) was searched for."),
        ("RESULTS", "With velora, sleep was longer."),
    )
    assert quote(record).text == "With velora, sleep was longer."
    assert quote(record).why == "names velora, sleep"


def test_of_equals_conclusions_come_before_results_before_the_rest():
    parts = [(name, f"Velora and sleep: {name}.") for name in ("METHODS", "RESULTS")]
    assert quote(tea(*parts)).text == "Velora and sleep: RESULTS."
    last = ("CONCLUSIONS", "Velora and sleep: the end.")
    assert quote(tea(*parts, last)).text == "Velora and sleep: the end."


def test_an_abstract_without_parts_ends_with_what_was_found():
    record = tea(
        ("", "Velora is drunk for sleep. Rain fell. Velora helped sleep. End.")
    )
    assert quote(record).text == "Velora helped sleep."


def test_a_title_is_quoted_only_where_nothing_else_names_a_word():
    record = tea(("", "Velora was drunk."), title="Velora and sleep")
    assert quote(record).text == "Velora was drunk."
    record = tea(("", "It was drunk."), title="Velora and sleep")
    assert quote(record).text == "Velora and sleep"
    assert quote(record).why == "names velora, sleep"


def test_a_query_of_headings_shows_the_conclusion_then_the_beginning_then_the_title():
    mesh = '"Sleep"[mh]'
    record = tea(("RESULTS", "It rose."), ("CONCLUSIONS", "It helps. More is needed."))
    found = quote(record, mesh)
    assert (found.text, found.why) == ("It helps.", "concludes the abstract")
    found = quote(tea(("", "It rose. It fell.")), mesh)
    assert (found.text, found.why) == ("It rose.", "opens the text")
    found = quote(tea(), mesh)
    assert (found.text, found.why) == ("An invented title", "is all the text there is")
    assert quote(Record(source="x", pmid="90000001"), mesh) is NO_QUOTE


def test_of_several_queries_the_one_that_it_answers_best_is_told():
    record = tea(("", "Velora helped sleep. Tea was hot."))
    asked = words_of(["tea", "velora AND sleep"])
    assert choose_quote(record, asked).why == "names velora, sleep"


def test_our_own_summary_is_told_as_ours():
    found = choose_quote(STARTER_RECORD, [find_words("awakenings")])
    assert found.own_words
    assert found.text == "The number of awakenings did not change."
    titled = Record(
        source="starter",
        pmid="90000001",
        title="Velora",
        summary=Summary(sentences=("Rain.",), written_by="us", written_on="2025-01-15"),
    )
    assert not choose_quote(titled, [find_words("velora")]).own_words


WORDS = st.sampled_from(
    ["velora", "sleep*", "tea", '"a b"', "NOT", "OR", "AND", "(", ")", "x[mh]", "[ti]"]
)
QUERIES = st.lists(WORDS, max_size=8).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(record=RECORDS | st.sampled_from(SAMPLE), texts=st.lists(QUERIES, max_size=3))
def test_a_quote_is_always_the_records_own_text(record, texts):
    found = choose_quote(record, [find_words(text) for text in texts])
    text = record_text(record)
    assert found.text == text[found.start : found.end]
    assert bool(found.text) == bool(text.strip())
    assert found.own_words <= (record.summary is not None and not record.abstract)


def test_hostile_text_stays_text():
    found = choose_quote(HOSTILE_RECORD, [find_words("grapefruit")])
    assert found.text in record_text(HOSTILE_RECORD)


# --- the order ----------------------------------------------------------------


def item(key, design=Design.UNCLEAR, date="", stance=None):
    bears = (Bearing(1, "a claim", stance),) if stance else ()
    work = Work(key=key, names=(key,), design=design, date=date)
    return Item(work=work, queries=("q",), bears_on=bears)


def test_a_watched_claim_comes_first_then_design_then_date_then_key():
    wanted = (
        item("a", Design.CASE_REPORT, "2001", Stance.QUALIFIES),
        item("b", Design.META_ANALYSIS, "2020"),
        item("c", Design.RANDOMISED_TRIAL, "2021-03-02"),
        item("d", Design.RANDOMISED_TRIAL, "2021-03"),
        item("e", Design.RANDOMISED_TRIAL, "2021"),
        item("f", Design.RANDOMISED_TRIAL, "2021", Stance.NEUTRAL),
        item("g", Design.RANDOMISED_TRIAL),
        item("h", Design.UNCLEAR, "2026"),
    )
    assert order_items(reversed(wanted)) == wanted
    assert order_items(()) == ()


ITEMS = st.lists(
    st.builds(
        item,
        st.text("abc", min_size=1, max_size=2),
        st.sampled_from(Design),
        st.sampled_from(["", "2020", "2020-05", "2021-01-01"]),
        st.sampled_from([None, *Stance]),
    ),
    unique_by=lambda each: each.work.key,
)


@given(items=ITEMS, random=st.randoms(use_true_random=False))
def test_the_order_of_items_does_not_depend_on_how_they_came(items, random):
    mixed = list(items)
    random.shuffle(mixed)
    assert order_items(mixed) == order_items(items)
    assert sorted(map(repr, order_items(items))) == sorted(map(repr, items))


# --- notices among what is new ------------------------------------------------


def test_a_notice_is_told_as_what_it_does_to_which_work():
    link = Correction("RetractionOf", pmid="90000013")
    notice = tea(title="Retraction: Velora cures sleep", corrections=(link,))
    found = quote(notice)
    assert found.why == "tells that PMID 90000013 is retracted"
    assert found.text == "Retraction: Velora cures sleep"


def test_every_kind_of_notice_is_known_by_link_or_type():
    typed = tea(publication_types=("Published Erratum",))
    assert tell_notice(typed) == "corrects another work"
    linked = tea(corrections=(Correction("ErratumFor", doi="10.99999/x"),))
    assert tell_notice(linked) == "corrects DOI 10.99999/x"
    both = Correction("ExpressionOfConcernFor", pmid="90000001")
    both = tea(publication_types=("Expression of Concern",), corrections=(both,))
    assert tell_notice(both) == "tells of concern about PMID 90000001"
    assert tell_notice(tea(corrections=(Correction("ErratumIn"),))) == ""
