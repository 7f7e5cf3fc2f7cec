"""What a task makes of one of NLM's files, and which files it refuses."""

import gzip
import json
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.edge.addresses import list_folder, local_path
from assay.edge.nlm_bytes import CheckedStream, CutError
from assay.edge.partition import (
    Order,
    list_markers,
    read_marker,
    read_partition,
    remove_partition,
    write_dictionary,
    write_partition,
)
from assay.edge.partition_rows import RowFile
from assay.edge.zstd_rows import RowPacker
from assay.errors import StoreError
from assay.library.nlm_files import Row
from assay.search import Problem
from tests.nlm_samples import FIRST_PMID, article, name_nlm, nlm_xml, write_nlm

NAME = name_nlm(1)
DICTIONARY = b'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM">' * 20


@pytest.fixture
def order(tmp_path):
    """Write an invented file of two records and a withdrawal; order its partition."""
    articles = [article(FIRST_PMID, doi="10.99999/a"), article(FIRST_PMID + 1, 2)]
    path = write_nlm(tmp_path / "in", NAME, articles, [FIRST_PMID + 2])
    place = str(tmp_path / "out")
    return Order(NAME, str(path), place, dictionary=write_dictionary(place, DICTIONARY))


def test_a_partition_holds_every_record_and_withdrawal_of_its_file(order):
    made = write_partition(order)
    assert (made.file, made.records, made.withdrawn) == (NAME, 2, 1)
    one, two, gone = read_partition(order.place, made)
    assert (one.position, one.pmid, one.version) == (0, FIRST_PMID, 1)
    assert (two.position, two.pmid, two.version) == (1, FIRST_PMID + 1, 2)
    xml = RowPacker(DICTIONARY).unpack(one.value).decode()
    assert xml == article(FIRST_PMID, doi="10.99999/a")
    assert one.names == ("doi:10.99999/a",)
    assert json.loads(one.document)
    assert (gone.pmid, gone.withdrawn, gone.value) == (FIRST_PMID + 2, True, None)


def test_a_good_partition_is_not_made_twice_and_a_damaged_one_is_made_again(
    order, tmp_path
):
    made = write_partition(order)
    parquet = tmp_path / "out" / f"{NAME}.parquet"
    first = parquet.stat().st_ino
    assert write_partition(order) == made
    assert parquet.stat().st_ino == first
    parquet.write_bytes(parquet.read_bytes()[:-1] + b"x")
    with pytest.raises(StoreError, match="is damaged"):
        list(read_partition(order.place, made))
    assert write_partition(order) == made
    assert len(list(read_partition(order.place, made))) == 3


def test_a_partition_of_another_file_or_dictionary_is_made_again(order, tmp_path):
    write_partition(order)
    other = order._replace(dictionary=write_dictionary(order.place, DICTIONARY[:500]))
    assert write_partition(other).dictionary == other.dictionary
    write_nlm(tmp_path / "in", NAME, [article(FIRST_PMID + 5)])
    assert write_partition(other).records == 1


@pytest.mark.parametrize("bad", [b"", b"{}", b"[1]", b"{", b'{"file": "x"}', b"7"])
def test_a_marker_that_cannot_be_read_is_none(order, tmp_path, bad):
    made = write_partition(order)
    (tmp_path / "out" / f"{NAME}.done.json").write_bytes(bad)
    assert read_marker(order.place, NAME) is None
    assert write_partition(order) == made


def refused(order):
    outcome = write_partition(order)
    assert isinstance(outcome, Problem)
    assert outcome.where == NAME
    left = [name for name in list_folder(order.place) if "dictionary" not in name]
    assert left == []
    return outcome.what


def test_a_file_whose_md5_is_another_is_refused_and_leaves_nothing(order):
    assert "and " + "0" * 32 + " was announced" in refused(order._replace(md5="0" * 32))


@pytest.mark.parametrize("size", [0, 1, 11, 200, -9, -1])
def test_a_file_that_was_cut_is_refused(order, size):
    content = local_path(order.source).read_bytes()
    local_path(order.source).write_bytes(content[:size])
    assert refused(order)


def test_a_file_that_is_not_packed_is_read_too_and_refused_when_cut(order):
    source, xml = local_path(order.source), nlm_xml([article(FIRST_PMID)])
    source.write_bytes(xml)
    assert write_partition(order).records == 1
    remove_partition(order.place, NAME)
    source.write_bytes(xml[:-20])
    assert refused(order) == "it has no end tag: it ends in the middle"


def test_what_is_no_file_of_pubmed_is_refused(order):
    source = local_path(order.source)
    source.write_bytes(gzip.compress(b"<html></html></PubmedArticleSet>"))
    assert "an HTML page came" in refused(order)


def test_a_record_that_cannot_be_read_is_named_and_the_others_are_there(order):
    broken = article(FIRST_PMID).replace("</Title>", "")
    source = local_path(order.source)
    source.write_bytes(gzip.compress(nlm_xml([broken, article(FIRST_PMID + 1)])))
    made = write_partition(order)
    assert made.records == 1
    assert [str(FIRST_PMID) in problem.where for problem in made.problems] == [True]
    assert read_marker(order.place, NAME) == made
    assert asdict(made.problems[0])


@pytest.mark.parametrize("pmid", ["abc", "-5", "0", "007", "9" * 24, "\u0667", ""])
def test_a_record_whose_pmid_is_no_number_is_named_and_the_others_are_there(
    order, pmid
):
    source = local_path(order.source)
    content = nlm_xml([article(pmid), article(FIRST_PMID + 1)], [pmid, FIRST_PMID])
    source.write_bytes(gzip.compress(content))
    made = write_partition(order)
    rows = list(read_partition(order.place, made))
    assert [row.pmid for row in rows] == [FIRST_PMID + 1, FIRST_PMID]
    assert len(made.problems) == 2
    for problem in made.problems:
        named = pmid or "(PMID not readable)"
        assert problem.where == f"{NAME}, PubMed record {named}"
    assert "withdrawal" in made.problems[1].what


@pytest.mark.parametrize("version", ["x", "-1", "70000"])
def test_a_record_whose_version_is_no_number_is_named(order, version):
    content = nlm_xml([article(FIRST_PMID, version), article(FIRST_PMID + 1)])
    local_path(order.source).write_bytes(gzip.compress(content))
    made = write_partition(order)
    assert (made.records, len(made.problems)) == (1, 1)
    assert "its version is no number" in made.problems[0].what


@pytest.mark.parametrize(
    ("content", "what"),
    [(b" \n", "it is empty"), (b"<html>503</html>", "something else than PubMed's")],
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_what_a_server_sent_instead_of_a_file_is_not_called_cut(
    order, content, what, pack
):
    local_path(order.source).write_bytes(pack(content))
    assert what in refused(order)


def test_rows_that_cannot_be_written_are_one_error(tmp_path):
    row = Row(1 << 40, FIRST_PMID, 1, False, b"", (), b"")
    with (tmp_path / "a.parquet").open("w+b") as file:
        rows = RowFile(file)
        with pytest.raises(OverflowError), rows:
            rows.add(row)
    del rows  # a writer left open tells of it here, which fails a test


def test_partitions_lie_wherever_fsspec_can_write(order, tmp_path):
    place = "memory://partitions/here"
    far = order._replace(place=place, dictionary=write_dictionary(place, DICTIONARY))
    made = write_partition(far)
    assert list_markers(place) == (NAME,)
    assert next(row.pmid for row in read_partition(place, made)) == FIRST_PMID
    assert write_partition(far) == made
    remove_partition(place, NAME)
    assert list_markers(place) == ()


def test_what_a_killed_try_left_goes_with_the_one_that_is_whole(order, tmp_path):
    (tmp_path / "out" / f".{NAME}.parquet.x1").write_bytes(b"half of it")
    (tmp_path / "out" / f".{name_nlm(2)}.parquet.x2").write_bytes(b"another's")
    write_partition(order)
    left = sorted(name for name in list_folder(order.place) if name.startswith("."))
    assert left == [f".{name_nlm(2)}.parquet.x2"]


def test_a_worker_that_does_not_see_the_place_says_so(order):
    with pytest.raises(StoreError, match="Can every worker read that folder"):
        write_partition(order._replace(dictionary="0" * 64))


class Slowly:
    """A file that gives a few bytes at a time."""

    def __init__(self, content, step):
        self.content, self.step, self.at = content, step, 0

    def read(self, size):
        start, self.at = self.at, self.at + min(size, self.step)
        return self.content[start : self.at]


@given(
    st.lists(st.binary(max_size=300), min_size=1, max_size=4),
    st.integers(1, 90),
    st.integers(0, 5),
    st.integers(0, 400),
)
def test_a_stream_gives_what_gzip_gives_or_says_that_it_is_cut(parts, step, pad, lost):
    parts[-1] += b"</PubmedArticleSet>"
    members = b"".join(map(gzip.compress, parts))
    whole = CheckedStream(Slowly(members + b"\0" * pad, step))
    assert b"".join(whole.chunks()) == b"".join(parts)
    cut = CheckedStream(Slowly(members[: max(0, len(members) - 1 - lost)], step))
    with pytest.raises(CutError):
        for _ in cut.chunks():
            pass
