"""Which files go into which generation of the mirror, and when one replaces another."""

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.edge.mirror import open_mirror
from assay.edge.mirror_generation import (
    announce_files,
    current_generation,
    loading,
    make_generation,
    read_generations,
    remove_old_generations,
    switch_generation,
)
from assay.edge.mirror_verify import verify_store
from assay.errors import StoreError
from assay.library.generations import (
    Generation,
    baseline_of,
    find_gaps,
    find_why_not,
    plan_generation,
)
from assay.library.nlm_files import NlmFile, parse_nlm_name
from tests.mirror_files import article, load, make_mirror, record


def files(*names):
    """Return NLM's files from "26n0001" and so on."""
    return tuple(parse_nlm_name(f"pubmed{name}.xml.gz") for name in names)


def plan(given, current=None, building=None):
    """Return a plan as (name, names of files, how many are left out, beside)."""
    made = plan_generation(files(*given), current, building)
    names = [file.name[6:13] for file in made.files]
    return made.name, names, len(made.left_out), made.beside


OLD = Generation("2026", files("26n0001", "26n0002"), 100)
MIXED = Generation("mixed", files("20n0014", "21n1298"), 100)
BEGUN = Generation("2027", files("27n0001"), 60)


@pytest.mark.parametrize(
    ("given", "current", "building", "expected"),
    [
        # the first files of all
        (["26n0001"], None, None, ("2026", ["26n0001"], 0, False)),
        (
            ["21n1298", "20n0014"],
            None,
            None,
            ("mixed", ["20n0014", "21n1298"], 0, False),
        ),
        (["25n1400", "26n0001"], None, None, ("2026", ["26n0001"], 1, False)),
        (
            ["25n0001", "26n0007"],
            None,
            None,
            ("2025", ["25n0001", "26n0007"], 0, False),
        ),
        # update files
        (["26n1300"], OLD, None, ("2026", ["26n1300"], 0, False)),
        (["25n1400", "26n0003"], OLD, None, ("2026", ["26n0003"], 1, False)),
        (["27n0002"], OLD, None, ("2026", ["27n0002"], 0, False)),
        (["19n0001"], MIXED, None, ("mixed", ["19n0001"], 0, False)),
        # a new year's baseline
        (["27n0001", "27n0002"], OLD, None, ("2027", ["27n0001", "27n0002"], 0, True)),
        (["26n1300", "27n0001"], OLD, None, ("2027", ["27n0001"], 1, True)),
        (["22n0001"], MIXED, None, ("2022", ["22n0001"], 0, True)),
        # one that was begun
        (["27n0002"], OLD, BEGUN, ("2027", ["27n0002"], 0, True)),
        (["26n1300"], OLD, BEGUN, ("2026", ["26n1300"], 0, False)),
        ([], OLD, BEGUN, ("2026", [], 0, False)),
        ([], OLD, None, ("2026", [], 0, False)),
        (["28n0001"], OLD, BEGUN, ("2028", ["28n0001"], 0, True)),
    ],
)
def test_files_go_where_they_belong(given, current, building, expected):
    assert plan(given, current, building) == expected


def test_a_number_that_is_given_twice_is_read_once_and_told():
    twice = (*files("26n0001"), NlmFile(2026, 1, "pubmed26n0001.xml"))
    made = plan_generation(twice, None)
    assert len(made.files) == 1
    assert "another file of its number" in made.left_out[0].what


@given(st.lists(st.tuples(st.integers(2020, 2028), st.integers(1, 4)), max_size=12))
def test_every_file_is_either_read_or_told_of(drawn):
    given = [NlmFile(y, n, f"pubmed{y % 100}n{n:04}.xml.gz") for y, n in drawn]
    made = plan_generation(given, OLD)
    assert list(made.files) == sorted(set(made.files))
    early = [f for f in set(given) if f.year < baseline_of(made.name)]
    assert len(made.files) + len(early) == len(set(given))
    assert len(made.left_out) == len(early)


@pytest.mark.parametrize(
    ("new", "given", "told"),
    [
        (Generation("2027", files("27n0001", "27n0003"), 99), [], "lacks number 2"),
        (Generation("2027", files("27n0001"), 99), ["27n0002"], "lacks number 2"),
        (Generation("2027", files("27n0001"), 49), [], "seem to lack"),
        (Generation("2027", files("27n0001"), 99), ["28n0007"], "pubmed28n0007"),
        (Generation("2027", files("27n0001", "27n0002"), 50), ["27n0002"], ""),
        (Generation("2026", (), 1), ["26n0009"], ""),
    ],
)
def test_a_generation_takes_anothers_place_when_it_is_whole(new, given, told):
    why = find_why_not(new, OLD, files(*given))
    assert told in why
    assert bool(why) == bool(told)


def test_update_files_that_came_before_their_baseline_are_not_lost_by_it():
    early = OLD._replace(files=(*OLD.files, *files("27n0003", "28n0009")))
    new = Generation("2027", files("27n0001", "27n0002"), 99)
    assert "lacks number 3" in find_why_not(new, early)
    new = new._replace(files=files("27n0001", "27n0002", "27n0003"))
    assert "lacks pubmed28n0009.xml.gz" in find_why_not(new, early)
    new = new._replace(files=(*new.files, *files("28n0009")))
    assert find_why_not(new, early) == ""


def test_the_numbers_that_lack_are_named_but_not_all_of_a_thousand():
    new = Generation("2027", files("27n1000"), 99)
    assert len(find_gaps(new)) == 999
    assert "and 989 more" in find_why_not(new, OLD)
    assert find_gaps(MIXED) == ()


# --- on the disk


def test_the_old_generation_stays_in_use_until_the_new_one_is_whole(tmp_path):
    make_mirror(tmp_path, ("pubmed26n0001.xml.gz", [record(0, 1)]), name="2026")
    new = make_generation(tmp_path, "2027", lambda: b"")
    load(new, "pubmed27n0002.xml.gz", [record(0, 2)])
    told = switch_generation(tmp_path, "2027", files("27n0002"))
    assert "lacks number 1" in told.what
    assert current_generation(tmp_path).name == "2026"
    assert [g.name for g in read_generations(tmp_path)] == ["2026", "2027"]
    with open_mirror(tmp_path) as mirror:
        assert list(mirror.pmids()) == [1]
        load(new, "pubmed27n0001.xml.gz", [record(0, 3)])
        assert remove_old_generations(tmp_path) == ()
        assert not mirror.is_outdated()
        assert switch_generation(tmp_path, "2027", files("27n0002")) is None
        assert mirror.is_outdated()
        assert remove_old_generations(tmp_path) == ("2026",)
        assert mirror.xml(1) == article(1)  # its files are open still
        ahead = mirror.xmls([1])
        assert next(ahead) == (1, article(1))
        with pytest.raises(StoreError, match="was just replaced"):
            mirror.count()  # which would need one more connection
        ahead.close()
        assert mirror.count() == 1
    with open_mirror(tmp_path) as mirror:
        assert list(mirror.pmids()) == [2, 3]
    assert switch_generation(tmp_path, "2027") is None
    assert read_generations(tmp_path)[1] is None


def test_a_mirror_made_of_files_at_hand_gives_way_to_a_baseline(tmp_path):
    make_mirror(tmp_path, ("pubmed20n0014.xml.gz", [record(0, 1)]))
    new = make_generation(tmp_path, "2026", lambda: b"")
    load(new, "pubmed26n0001.xml.gz", [record(0, 2)])
    assert switch_generation(tmp_path, "2026") is None
    assert remove_old_generations(tmp_path) == ("mixed",)


def test_partitions_and_what_is_not_of_the_mirror_are_never_taken_away(tmp_path):
    make_mirror(tmp_path, ("pubmed26n0001.xml.gz", [record(0, 1)]), name="2026")
    for name in ("partitions", "2027"):
        (tmp_path / "pubmed" / name).mkdir()
    assert remove_old_generations(tmp_path) == ()


def test_a_kill_while_a_generation_was_made_is_made_good(tmp_path):
    generation = make_generation(tmp_path, "2026", lambda: b"")
    shutil.rmtree(generation)
    generation.mkdir()
    (generation / "pubmed.db.new").write_bytes(b"half")
    with pytest.raises(StoreError, match="lacks its file"):
        open_mirror(tmp_path)
    assert make_generation(tmp_path, "2026", lambda: b"") == generation
    with open_mirror(tmp_path) as mirror:
        assert mirror.count() == 0


BUILDER = """
import sys
from pathlib import Path
from assay.edge.mirror_generation import (
    loading, make_generation, remove_old_generations, switch_generation
)
from tests.mirror_files import load, record
folder = Path(sys.argv[1])
print("ready", flush=True)
for year in range(int(sys.argv[2]), 2100):
    with loading(folder):
        new = make_generation(folder, str(year), lambda: b"")
        for number in (1, 2):
            rows = [record(n, 50 * number + n, words=str(year)) for n in range(50)]
            load(new, f"pubmed{year - 2000}n{number:04}.xml.gz", rows)
        assert switch_generation(folder, str(year)) is None
        remove_old_generations(folder)
    print(year, flush=True)
"""


def kill_builders(folder, times, seed):
    """Kill loaders that replace one generation by the next, at random moments."""
    rows = [record(n, n, words="2025") for n in range(100)]
    make_mirror(folder, ("pubmed25n0001.xml.gz", rows), name="2025")
    moments, root = random.Random(seed), Path(__file__).parent.parent
    paths = os.pathsep.join((str(root / "src"), str(root)))
    for _ in range(times):
        first = int(current_generation(folder).name) + 1
        process = subprocess.Popen(
            [sys.executable, "-c", BUILDER, folder, str(first)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": paths},
            text=True,
        )
        process.stdout.readline()
        time.sleep(moments.uniform(0.0, 0.3))
        process.kill()
        told = process.communicate()[0].rpartition("\n")[0].split()
        with open_mirror(folder) as mirror:
            year = mirror.generation.name
            assert int(year) >= int(told[-1] if told else first - 1)
            assert [record.title for record in mirror.records()] == [f"On {year}"] * 100
            assert list(verify_store(mirror.generation)) == []


def test_loaders_that_are_killed_leave_one_whole_generation_in_use(tmp_path):
    kill_builders(tmp_path, 2, seed=3)


@pytest.mark.long
def test_thirty_kills_leave_one_whole_generation_in_use(tmp_path):
    kill_builders(tmp_path, 30, seed=30)


def test_a_dictionary_is_asked_for_once(tmp_path):
    words = b"<PubmedArticle><MedlineCitation>" * 20
    for _ in range(2):  # the first time no file could be read: there was none
        generation = make_generation(tmp_path, "2026", lambda: b"")
    assert (generation / "dictionary").read_bytes() == b""
    make_generation(tmp_path, "2026", lambda: words)
    make_generation(tmp_path, "2026", lambda: pytest.fail("made twice"))
    with open_mirror(tmp_path) as mirror:
        assert mirror.count() == 0
        assert (mirror.generation / "dictionary").read_bytes() == words


def test_a_generation_with_records_keeps_its_dictionary_be_it_none(tmp_path):
    make_mirror(tmp_path, ("pubmed26n0001.xml.gz", [record(0, 1)]), name="2026")
    make_generation(tmp_path, "2026", lambda: pytest.fail("made twice"))


def test_what_was_ever_announced_is_waited_for(tmp_path):
    make_mirror(tmp_path, ("pubmed26n0001.xml.gz", [record(0, 1)]), name="2026")
    new = make_generation(tmp_path, "2027", lambda: b"")
    announce_files(new, files("27n0001", "27n0002", "28n0009"))
    announce_files(new, files("27n0001"))
    load(new, "pubmed27n0001.xml.gz", [record(0, 2)])
    told = switch_generation(tmp_path, "2027", files("27n0001"))
    assert "lacks number 2" in told.what
    assert str(new) in told.what_to_do
    load(new, "pubmed27n0002.xml.gz", [record(0, 3)])
    assert switch_generation(tmp_path, "2027", files("27n0002")) is None


def test_two_never_load_at_a_time(tmp_path):
    other = loading(tmp_path)
    with loading(tmp_path), pytest.raises(StoreError, match="Another assay loads"):
        other.__enter__()
    with loading(tmp_path):
        assert current_generation(tmp_path) is None


def test_what_is_wrong_with_the_disk_is_not_called_another_loader(tmp_path):
    path = tmp_path / "pubmed/loading.db"
    path.parent.mkdir()
    path.write_bytes(b"Nothing of SQLite's." * 99)
    for _ in ("garbage", "a folder"):
        with pytest.raises(StoreError) as told, loading(tmp_path):
            pytest.fail("it loads")
        assert "Another" not in str(told.value)
        assert str(path) in str(told.value)
        path.unlink()
        path.symlink_to(tmp_path)
