"""Files of any size, made of real ones: every copy a record of its own."""

import gzip
import hashlib
import re

import pytest
from bench.grow import (
    FIRST_PMID,
    HELD,
    begun,
    change_words,
    find_curve,
    find_shifts,
    grow,
    made_word,
)

from assay.record import Record
from assay.sources.pubmed_xml import iter_records
from tests.standin.synthetic import synthetic_xml

REFERENCES = (
    b"<ReferenceList><Reference><Citation>Invented.</Citation><ArticleIdList>"
    b'<ArticleId IdType="pubmed">%d</ArticleId></ArticleIdList></Reference>'
    b"</ReferenceList></PubmedData>"
)


@pytest.fixture
def real(tmp_path):
    """Return a folder with a file of 40 invented records that cite one another."""
    folder = tmp_path / "real"
    folder.mkdir()
    xml = synthetic_xml(40)
    pmids = [int(p) for p in re.findall(rb"<PMID[^>]*>(\d+)", xml)]
    cited = iter([*pmids[1:], 91234567])
    xml = re.sub(rb"</PubmedData>", lambda _: REFERENCES % next(cited), xml)
    (folder / "pubmed98n0001.xml.gz").write_bytes(gzip.compress(xml))
    yield folder
    HELD.clear()


def read(folder):
    """Return every record of the files that were made."""
    found = []
    for path in sorted(folder.glob("*.xml.gz")):
        found += iter_records((gzip.decompress(path.read_bytes()),))
    return found


def test_every_copy_is_a_whole_record_with_names_of_its_own(real, tmp_path):
    grow(130, tmp_path / "made", real=real)
    found = read(tmp_path / "made")
    assert all(isinstance(item, Record) for item in found)
    assert [int(r.pmid) for r in found] == [FIRST_PMID + n for n in range(130)]
    assert len({record.doi for record in found}) == 130


def test_a_reference_names_a_copy_of_the_same_round(real, tmp_path):
    grow(120, tmp_path / "made", real=real)
    found = read(tmp_path / "made")
    titles = {record.pmid: record.doi for record in found}
    for record in found[:40]:
        again = found[40 + int(record.pmid) - FIRST_PMID]
        (one,), (other,) = record.references, again.references
        cited, copied = dict(one.ids)["pubmed"], dict(other.ids)["pubmed"]
        assert int(copied) == int(cited) + 40
        assert titles[copied].partition(".g")[0] == titles[cited].partition(".g")[0]


def test_the_same_seed_gives_the_same_bytes_and_fewer_records_the_beginning(
    real, tmp_path
):
    texts = []
    for name, count, seed, jobs in (
        ("a", 90, 1, 1),
        ("b", 90, 1, 2),
        ("c", 60, 1, 1),
        ("d", 90, 2, 1),
    ):
        grow(count, tmp_path / name, real=real, seed=seed, jobs=jobs)
        path = tmp_path / name / "pubmed99n0001.xml.gz"
        texts.append(gzip.decompress(path.read_bytes()))
    end = b"</PubmedArticleSet>\n"
    assert texts[0] == texts[1] != texts[3]
    assert texts[0].startswith(texts[2].removesuffix(end))


def test_the_checksum_is_written_as_nlm_writes_it(real, tmp_path):
    (name,) = grow(5, tmp_path / "made", real=real)
    told = (tmp_path / "made" / f"{name}.md5").read_text()
    bytes_ = (tmp_path / "made" / name).read_bytes()
    assert told == f"MD5({name})= {hashlib.md5(bytes_).hexdigest()}\n"


def test_the_vocabulary_grows_on_beyond_the_real_one(real, tmp_path):
    grow(400, tmp_path / "made", real=real)
    source = HELD[0]
    path = tmp_path / "made" / "pubmed99n0001.xml.gz"
    *_, (records, words, different) = find_curve([path], [])
    assert (records, words) == (400, 10 * source.words[-1])
    made = begun(source, words)
    assert made > source.vocabulary
    assert different == pytest.approx(source.vocabulary + made, rel=0.1)


def test_no_two_numbers_make_the_same_word():
    heads = [b"abcd", b"bcde", b"cdef"]
    assert len({made_word(number, heads) for number in range(5000)}) == 5000


def test_only_whole_words_are_exchanged_and_mark_up_stays():
    text = b"<i>One</i> two <sup>3</sup> " + b"plain words " * 200
    for seed in range(5):
        numbers = iter([(seed * 7 + n * 13) % 97 / 97 for n in range(500)])
        found = change_words(text, lambda n=numbers: next(n), 50, 52, [b"abcd"])
        assert found.startswith(b"<i>One</i> ")
        assert b" <sup>3</sup> " in found
        assert len(found.split(b" ")) == len(text.split(b" "))
        assert found != text


def test_dates_move_by_leap_years_and_stay_in_bounds():
    assert find_shifts([1960, 1975]) == range(-12, 45, 4)
    assert list(find_shifts([1900, 2030])) == [0]
    assert list(find_shifts([])) == [0]
