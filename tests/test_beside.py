"""The library and the mirror beside it: what one holds reaches the other."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assay.edge.mirror import open_mirror
from assay.edge.mirror_generation import make_generation, switch_generation
from assay.edge.mirror_refresh import refresh_library
from assay.edge.store import Added, open_library
from assay.record import Record
from assay.sources.pubmed_xml import read_article_bytes
from tests.mirror_files import WHEN, article, load, make_mirror, record

SRC = Path(__file__).parent.parent / "src"
FIRST = "pubmed26n0001.xml.gz"
SECOND = "pubmed26n0002.xml.gz"
PMID = 90_000_001
KEY = f"pmid:{PMID}"
DOI = "10.99999/a"


@pytest.fixture
def library(tmp_path):
    with open_library(tmp_path, starter=False) as library:
        yield library


def add(library, *records, source="crossref"):
    return library.add(records, source=source, query="tea", when="2026-11-24")


def crossref(**parts):
    return Record(source="crossref", title="On Tea", volume="7", **parts)


@pytest.mark.parametrize(
    "parts", [{"pmid": str(PMID)}, {"doi": DOI}, {"pmid": str(PMID), "doi": DOI}]
)
def test_a_new_record_takes_along_what_the_mirror_has_of_it(library, tmp_path, parts):
    make_mirror(tmp_path, (FIRST, [record(0, PMID, doi=DOI, retracted=True)]))
    assert add(library, crossref(**parts)) == Added(new=1)
    kept = library.get(KEY)
    assert (kept.source, kept.title, kept.volume) == ("pubmed", "On tea", "7")
    assert kept.corrections[0].ref_type == "RetractionIn"
    assert [p[:2] for p in library.provenance(KEY)] == [
        ("pubmed", FIRST),
        ("crossref", "tea"),
    ]
    assert library.count() == 1
    assert add(library, crossref(**parts)) == Added(unchanged=1)


def test_a_record_just_as_the_mirror_has_it_is_simply_new(library, tmp_path):
    make_mirror(tmp_path, (FIRST, [record(0, PMID)]))
    with open_mirror(tmp_path) as mirror:
        same = mirror.get(KEY)
    assert add(library, same, source="pubmed") == Added(new=1)
    assert [p.source for p in library.provenance(KEY)] == ["pubmed"]
    assert library.last_seq() == 1


def test_another_record_with_the_same_doi_is_not_mixed_in(library, tmp_path):
    make_mirror(tmp_path, (FIRST, [record(0, PMID, doi=DOI)]))
    assert add(library, crossref(pmid="90000009", doi=DOI)) == Added(new=1)
    assert library.get("pmid:90000009").title == "On Tea"
    assert library.get(KEY) is None


def test_a_mirror_that_comes_or_is_replaced_later_is_seen(library, tmp_path):
    add(library, crossref(pmid="90000008"))
    make_mirror(tmp_path, (FIRST, [record(0, PMID, words="old")]))
    add(library, crossref(pmid=str(PMID)))
    assert library.get(KEY).title == "On old"
    new = make_generation(tmp_path, "2027", lambda: b"")
    load(new, "pubmed27n0001.xml.gz", [record(0, PMID + 1, words="newer")])
    assert switch_generation(tmp_path, "2027") is None
    add(library, crossref(pmid=str(PMID + 1)))
    assert library.get(f"pmid:{PMID + 1}").title == "On newer"


def test_a_notice_of_retraction_in_an_update_file_reaches_the_library(
    library, tmp_path
):
    make_mirror(tmp_path, (FIRST, [record(0, PMID), record(1, PMID + 1)]))
    add(library, crossref(pmid=str(PMID)), crossref(pmid="90000009"))
    with open_mirror(tmp_path) as mirror:
        assert refresh_library(library, mirror) == Added(unchanged=1)
        load(mirror.generation, SECOND, [record(0, PMID, retracted=True)])
        assert refresh_library(library, mirror) == Added(changed=1)
        assert library.get(KEY).corrections
        seq = library.last_seq()
        assert refresh_library(library, mirror) == Added()
        assert library.last_seq() == seq
    assert (library.count(), library.get(f"pmid:{PMID + 1}")) == (2, None)
    found = library.provenance(KEY)
    assert ("pubmed", SECOND, WHEN, WHEN) in found


def test_a_baseline_that_is_older_than_what_was_fetched_takes_nothing_back(
    library, tmp_path
):
    fetched = read_article_bytes(article(PMID, words="now", retracted=True, year=2026))
    add(library, fetched, source="pubmed")
    make_mirror(tmp_path, (FIRST, [record(0, PMID, words="old", year=2025)]))
    with open_mirror(tmp_path) as mirror:
        assert refresh_library(library, mirror) == Added(unchanged=1)
    assert library.get(KEY) == fetched


def test_what_was_recorded_long_ago_is_not_put_over_the_mirrors_copy(library, tmp_path):
    rows = [record(0, PMID, words="now", retracted=True, year=2026)]
    make_mirror(tmp_path, (FIRST, rows))
    old = read_article_bytes(article(PMID, words="old", year=2025))
    assert add(library, old, source="pubmed") == Added(new=1)
    assert library.get(KEY).title == "On now"
    assert library.get(KEY).corrections


def test_a_record_of_which_only_the_doi_is_known_is_refreshed_too(library, tmp_path):
    add(library, crossref(doi=DOI))
    make_mirror(tmp_path, (FIRST, [record(0, PMID, doi=DOI), record(1, 7, doi="x")]))
    with open_mirror(tmp_path) as mirror:
        assert refresh_library(library, mirror) == Added(changed=1)
    assert library.get(KEY).volume == "7"
    assert library.count() == 1


def test_what_once_had_a_records_doi_does_not_come_into_the_library(library, tmp_path):
    add(library, crossref(doi=DOI))
    make_mirror(
        tmp_path,
        (FIRST, [record(0, PMID, doi=DOI)]),
        (SECOND, [record(0, PMID, doi="10.99999/other")]),
    )
    with open_mirror(tmp_path) as mirror:
        assert refresh_library(library, mirror) == Added()
    assert library.count() == 1


def test_a_kill_before_the_note_only_repeats_the_work(library, tmp_path):
    add(library, crossref(pmid=str(PMID)))
    make_mirror(tmp_path, (FIRST, [record(0, PMID)]))
    with open_mirror(tmp_path) as mirror:
        refresh_library(library, mirror)
        seq = library.last_seq()
        library.write("DELETE FROM meta WHERE name = ?", [("pubmed",)])
        assert refresh_library(library, mirror) == Added(unchanged=1)
        assert library.last_seq() == seq


def test_a_new_generation_is_brought_from_its_first_load_on(library, tmp_path):
    add(library, crossref(pmid=str(PMID)))
    make_mirror(tmp_path, (FIRST, [record(0, PMID)]), name="2026")
    with open_mirror(tmp_path) as mirror:
        refresh_library(library, mirror)
    new = make_generation(tmp_path, "2027", lambda: b"")
    load(new, "pubmed27n0001.xml.gz", [record(0, PMID, words="newer")])
    switch_generation(tmp_path, "2027")
    with open_mirror(tmp_path) as mirror:
        assert refresh_library(library, mirror) == Added(changed=1)
    assert library.get(KEY).title == "On newer"


def test_without_a_mirror_none_of_its_modules_is_loaded(tmp_path):
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from assay.edge.store import open_library\n"
        "from assay.record import Record\n"
        "with open_library(Path(sys.argv[1])) as library:\n"
        "    library.add([Record(source='x', doi='10.99999/x')], "
        "source='x', query='', when='2026')\n"
        "print([n for n in sys.modules if 'mirror' in n or 'zstandard' in n])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(SRC)},
        text=True,
    )
    assert done.stdout == "[]\n"
