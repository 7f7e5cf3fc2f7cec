"""Files of the web come whole, from where they broke, one connection at a time."""

import gzip
import hashlib
import os
import signal
import subprocess
import sys

import pytest

from assay.cli import main
from assay.edge.download import GIVE_UP_AFTER, TRIES, Downloader
from assay.edge.mirror import open_mirror
from assay.edge.nlm_source import find_sources, is_web, read_md5
from assay.errors import AssayError, SourceDownError
from assay.library.nlm_listing import parse_listing, parse_md5
from tests.dask_cluster import ROOT
from tests.file_server import serve_files
from tests.kill_at import HereWorker
from tests.nlm_samples import FIRST_PMID, article, name_nlm, nlm_xml

BODY = bytes(range(256)) * 2_000
MD5 = hashlib.md5(BODY).hexdigest()


@pytest.fixture
def served():
    with serve_files() as served:
        served.files["/x.gz"] = BODY
        yield served


@pytest.fixture
def web():
    with Downloader(wait=0.0) as web:
        yield web


def test_a_file_comes_whole(served, web, tmp_path):
    told = []
    path = tmp_path / "in/x.gz"
    web.save(f"{served.url}x.gz", path, MD5, lambda *size: told.append(size))
    assert path.read_bytes() == BODY
    assert told[-1] == (len(BODY), len(BODY))
    web.save(f"{served.url}x.gz", path, MD5)
    assert len(served.asked) == 1  # it was here
    assert [p.name for p in path.parent.iterdir()] == ["x.gz"]


def test_what_broke_goes_on_where_it_broke(served, web, tmp_path):
    served.faults = [100_000, 503, 70_000]
    web.save(f"{served.url}x.gz", tmp_path / "x.gz", MD5)
    assert (tmp_path / "x.gz").read_bytes() == BODY
    assert [wanted for _, wanted in served.asked] == [
        "", "bytes=100000-", "bytes=100000-", "bytes=170000-",
    ]  # fmt: skip


def test_a_later_run_goes_on_where_an_earlier_one_broke(served, web, tmp_path):
    served.faults = [90_000, *[500] * 5]
    with pytest.raises(SourceDownError, match=r"it answers 500\. Run the same command"):
        web.save(f"{served.url}x.gz", tmp_path / "x.gz", MD5)
    web.save(f"{served.url}x.gz", tmp_path / "x.gz", MD5)
    assert served.asked[-1][1] == "bytes=90000-"
    assert (tmp_path / "x.gz").read_bytes() == BODY


def test_a_file_that_changed_meanwhile_comes_anew(served, web, tmp_path):
    served.faults = [90_000, *[500] * 5]
    with pytest.raises(SourceDownError):
        web.save(f"{served.url}x.gz", tmp_path / "x.gz")
    served.files["/x.gz"] = BODY[::-1]
    web.save(f"{served.url}x.gz", tmp_path / "x.gz")
    assert (tmp_path / "x.gz").read_bytes() == BODY[::-1]


def test_a_part_that_was_whole_already_does_no_harm(served, web, tmp_path):
    (tmp_path / "x.gz.part").write_bytes(BODY)
    (tmp_path / "x.gz.part.version").write_text(f'"{MD5}"')
    web.save(f"{served.url}x.gz", tmp_path / "x.gz", MD5)
    assert (tmp_path / "x.gz").read_bytes() == BODY


def test_another_md5_is_tried_twice_and_then_told(served, web, tmp_path):
    with pytest.raises(SourceDownError, match=r"and 0{32} was announced"):
        web.save(f"{served.url}x.gz", tmp_path / "x.gz", "0" * 32)
    assert len(served.asked) == 2
    assert list(tmp_path.iterdir()) == []


def test_a_host_that_gives_nothing_is_given_up_after_some_files(served, web, tmp_path):
    served.files |= {f"/{n}.gz": BODY for n in range(9)}
    served.faults = [500] * 99
    told = []
    for n in range(9):
        assert web.read(f"{served.url}{n}.gz.md5") is None  # it gives others
        with pytest.raises(SourceDownError) as error:
            web.save(f"{served.url}{n}.gz", tmp_path / f"{n}.gz")
        told.append(str(error.value))
    asked = [path for path, _ in served.asked if path.endswith(".gz")]
    assert len(asked) == GIVE_UP_AFTER * TRIES
    assert "it answers 500." in told[GIVE_UP_AFTER - 1]
    assert "not asked, since 5 in a row could not be had (it answers 500)." in told[-1]


def test_files_that_are_not_there_are_no_reason_to_give_up(served, web, tmp_path):
    for n in range(9):
        with pytest.raises(SourceDownError, match="it is not there"):
            web.save(f"{served.url}none{n}.gz", tmp_path / "x")
    web.save(f"{served.url}x.gz", tmp_path / "x.gz", MD5)


def test_what_is_not_there_or_leads_elsewhere_is_told(served, web, tmp_path):
    assert web.read(f"{served.url}none") is None
    with pytest.raises(SourceDownError, match="it is not there"):
        web.save(f"{served.url}none", tmp_path / "x")
    served.faults = [302]
    with pytest.raises(SourceDownError, match=r"another address \(localhost\)"):
        web.save(f"{served.url}x.gz", tmp_path / "x")


def test_a_listing_names_its_own_files_only():
    page = (
        '<A HREF="pubmed26n0002.xml.gz">b</A> <a href=pubmed26n0001.xml.gz>a</a>'
        '<a href="pubmed26n0001.xml.gz.md5">m</a>'
        '<a href="../pubmed26n0009.xml.gz">p</a>'
        '<a href="https://b.example/pubmed26n0003.xml.gz">o</a><a href="?C=N">s</a>'
        '<a href="/x/updatefiles/">u</a><a href="notes.txt">n</a>'
    )
    base = "https://a.example/x/"
    assert parse_listing(page, base) == tuple(
        base + name
        for name in ("pubmed26n0001.xml.gz", "pubmed26n0002.xml.gz", "updatefiles/")
    )


def test_every_form_of_an_md5_file_is_read():
    hex32 = "0f343b0931126a20f133d67c2b018a3b"
    for text in (
        f"MD5(pubmed26n0001.xml.gz)= {hex32}\n",
        f"MD5 (pubmed26n0001.xml.gz) = {hex32.upper()}",
        f"{hex32}  pubmed26n0001.xml.gz\n",
        hex32,
    ):
        assert parse_md5(text) == hex32
    assert parse_md5("") == parse_md5(hex32 + "0") == parse_md5("no md5 here") == ""


def put(served, folder, number, articles):
    body = gzip.compress(nlm_xml(articles), mtime=0)
    name = name_nlm(number)
    md5 = f"MD5({name})= {hashlib.md5(body).hexdigest()}\n".encode()
    served.files |= {f"{folder}{name}": body, f"{folder}{name}.md5": md5}


def test_sources_are_found_below_an_address_in_the_order_of_their_numbers(served, web):
    put(served, "/pubmed/updatefiles/", 2, [])
    put(served, "/pubmed/baseline/", 1, [])
    put(served, "/pubmed/baseline/deeper/", 3, [])
    for word in (f"{served.url}pubmed/", f"{served.url}pubmed"):
        found = find_sources([word], web)
        assert [source.file.number for source in found.nlm] == [1, 2]
    assert found.others == ()
    assert len(read_md5(found.nlm[0].address, web)) == 32
    assert is_web(found.nlm[0].address)
    served.files[f"/pubmed/baseline/{name_nlm(1)}.md5"] = b"<html>"
    with pytest.raises(AssayError, match="tells no md5"):
        read_md5(found.nlm[0].address, web)


def test_a_listing_is_loaded_file_by_file_over_one_connection(
    served, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr("assay.edge.jobs_processes._Worker", HereWorker)
    monkeypatch.setattr("assay.edge.download.WAIT_S", 0.0)
    (tmp_path / "queries").mkdir()
    for number in range(1, 5):
        put(served, "/baseline/", number, [article(FIRST_PMID + number)])
    served.files[f"/baseline/{name_nlm(3)}"] += b"?"
    served.faults = [300]
    words = ("library", "ingest", f"{served.url}baseline/", "--workspace", tmp_path)
    words = [str(word) for word in words]
    assert main(words) == 3
    assert f"{name_nlm(3)}: " in capsys.readouterr().err
    assert served.most_open == 1
    folder = tmp_path / "cache/library"
    with open_mirror(folder) as mirror:
        assert [p - FIRST_PMID for p in mirror.pmids()] == [1, 2, 4]
    left = [path.name for path in (folder / "pubmed/partitions").iterdir()]
    assert [name for name in left if "dictionary" not in name] == []
    served.asked.clear()
    put(served, "/baseline/", 3, [article(FIRST_PMID + 3)])
    assert main(words) == 0
    fetched = [path for path, _ in served.asked if path.endswith(".gz")]
    assert fetched == [f"/baseline/{name_nlm(3)}"]


def test_ctrl_c_stops_at_once_and_says_that_the_next_run_goes_on(served, tmp_path):
    (tmp_path / "queries").mkdir()
    put(served, "/", 1, [article(FIRST_PMID)])
    address = f"{served.url}{name_nlm(1)}"
    served.faults = ["stall"]
    words = ("library", "ingest", address, "--workspace", str(tmp_path))
    run = subprocess.Popen(
        [sys.executable, "-m", "assay", *words],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        stderr=subprocess.PIPE,
    )
    assert served.stalled.wait(60)
    run.send_signal(signal.SIGINT)
    _, told = run.communicate(timeout=20)  # the server keeps silent for 60 s
    assert run.returncode == 130
    assert told.decode().splitlines()[-1] == (
        "assay: interrupted. What was done so far is kept; run the same command again "
        "to go on."
    )
