"""Sentences and their offsets: the laws, the hard cases, and real abstracts."""

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.record import Record, Section
from assay.text import fold, record_sentences, record_text, split_sentences

PIECES = (
    *("Tea", "tea.", "No.", "5", "Dr.", "Roe", "e.g.", "al.", "A.", "h.", "1.", "\n"),
    *(
        "(",
        ")",
        "[3]",
        ".12",
        "end.Next",
        ".05",
        "…",
        "?!",
        "“",
        "”",
        "sleep.12",
        "mRNA",
    ),
)
ANY_TEXT = st.one_of(
    st.text(),
    st.text(alphabet=' \n\t.!?…"”)]([0123456789aAbBnop,:;-'),
    st.lists(st.sampled_from(PIECES)).map(" ".join),
)


def split(text):
    return [text[s.start : s.end] for s in split_sentences(text)]


@pytest.mark.parametrize(
    "marked",
    [
        # abbreviations
        "Dr. Roe and Prof. Doe drank tea.|It was warm.",
        "Some herbs, e.g. Valerian, i.e. the root, were used.|Others were not.",
        "Roe et al. found no effect.|The rats slept.",
        "This was shown by Roe et al.|The rats slept.",
        "Leaves, roots, etc. were dried.|We used etc.|The rest was left.",
        "It took approx. 30 min.|Rats slept (see Fig. 3 and Ref. 12).|They woke.",
        "Sample No. 5 was lost.|The answer was no.|Rats slept.",
        "It is sold in the U.S. and U.K. now.|It is sold in the U.S.|The law is old.",
        "Tea vs. Coffee was compared.|It had 5 mg.|Rats slept.",
        "St. John’s wort was given i.v. and p.o. for 3 wk.|Then it was stopped.",
        # initials and letters that name things
        "J. Roe and A. B. Doe wrote it.|M. speciosa is a tree.",
        "More slept in group A.|Patients in group B did not.",
        "All had low vitamin D.|Serum was frozen.",
        "Signals came through NF-κB.|Rats lacking HR.|Treatment helped.",
        # numbers
        "It was large (p < .05).|It lasted 2.5 h.|Then it ended in 1999.|They left.",
        "P was .61 (CI .48-.76).|It was low.",
        "The 7-OH.|It binds well.",
        "There were 12.|45 patients slept.",
        # lower case that begins a sentence
        "Expression was measured.|mRNA levels rose.|p53 did not.",
        # dots, quotes and brackets
        "Well … it may help.|Perhaps…|Nobody knows.",
        "“It helps.”|She slept.|(It was late.)|He left.",
        "“Does it help?” she asked.|“No!” he said.|Really?!|Yes.",
        'They said "never again."|Then they slept.',
        # list numbers
        "1. Tea calms.|2. Tea warms.",
        "1) Tea calms.|(2) Tea warms.",
        "There are two aims: 1. To rest.|2. To sleep.",
        # a stop without a blank after it
        "See www.example.Org or mail x.y@Example.Com for more.|It is free.",
        "Use Node.Js, v. 3.5, or file.Txt today.",
        # footnote marks
        "They slept well.12 |Others did not.[3]|Some did.1,2 |They left.¹",
        "It ended in 1999.4 |They had slept [3].|Then they woke.",
        "The ratio was 2.6 L in all.",
        # other scripts
        "お茶は眠りを助ける。|研究は少ない。",
    ],
)
def test_a_sentence_ends_where_a_reader_ends_it(marked):
    text = marked.replace("|", " ") if "。" not in marked else marked.replace("|", "")
    assert split(text) == [s.strip() for s in marked.split("|")]


def test_a_stop_glued_to_the_next_sentence_ends_it():
    assert split("This is the end.Next comes tea.") == [
        "This is the end.",
        "Next comes tea.",
    ]


def test_a_line_break_ends_a_sentence():
    assert split("Tea\n\nIt calms\r\nand warms.") == ["Tea", "It calms", "and warms."]


@given(ANY_TEXT)
def test_sentences_are_in_order_and_hold_every_visible_character(text):
    spans = split_sentences(text)
    at = 0
    for span in spans:
        assert not text[at : span.start].strip()
        assert at <= span.start < span.end
        assert text[span.start : span.end] == text[span.start : span.end].strip()
        at = span.end
    assert not text[at:].strip()


@given(ANY_TEXT)
def test_no_sentence_holds_a_line_break(text):
    assert not any("\n" in sentence for sentence in split(text))


@pytest.mark.parametrize(
    "piece",
    [".", ". ", ".)", '."', "\n", "\n \n", "end.Next", "end.", "a.1", "a.[1,1", " "],
)
def test_a_megabyte_of_one_thing_is_split_too(piece):
    text = "Tea" + piece * (1_000_000 // len(piece)) + "x"
    assert split_sentences(text)[-1].end == len(text)


def abstracts(shared):
    """Yield real abstracts as the lists of sentences that others split them into."""
    for name in ("section_roles", "scifact.train"):
        with gzip.open(
            shared / f"stance/{name}.jsonl.gz", "rt", encoding="utf-8"
        ) as file:
            for line in file:
                sents = [fold(s) for s in json.loads(line)["sents"]]
                yield [s for s in sents if s]


def test_real_abstracts_are_split_as_others_split_them(shared):
    """The others are programs that keep "… of TdT. This …" whole, so 1 is no aim."""
    same = ours = theirs = 0
    for sents in abstracts(shared):
        text, ends = " ".join(sents), set()
        for sentence in sents[:-1]:
            ends.add((max(ends) + 1 if ends else 0) + len(sentence))
        found = {s.end for s in split_sentences(text)} - {len(text)}
        same += len(ends & found)
        ours += len(found)
        theirs += len(ends)
    assert same / ours >= 0.955
    assert same / theirs >= 0.955


def test_a_sentence_of_a_real_abstract_is_one_sentence_again(shared):
    again = total = 0
    for sents in abstracts(shared):
        for sentence in split(" ".join(sents)):
            total += 1
            again += split(sentence) == [sentence]
    assert again / total >= 0.999


def test_the_sentences_of_a_record_are_slices_of_its_text():
    parts = (Section("A was.  B was.", "RESULTS"), Section("C is.", "CONCLUSIONS"))
    record = Record(source="test", title="A title", abstract=parts)
    found = record_sentences(record)
    text = record_text(record)
    assert [text[s.start : s.end] for s, _ in found] == [
        "A title",
        "A was.",
        "B was.",
        "C is.",
    ]
    assert [section.label for _, section in found][1:] == [
        "RESULTS",
        "RESULTS",
        "CONCLUSIONS",
    ]
