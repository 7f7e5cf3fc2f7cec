"""`assay library ingest`: all of PubMed's files, whatever happens in between."""

import errno
import json

import pytest
from jsonschema import Draft202012Validator

from assay.cli import main
from assay.edge import ingest, ingest_files, jobs_processes, partition
from assay.edge.download import Downloader
from assay.edge.ingest_files import Near, find_dictionary
from assay.edge.mirror import open_mirror
from assay.edge.mirror_generation import current_generation
from assay.edge.mirror_index import open_mirror_index
from assay.edge.nlm_source import find_sources
from assay.edge.packaged import read_packaged_text
from assay.edge.partition import Order, write_dictionary, write_partition
from tests.kill_at import HereWorker
from tests.nlm_samples import (
    FIRST_PMID,
    article,
    name_nlm,
    nlm_xml,
    write_md5,
    write_nlm,
)


@pytest.fixture(autouse=True)
def _work_here(monkeypatch):
    """Do the tasks in this process: starting others is tested in test_jobs."""
    monkeypatch.setattr(jobs_processes, "_Worker", HereWorker)


@pytest.fixture
def assay(capsys, monkeypatch, tmp_path):
    """Run one command in a workspace of its own; return (status, output, errors)."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "queries").mkdir()

    def run(*words):
        status = main([str(word) for word in words])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


@pytest.fixture
def folder(tmp_path):
    """Return the folder of the library."""
    return tmp_path / "cache/library"


def exported(run, tmp_path):
    path = tmp_path / "all.jsonl"
    assert run("library", "export", path)[0] == 0
    return path.read_bytes()


def pmids_of(folder):
    with open_mirror(folder) as mirror:
        store = list(mirror.pmids())
    assert list(open_mirror_index(current_generation(folder)).pmids()) == store
    return [pmid - FIRST_PMID for pmid in store]


def test_files_are_loaded_in_the_order_of_their_numbers_and_then_skipped(
    assay, folder, tmp_path
):
    write_nlm(tmp_path / "in", name_nlm(1), [article(FIRST_PMID)])
    later = [article(FIRST_PMID + i, words="Later") for i in range(3)]
    write_nlm(tmp_path / "in", name_nlm(2), later, [FIRST_PMID + 1])
    status, out, err = assay("library", "ingest", "in", "--workers", 1)
    assert (status, err.splitlines()) == (
        0,
        [
            f"assay: {name_nlm(1)}: loaded, 1 record: 1 new, 0 replaced, 0 withdrawn",
            f"assay: {name_nlm(2)}: loaded, 3 records: 1 new, 1 replaced, 0 withdrawn",
        ],
    )
    assert out.startswith("2 files loaded in ")
    assert out.endswith("s. 2 new records, 1 replaced, 0 withdrawn.\n")
    assert pmids_of(folder) == [0, 2]
    with open_mirror(folder) as mirror:
        assert b"Later" in mirror.xml(FIRST_PMID)
    status, out, err = assay("library", "ingest", "in")
    assert (status, err) == (0, "")
    assert out.startswith("0 files loaded, 2 skipped in ")
    assert list((folder / "pubmed/partitions").glob("*.parquet*")) == []


def test_workers_in_other_folders_find_what_was_named_from_here(
    assay, tmp_path, monkeypatch
):
    orders = []

    def make(order):
        orders.append(order)
        return write_partition(order)

    monkeypatch.setattr(ingest, "write_partition", make)
    write_nlm(tmp_path / "in", name_nlm(1), [article(FIRST_PMID)])
    assert assay("library", "ingest", "in", "--partitions", "parts")[0] == 0
    [order] = orders
    assert order.source == str(tmp_path / "in" / name_nlm(1))
    assert order.place == str(tmp_path / "parts")


def test_the_same_is_told_as_json(assay, tmp_path):
    write_nlm(tmp_path / "in", name_nlm(1), [article(FIRST_PMID)])
    write_nlm(tmp_path / "in", name_nlm(2), [article(FIRST_PMID)])
    (tmp_path / "in" / name_nlm(2)).write_bytes(b"")
    status, out, _ = assay("library", "ingest", "in", "--json")
    told = json.loads(out)
    schema = json.loads(read_packaged_text("schemas/ingest.schema.json"))
    Draft202012Validator(schema).validate(told)
    assert status == 3
    assert told["files"]["loaded"] == told["files"]["refused"] == 1
    assert [each["fate"] for each in told["outcomes"]] == ["loaded", "refused"]


def test_a_file_with_another_md5_is_refused_by_name_and_the_rest_goes_on(
    assay, folder, tmp_path
):
    write_nlm(tmp_path / "in", name_nlm(1), [article(FIRST_PMID)])
    bad = write_nlm(tmp_path / "in", name_nlm(2), [article(FIRST_PMID + 1)])
    bad.with_name(f"{bad.name}.md5").write_text(f"MD5({bad.name})= {'0' * 32}\n")
    write_nlm(tmp_path / "in", name_nlm(3), [article(FIRST_PMID + 2)])
    status, out, err = assay("library", "ingest", "in")
    assert status == 3
    assert f"assay: {bad.name}: its md5 is " in err
    assert out.startswith("2 files loaded, 1 refused in ")
    assert pmids_of(folder) == [0, 2]
    write_md5(bad)
    assert assay("library", "ingest", "in")[0] == 0
    assert pmids_of(folder) == [0, 1, 2]


def test_without_md5_gzip_decides_and_it_is_said_once(assay, folder, tmp_path):
    for number in (1, 2, 3):
        articles = [article(FIRST_PMID + number)]
        write_nlm(tmp_path / "in", name_nlm(number), articles, md5=False)
    cut = tmp_path / "in" / name_nlm(2)
    cut.write_bytes(cut.read_bytes()[:-9])
    status, _, err = assay("library", "ingest", "in")
    assert status == 3
    assert err.count("3 files without an .md5 beside") == 1
    assert f"{cut.name}: its gzip ends in the middle. Download it again" in err
    assert pmids_of(folder) == [1, 3]


def test_a_file_that_changed_under_its_name_is_refused(assay, folder, tmp_path):
    path = write_nlm(tmp_path / "in", name_nlm(1), [article(FIRST_PMID)])
    assay("library", "ingest", path)
    write_nlm(tmp_path / "in", name_nlm(1), [article(FIRST_PMID + 1)])
    status, _, err = assay("library", "ingest", path)
    assert status == 3
    assert "it was loaded with the md5 " in err
    path.with_name(f"{path.name}.md5").unlink()
    assert assay("library", "ingest", path)[0] == 3
    assert pmids_of(folder) == [0]


def test_a_folder_gives_its_files_and_those_of_nlms_two_folders(
    assay, folder, tmp_path
):
    for number, place in enumerate(("", "baseline", "updatefiles", "baseline/x"), 1):
        write_nlm(tmp_path / "in" / place, name_nlm(number), [article(FIRST_PMID)])
    (tmp_path / "in/README.txt").write_text("No records.")
    assert assay("library", "ingest", "in")[1].startswith("3 files loaded")


def test_what_is_wrong_around_a_file_is_told_in_words(assay, tmp_path):
    for number in (1, 2):
        write_nlm(tmp_path / "in", name_nlm(number), [article(FIRST_PMID)], md5=False)
    (tmp_path / "in" / f"{name_nlm(1)}.md5").mkdir()
    behind = tmp_path / "in" / name_nlm(2)
    behind.write_bytes(behind.read_bytes() + b"garbage")
    status, _, err = assay("library", "ingest", "in")
    assert status == 3
    assert f"{name_nlm(1)}.md5 cannot be read (Is a directory)." in err
    assert f"{name_nlm(2)}: something that is no gzip stands behind it." in err


def test_names_of_files_act_on_nothing_and_may_be_the_same(assay, tmp_path):
    for folder in ("one", "other"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a\x1b[31m\nb[red].xml").write_text("rubbish")
    words = ("library", "ingest", *(tmp_path).glob("o*/a*"))
    status, _, err = assay(*words)
    assert status == 3
    assert "assay: a b[red].xml: refused\n" in err
    assert len(err.splitlines()) == 4
    status, out, _ = assay(*words, "--json")
    assert status == 3
    assert json.loads(out)["files"]["refused"] == 2


def test_a_disk_that_is_full_stops_the_run_at_once(
    assay, folder, tmp_path, monkeypatch
):
    made = []

    def fill(order, *_):
        made.append(order.file)
        if len(made) > 1:
            raise OSError(errno.ENOSPC, "No space left on device", "x")
        return make(order, *_)

    make = partition._make
    monkeypatch.setattr(partition, "_make", fill)
    for number in range(1, 9):
        write_nlm(tmp_path / "in", name_nlm(number), [article(FIRST_PMID + number)])
    status, out, err = assay("library", "ingest", "in", "--workers", 1)
    assert (status, out) == (1, "")
    assert err.count("No space left on device") == 1
    assert err.endswith("Free some space, and run it again.\n")
    assert len(made) <= 4  # one that failed, and those that were on their way
    assert pmids_of(folder) == [1]


def test_the_dictionary_is_made_of_files_from_all_over_the_range(tmp_path):
    for number in range(1, 21):
        write_nlm(tmp_path, name_nlm(number), [article(FIRST_PMID + number)])
    with Downloader() as web:
        sources = find_sources([str(tmp_path)], web).nlm
        (tmp_path / name_nlm(1)).write_bytes(b"")  # the first cannot be read
        read = []
        near = Near("", tmp_path, web, lambda *_: None)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ingest_files, "train_dictionary", read.extend)
            find_dictionary(sources, near)
    found = [n for n in range(1, 21) if str(FIRST_PMID + n) in str(read)]
    assert found == [2, 3, 6, 8, 11, 13, 16, 18]


def test_other_files_go_to_the_library_once(assay, folder, tmp_path):
    other = tmp_path / "efetch.xml"
    other.write_bytes(nlm_xml([article(FIRST_PMID)]))
    first = write_nlm(tmp_path, name_nlm(1), [article(FIRST_PMID + 1)])
    status, out, err = assay("library", "ingest", other, first)
    assert status == 0, err
    assert out.startswith("2 files loaded in ")
    assert assay("show", FIRST_PMID)[0] == 0
    assert pmids_of(folder) == [1]
    assert assay("library", "ingest", other)[1].startswith("0 files loaded, 1 skipped")


def test_what_is_not_there_and_what_holds_nothing_is_told(assay, tmp_path):
    status, _, err = assay("library", "ingest", "nowhere.gz")
    assert (status, err) == (
        1,
        "assay: There is no file or folder nowhere.gz; nothing was loaded.\n",
    )
    (tmp_path / "empty").mkdir()
    status, _, err = assay("library", "ingest", "empty")
    assert status == 1
    assert "empty holds no file of PubMed's" in err


def test_a_new_baseline_takes_the_old_ones_place_when_it_is_whole(
    assay, folder, tmp_path
):
    for number in (1, 2):
        articles = [article(FIRST_PMID + number)]
        write_nlm(tmp_path / "old", name_nlm(number, 25), articles)
        articles = [article(FIRST_PMID + 10 * number), article(FIRST_PMID + 3)]
        write_nlm(tmp_path / "new", name_nlm(number, 26), articles)
    assay("library", "ingest", "old")
    bad = tmp_path / "new" / name_nlm(2)
    good = bad.read_bytes()
    bad.write_bytes(good[:-9])
    status, _, err = assay("library", "ingest", "new")
    assert status == 3
    assert "the baseline of 2026 still lacks number 2; the one in use stays" in err
    status, _, err = assay("library", "ingest")
    assert status == 3
    assert "(2026): 1 file was loaded, and it is not in use yet" in err
    assert pmids_of(folder) == [1, 2]
    bad.write_bytes(good)
    status, _, err = assay("library", "ingest", tmp_path / "new" / name_nlm(1))
    assert status == 3  # number 2 was announced before
    assert "still lacks number 2" in err
    assert pmids_of(folder) == [1, 2]
    assert assay("library", "ingest", "new")[0] == 0
    assert pmids_of(folder) == [3, 10, 20]
    status, out, err = assay("library", "ingest", "old")
    assert status == 0
    assert err.count("\n") == 1
    assert f"{name_nlm(1, 25)} and 1 more file: left out: older than the" in err
    assert "2 left out" in out
    assert sorted(p.name for p in (folder / "pubmed").glob("2*")) == ["2026"]


def test_partitions_stay_where_the_person_wants_them_and_serve_again(
    assay, folder, tmp_path
):
    path = write_nlm(tmp_path / "in", name_nlm(1), [article(FIRST_PMID)])
    place = tmp_path / "parts"
    words = b"<PubmedArticle><MedlineCitation>" * 20
    dictionary = write_dictionary(str(place), words)
    write_partition(Order(path.name, str(path), str(place), dictionary=dictionary))
    made = (place / f"{path.name}.parquet").stat().st_ino
    assert assay("library", "ingest", "in", "--partitions", place)[0] == 0
    assert pmids_of(folder) == [0]
    assert (place / f"{path.name}.parquet").stat().st_ino == made
    assert not (folder / "pubmed/partitions").exists()


def test_files_and_partitions_may_lie_wherever_fsspec_reads(assay, folder, tmp_path):
    path = write_nlm(tmp_path / "in", name_nlm(1), [article(FIRST_PMID)])
    far = "memory://bucket"
    import_fs = pytest.importorskip("fsspec").filesystem("memory")
    import_fs.pipe(f"{far}/in/{path.name}", path.read_bytes())
    status, _, err = assay(
        "library", "ingest", f"{far}/in", "--partitions", f"{far}/parts"
    )
    assert status == 0, err
    assert pmids_of(folder) == [0]
    assert import_fs.exists(f"{far}/parts/{path.name}.parquet")


def test_a_record_of_the_library_hears_of_what_is_loaded(assay, tmp_path):
    other = tmp_path / "efetch.xml"
    other.write_bytes(nlm_xml([article(FIRST_PMID)]))
    assay("library", "ingest", other)
    notice = (
        "</Article><CommentsCorrectionsList><CommentsCorrections RefType="
        '"RetractionIn"><RefSource>J Invented Results. 2022</RefSource>'
        "</CommentsCorrections></CommentsCorrectionsList>"
    )
    retracted = article(FIRST_PMID).replace("</Article>", notice)
    write_nlm(tmp_path / "in", name_nlm(1), [retracted])
    assay("library", "ingest", "in")
    assert "etract" in assay("show", FIRST_PMID)[1]


def test_a_record_of_the_mirror_is_shown(assay, tmp_path):
    write_nlm(tmp_path / "in", name_nlm(1), [article(FIRST_PMID, doi="10.99999/m")])
    assay("library", "ingest", "in")
    for wanted in (FIRST_PMID, "10.99999/m"):
        assert "Velora and sleep" in assay("show", wanted, "--offline")[1]


def test_a_cluster_and_a_number_of_workers_do_not_go_together(assay, tmp_path):
    write_nlm(tmp_path / "in", name_nlm(1), [article(FIRST_PMID)])
    status, _, err = assay(
        "library", "ingest", "in", "--cluster", "tcp://127.0.0.1:9", "--workers", 2
    )
    assert status == 2
    assert "give --cluster or --workers" in err
