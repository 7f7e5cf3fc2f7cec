"""Words are the same for text and query, whichever way they are made."""

from hypothesis import given, settings
from hypothesis import strategies as st

from assay.library.search_words import make_plain, normal_value, split_words
from assay.library.searchable import searchable_document
from assay.record import Author, Identifier, Record
from tests.slow_search import words

ANY = st.text(st.characters(exclude_categories=()), max_size=60)
NASTY = st.text(
    st.sampled_from(
        "aZ9 _-,/\u00e9e\u0301\u00b5\u03a3\ufb01\u00df"
        "\x01\x02\x03\x04\x1f\n\ud800\u4e2d"
    ),
    max_size=30,
)


@settings(deadline=None)
@given(st.one_of(ANY, NASTY))
def test_words_are_made_as_the_slow_reading_makes_them(text):
    assert tuple(split_words(text)) == words(text)


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["title", "keyword", "author"]),
        st.lists(st.one_of(ANY, NASTY), max_size=4),
    )
)
def test_many_values_at_once_are_what_each_is_alone(texts):
    alone = {
        name: [value for text in values if (value := normal_value(text))]
        for name, values in texts.items()
    }
    alone = {name: values for name, values in alone.items() if values}
    found = make_plain(texts)
    assert {n: [" ".join(v.split()) for v in vs] for n, vs in found.items()} == alone
    marked = "".join(text for values in texts.values() for text in values)
    if "\x01" not in marked and "\x02" not in marked:
        assert make_plain(texts, whole=True) == alone


@settings(deadline=None)
@given(NASTY)
def test_whatever_a_record_holds_can_be_indexed(text):
    record = Record(
        source="x",
        pmid="9" * 40,
        title=text,
        doi=text,
        languages=(text,),
        isbns=(text,),
        authors=(Author(text, text, text, text),),
        identifiers=(Identifier("pii", text),),
    )
    for values in searchable_document(record).values():
        for value in values:
            str(value).encode()
