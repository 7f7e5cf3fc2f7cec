"""`assay library verify` notices every kind of damage, and says what mends it."""

import json
import shutil
import sqlite3

import pytest
from jsonschema import Draft202012Validator

from assay.cli import main
from assay.edge import mirror_index, mirror_index_file
from assay.edge.mirror_generation import current_generation, loading
from assay.edge.mirror_index_writer import open_mirror_index_writer
from assay.edge.packaged import read_packaged_text
from assay.edge.partition import Order, write_dictionary, write_partition
from assay.edge.verify import REPAIR
from tests.kill_at import HereWorker
from tests.nlm_samples import FIRST_PMID, article, name_nlm, write_nlm
from tests.spoil import put


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Return a workspace with an invented file in its mirror, to be copied."""
    place = tmp_path_factory.mktemp("whole")
    (place / "queries").mkdir()
    articles = [article(FIRST_PMID + i, doi=f"10.99999/{i}") for i in range(30)]
    write_nlm(place / "in", name_nlm(1), articles)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("assay.edge.jobs_processes._Worker", HereWorker)
        words = ("library", "ingest", str(place / "in"), "--workspace", str(place))
        assert main(words) == 0
    return place


@pytest.fixture
def assay(capsys, monkeypatch, tmp_path, whole):
    """Run one command in a workspace of its own; return (status, output, errors)."""
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    capsys.readouterr()
    monkeypatch.setattr("assay.edge.jobs_processes._Worker", HereWorker)
    monkeypatch.chdir(tmp_path)

    def run(*words):
        status = main([str(word) for word in words])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


@pytest.fixture
def mirror(assay, tmp_path):
    """Return the folder of the mirror's generation."""
    return current_generation(tmp_path / "cache/library")


def change(path, sql):
    db = sqlite3.connect(path)
    with db:
        db.execute(sql)
    db.close()


def flip(path, at):
    content = bytearray(path.read_bytes())
    content[at] ^= 0xFF
    put(path, content)


def told(assay):
    status, out, err = assay("library", "verify")
    assert (status, out) == (1, "")
    return err


def test_what_is_whole_is_said_to_be_so(assay, mirror):
    status, out, err = assay("library", "verify")
    assert (status, err) == (0, "")
    assert out.startswith("All is whole: ")
    assert out.endswith(
        "; 30 records in the mirror of PubMed, from 1 file, and as many in its index.\n"
    )


def test_without_a_mirror_the_library_is_proved(assay, mirror):
    shutil.rmtree(mirror.parent)
    status, out, _ = assay("library", "verify")
    assert status == 0
    assert out.endswith(" records in the library.\n")


def test_it_is_told_as_json(assay, mirror):
    schema = json.loads(read_packaged_text("schemas/verify.schema.json"))
    for whole in (True, False):
        answer = json.loads(assay("library", "verify", "--json")[1])
        Draft202012Validator(schema).validate(answer)
        assert (answer["whole"], answer["mirror"], answer["indexed"]) == (whole, 30, 30)
        change(mirror / "pubmed.db", "UPDATE records SET value = x'00'")


def test_a_value_that_was_changed_is_named(assay, mirror):
    change(
        mirror / "pubmed.db",
        f"UPDATE records SET value = x'00' WHERE pmid = {FIRST_PMID + 3}",
    )
    assert f"PMID {FIRST_PMID + 3} " in told(assay)


def test_a_page_of_the_store_that_was_overwritten_is_noticed(assay, mirror):
    path = mirror / "pubmed.db"
    db = sqlite3.connect(path)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = db.execute("PRAGMA page_size").fetchone()[0]
    sql = "SELECT rootpage FROM sqlite_master WHERE name = 'records'"
    start = (db.execute(sql).fetchone()[0] - 1) * size
    db.close()
    content = bytearray(path.read_bytes())
    content[start : start + size] = b"\xa5" * size
    put(path, content)
    assert "load the files again." in told(assay)


def test_a_store_that_is_gone_is_noticed(assay, mirror):
    (mirror / "pubmed.db").unlink()
    assert "pubmed.db" in told(assay)


def test_counts_that_do_not_agree_are_told(assay, mirror):
    change(mirror / "pubmed.db", "UPDATE files SET records = 7")
    assert "it counts 30 records, and its files held 7. Move the" in told(assay)


@pytest.mark.parametrize("how", ["changed", "gone"])
def test_a_dictionary_that_was_changed_or_is_gone_is_told(assay, mirror, how):
    change(
        mirror / "pubmed.db",
        f"UPDATE meta SET value = '{'0' * 64}' WHERE name = 'dictionary'",
    )
    (mirror / "dictionary").write_bytes(b"other")
    if how == "gone":
        (mirror / "dictionary").unlink()
    assert "dictionary" in told(assay)


@pytest.mark.parametrize("how", ["damaged", "gone"])
def test_the_dictionary_is_put_back_from_its_copy(assay, mirror, how):
    words = b"<PubmedArticle><MedlineCitation>" * 20
    name = write_dictionary(str(mirror.parent / "partitions"), words)
    change(
        mirror / "pubmed.db",
        f"UPDATE meta SET value = '{name}' WHERE name = 'dictionary'",
    )
    (mirror / "dictionary").unlink()
    if how == "damaged":
        (mirror / "dictionary").write_bytes(b"other")
    said = told(assay)
    assert "--repair, which puts its copy back" in said
    assert len(said.splitlines()) == 1
    assay("library", "verify", "--repair")
    assert (mirror / "dictionary").read_bytes() == words


@pytest.mark.parametrize(
    "content", [b"\xff", b'{"format": 1, "generation": "2126"}', b"[]"]
)
def test_what_names_the_mirror_in_use_is_told_and_mended(assay, mirror, content):
    (mirror.parent / "current.json").write_bytes(content)
    (mirror.parent / "2099").mkdir()
    assert "pubmed" in told(assay)
    assert assay("library", "verify", "--repair")[0] == 0
    assert assay("library", "verify")[0] == 0
    assert json.loads((mirror.parent / "current.json").read_bytes()) == {
        "format": 1,
        "generation": mirror.name,
    }


def test_an_index_that_is_damaged_is_not_opened(assay, mirror, monkeypatch):
    path = max((mirror / "index").rglob("*.term"))
    flip(path, 10)
    for module in (mirror_index_file, mirror_index):  # it may panic, and print that
        monkeypatch.setattr(module, "open_tantivy", lambda _: pytest.fail("opened"))
    assert f"{path}: it is damaged" in told(assay)


def test_an_index_that_lacks_or_has_too_much_is_told_and_mended(assay, mirror):
    extra = json.dumps({"text": ["tea"], "pmid": [FIRST_PMID + 99]}).encode()
    with open_mirror_index_writer(mirror) as index:
        index.apply([(FIRST_PMID + 99, extra)], [FIRST_PMID + 2], 1)
    said = told(assay)
    assert (
        f"it does not find PMID {FIRST_PMID + 2}. Run: assay library verify --repa"
        in said
    )
    assert f"it finds, against the store, PMID {FIRST_PMID + 99}. {REPAIR}" in said
    assert assay("library", "verify", "--repair")[0] == 0
    assert assay("library", "verify")[0] == 0


@pytest.mark.parametrize("how", ["flipped", "cut", "gone"])
def test_an_index_whose_files_are_damaged_is_told_and_mended(assay, mirror, how):
    path = max((mirror / "index").rglob("*.term"))
    if how == "flipped":
        flip(path, 10)
    elif how == "cut":
        put(path, path.read_bytes()[:-1])
    else:
        path.unlink()
    assert "Run assay library verify --repair" in told(assay)
    assert assay("library", "verify", "--repair")[0] == 0


def test_an_index_that_is_behind_is_told_and_the_next_ingest_mends_it(assay, mirror):
    path = mirror / "index/current.json"
    told_there = json.loads(path.read_bytes())
    path.write_text(json.dumps({**told_there, "load": 0}))
    assert "it stands at load 0, the store at 1. Run: assay library ingest" in told(
        assay
    )
    assert assay("library", "ingest")[0] == 0
    assert assay("library", "verify")[0] == 0


def test_while_another_loads_that_is_told_and_nothing_is_mended(
    assay, mirror, tmp_path
):
    path = mirror / "index/current.json"
    path.write_text(json.dumps({**json.loads(path.read_bytes()), "load": 0}))
    with loading(tmp_path / "cache/library"):
        status, _, err = assay("library", "verify")
        assert status == 1
        assert "another assay loads into it" in err
        assert "stands at load" not in err
        status, _, err = assay("library", "verify", "--repair")
        assert (status, err.count("\n")) == (1, 1)
        assert "Another assay loads into the mirror of PubMed just now." in err
    assert assay("library", "verify", "--repair")[0] == 0


@pytest.mark.parametrize("how", ["flipped", "gone", "marker"])
def test_a_partition_that_waits_and_is_damaged_is_told_and_taken_away(
    assay, mirror, tmp_path, how
):
    path = write_nlm(tmp_path / "in", name_nlm(2), [article(FIRST_PMID + 50)])
    place = mirror.parent / "partitions"
    write_partition(Order(path.name, str(path), str(place)))
    assert assay("library", "verify")[0] == 0
    if how == "flipped":
        flip(place / f"{path.name}.parquet", 60)
    elif how == "gone":
        (place / f"{path.name}.parquet").unlink()
    else:
        (place / f"{path.name}.done.json").write_bytes(b"{")
    assert f"{path.name}: " in told(assay)
    assert assay("library", "verify", "--repair")[0] == 0
    assert list(place.glob("*.json")) == []
    assert assay("library", "ingest", "in")[1].startswith("1 file loaded, 1 skipped")


def test_a_library_that_is_damaged_is_told(assay, tmp_path):
    assert assay("library")[0] == 0
    path = tmp_path / "cache/library/records.db"
    change(path, "UPDATE records SET value = x'00' WHERE id = 5")
    assert "records.db" in told(assay)
