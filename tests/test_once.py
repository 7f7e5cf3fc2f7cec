"""Each work of a list stands once, as deduplicating the whole list would have it."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from assay.library.dedupe import deduplicate
from assay.library.once import Once
from assay.record import Author, Record

TITLES = (
    "Moonbark tea and sleep in adults",
    "Moonbark tea and sleep",
    "Loads of a bridge",
)
RECORDS = st.builds(
    Record,
    source=st.sampled_from(("pubmed", "crossref", "openalex")),
    pmid=st.sampled_from(("", "", *(str(90_000_001 + n) for n in range(4)))),
    doi=st.sampled_from(("", "10.99999/a", "10.99999/b")),
    title=st.sampled_from(TITLES),
    year=st.sampled_from((0, 2019, 2020)),
    volume=st.sampled_from(("", "7")),
    pages=st.sampled_from(("", "1-9")),
    authors=st.sampled_from(((), (Author("Roe", "Jane", "J"),))),
)


def has_own_pmid(records):
    """Return the records without those whose PMID another has."""
    first = {r.pmid: r for r in reversed(records)}
    return tuple(r for r in records if not r.pmid or first[r.pmid] is r)


@given(st.lists(RECORDS, max_size=8).map(has_own_pmid), st.randoms())
def test_it_gives_what_deduplicating_all_of_them_gives(records, luck):
    once = Once()
    whole = deduplicate(records).records
    distinct = tuple(dict.fromkeys(records))
    assert once.of(distinct) == whole
    some = tuple(luck.sample(distinct, len(distinct) // 2))
    assert once.of(some) == deduplicate(some).records
    assert once.of(distinct) == whole


def test_records_that_all_have_pmids_are_given_as_they_are():
    tea = Record(source="pubmed", pmid="90000001", doi="10.99999/x", title="Tea")
    same = replace(tea, pmid="90000002")
    assert Once().of((tea, same)) == (tea, same)
    assert Once().of(()) == ()
