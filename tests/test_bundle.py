"""Bundles as a person makes and repeats them: here, elsewhere, later, damaged."""

import hashlib
import io
import json
import os
import subprocess
import sys
import warnings
import zipfile
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from assay.cli import main
from assay.edge import bundle_file
from assay.edge.bundle_file import (
    Manifest,
    hash_whole,
    open_container,
    part_of,
    render_manifest,
    write_container,
)
from assay.edge.packaged import read_packaged_text
from assay.edge.tape import Note, Tape
from assay.errors import RefusedError, StoreError
from assay.sources import SOURCES
from assay.sources.base import Answer, Request
from tests.services_up import serve_sources
from tests.standin import serve

pytestmark = pytest.mark.usefixtures("with_notices")

KEY, MAIL = "k3y-of-nobody-at-all", "nobody.at.all@example.org"
ARTICLE = "# Tea\n\nKratom tea shortens the time it takes to fall asleep.\n"


@pytest.fixture
def server():
    with serve() as running:
        yield running


@pytest.fixture
def assay(capsys, monkeypatch, tmp_path, server):
    """Run one command in a workspace of its own, with the stand-in for PubMed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASSAY_EUTILS", server.url)
    monkeypatch.setenv("ASSAY_EUROPEPMC", server.url)  # which has no such program
    monkeypatch.setenv("NCBI_API_KEY", KEY)
    monkeypatch.setenv("ASSAY_EMAIL", MAIL)
    (tmp_path / "queries").mkdir()
    (tmp_path / "tea.md").write_text(ARTICLE, encoding="utf-8")

    def run(*words):
        status = main([str(word) for word in words])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return the bundle of a short article, checked without network."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "tea.md").write_text(ARTICLE, encoding="utf-8")
    words = ("check", folder / "tea.md", "--offline", "--bundle", folder / "e.assay")
    done = elsewhere(folder, *words)
    assert done.returncode == 0, done.stderr
    return folder / "e.assay"


def elsewhere(folder, *words):
    """Run a command as another person on a machine without network."""
    home = folder / "another home"
    home.mkdir(exist_ok=True)
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).parent.parent / "src"),
        "HOME": str(home),
        "ASSAY_EUTILS": "http://127.0.0.1:9/",
        "NCBI_API_KEY": "another-key",
    }
    return subprocess.run(
        [sys.executable, "-m", "assay", *map(str, words)],
        cwd=home, env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip


def valid(text, name):
    content = json.loads(text)
    schema = json.loads(read_packaged_text(f"schemas/{name}.schema.json"))
    Draft202012Validator(schema).validate(content)
    return content


def parts_of(path):
    with zipfile.ZipFile(path) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def forge(path, change):
    """Write a bundle anew after `change` of its parts, with every hash made right."""
    parts = parts_of(path)
    manifest = json.loads(parts.pop("manifest.json"))
    change(parts)
    named = tuple(part_of(name, content) for name, content in parts.items())
    head = Manifest(manifest["assay"], manifest["command"], hash_whole(named), named)
    forged = path.with_name("forged.assay")
    with forged.open("w+b") as file:
        write_container(file, head, parts.values())
    return forged


# --- made and repeated --------------------------------------------------------------


def test_what_was_checked_here_comes_out_the_same_elsewhere(assay, tmp_path, server):
    status, _, err = assay("check", "tea.md", "--bundle", "e.assay", "-o", "r.json")
    assert status == 0
    assert "same to the byte" in err
    assert server.requests
    made = Path("e.assay").read_bytes()
    assert parts_of("e.assay")["outcome/report.json"] == Path("r.json").read_bytes()
    done = elsewhere(tmp_path, "replay", tmp_path / "e.assay", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert valid(done.stdout, "replay")["same"] is True
    assert Path("e.assay").read_bytes() == made
    made_there = {path.name for path in (tmp_path / "another home").rglob("*")}
    assert made_there.isdisjoint({"records.db", "http.db", "state.db"})


def test_it_holds_the_answers_and_nobody_s_secrets(assay, tmp_path):
    assay("check", "tea.md", "--bundle", "e.assay")
    parts = parts_of("e.assay")
    exchanges = json.loads(parts["exchanges.json"])["exchanges"]
    assert exchanges
    for exchange in exchanges:
        body = parts[f"answers/{exchange['sha256']}"]
        assert hashlib.sha256(body).hexdigest() == exchange["sha256"]
    whole = b"".join((*parts.values(), (tmp_path / "cache/state.db").read_bytes()))
    for secret in (KEY, MAIL, str(tmp_path)):
        assert secret.encode() not in b"".join(parts.values())
        assert secret.encode() not in whole or secret == str(tmp_path)
    assert parts["article"].decode() == ARTICLE
    assert parts["records.jsonl"].count(b"\n") > 0


class Echo:
    """A service that repeats who asked."""

    def get(self, request, judge):
        return Answer(status=200, body=f"for {KEY}: {request.url}".encode())

    def get_many(self, requests, judge):
        for _ in requests:
            yield RefusedError("Echo", f"not for {KEY}")


def test_a_key_that_a_service_repeats_is_blotted_out():
    tape = Tape(secrets=(KEY,))
    heard, request = tape.listen(Echo()), Request(url="https://example.org/")
    assert KEY.encode() in heard.get(request, bool).body
    assert [KEY in str(each) for each in heard.get_many([request], bool)] == [True]
    note = tape.note(Note(command="search"))
    assert list(tape.bodies.values()) == [b"for [hidden]: https://example.org/"]
    assert KEY not in repr(note)
    assert [bool(each.failure) for each in note.exchanges] == [False, True]


def test_failures_are_repeated_too_and_never_become_zero_hits(assay, server, tmp_path):
    server.fail("bad-key-400", times=10_000)
    status, _, _ = assay("check", "tea.md", "--bundle", "e.assay", "-o", "r.json")
    assert status == 3
    assert json.loads(Path("r.json").read_text("utf-8"))["searched"][0]["failed"]
    done = elsewhere(tmp_path, "replay", tmp_path / "e.assay")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_bundle_made_later_is_the_one_made_at_once(assay):
    assay("check", "tea.md", "--bundle", "now.assay", "-o", "r.json")
    status, out, _ = assay("bundle", "r.json", "--output", "later.assay", "--json")
    assert status == 0
    assert Path("now.assay").read_bytes() == Path("later.assay").read_bytes()
    manifest = valid(out, "bundle")
    assert parts_of("later.assay")["manifest.json"].decode() == out
    assert manifest["command"] == "check"


def test_an_article_that_moved_is_named_and_another_one_is_refused(assay):
    assay("check", "tea.md", "-o", "r.json")
    Path("tea.md").rename("moved.md")
    status, _, err = assay("bundle", "r.json", "-o", "e.assay")
    assert status == 2
    assert "--article" in err
    Path("other.md").write_text(ARTICLE + "More.")
    status, _, err = assay("bundle", "r.json", "-o", "e.assay", "--article", "other.md")
    assert (status, "not the one" in err) == (1, True)
    assert not Path("e.assay").exists()
    assert assay("bundle", "r.json", "-o", "e.assay", "--article", "moved.md")[0] == 0


def test_an_article_from_standard_input_is_kept_for_its_bundle(assay, monkeypatch):
    stdin = io.TextIOWrapper(io.BytesIO(ARTICLE.encode()))
    monkeypatch.setattr("sys.stdin", stdin)
    assay("check", "-", "-o", "r.json")
    assert assay("bundle", "r.json", "-o", "e.assay")[0] == 0
    assert parts_of("e.assay")["article"].decode() == ARTICLE


def test_answers_that_are_no_longer_recorded_are_said_to_lack(assay):
    assay("check", "tea.md", "-o", "r.json")
    assay("cache", "clear")
    status, _, err = assay("bundle", "r.json", "-o", "e.assay")
    assert status == 1
    assert "recorded no more" in err
    assert "--bundle" in err
    assert not Path("e.assay").exists()


def test_a_report_from_elsewhere_is_not_bundled_by_guesswork(assay):
    assay("check", "tea.md", "-o", "r.json")
    Path("r.json").write_text(Path("r.json").read_text("utf-8").replace("tea", "coal"))
    status, _, err = assay("bundle", "r.json", "-o", "e.assay")
    assert status == 1
    assert "another workspace, or changed since" in err


def test_the_own_words_of_a_workspace_go_with_the_bundle(assay, tmp_path):
    own = '[blinkwort]\nkind = "exposure"\nlabel = "blinkwort"\nwords = ["tea"]\n'
    Path("vocabulary.toml").write_text(own)
    status, _, err = assay("check", "tea.md", "--bundle", "e.assay")
    assert status == 0, err
    assert parts_of("e.assay")["vocabulary.toml"].decode() == own
    assert elsewhere(tmp_path, "replay", tmp_path / "e.assay").returncode == 0


def test_the_example_comes_out_the_same_elsewhere(assay, tmp_path):
    assert assay("check", "--example", "--offline", "--bundle", "e.assay")[0] == 0
    done = elsewhere(tmp_path, "replay", tmp_path / "e.assay")
    assert done.returncode == 0
    assert "the same to the byte (report.html, report.json, report.md)" in done.stdout


@pytest.mark.long  # the example goes the same way
@pytest.mark.parametrize("number", [0, 1])
def test_the_seed_articles_come_out_the_same_elsewhere(assay, tmp_path, shared, number):
    article = sorted((shared / "articles").iterdir())[number]
    words = ("check", article, "--offline", "--bundle", "e.assay")
    assert assay(*words)[0] == 0
    done = elsewhere(tmp_path, "replay", tmp_path / "e.assay")
    assert done.returncode == 0, done.stdout


def test_a_search_is_bundled_with_its_records_and_its_log(assay, tmp_path):
    status, out, _ = assay("search", "kratom", "--json", "--bundle", "s.assay")
    assert status == 0
    parts = parts_of("s.assay")
    assert parts["outcome/search.json"].decode() == out
    assert valid(parts["log/search.json"], "search-log")["query"]["text"] == "kratom"
    assert parts["log/search.md"].startswith(b"# Search log: kratom")
    done = elsewhere(tmp_path, "replay", tmp_path / "s.assay")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_search_of_every_source_is_bundled_as_one(assay, monkeypatch, tmp_path):
    with serve_sources(set(SOURCES) - {"pubmed"}) as servers:
        for name, each in servers.items():
            monkeypatch.setenv(f"ASSAY_{name.upper()}", each.url)
        words = ("search", "kratom", "--source", "all", "--limit", "5", "--json")
        status, out, err = assay(*words, "--bundle", "s.assay")
    assert status == 0, err
    logs = valid(parts_of("s.assay")["log/search.json"], "search-log")
    assert [log["source"] for log in logs["logs"]] == list(SOURCES)
    assert logs["sums"] == []
    assert parts_of("s.assay")["outcome/search.json"].decode() == out
    done = elsewhere(tmp_path, "replay", tmp_path / "s.assay")
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_the_run_before_lets_assay_say_is_repeated_too(assay, tmp_path):
    assay("search", "kratom", "--limit", "2")
    state = tmp_path / "cache/state.db"
    with closing(connect(state)) as db, db:  # as if PubMed had read it otherwise then
        db.execute("UPDATE runs SET log = replace(log, 'kratom\\\"', 'tea\\\"')")
    words = ("search", "kratom", "--limit", "2", "--refresh", "--json")
    status, out, err = assay(*words, "--bundle", "s.assay")
    assert status == 0, err
    assert "differently" in json.dumps(json.loads(out)["log"])
    assert elsewhere(tmp_path, "replay", tmp_path / "s.assay").returncode == 0


def test_a_search_that_the_library_answered_is_bundled_too(assay, tmp_path, server):
    words = ("search", "kratom", "AND", "sleep", "--offline", "--bundle", "s.assay")
    assert assay(*words)[0] == 3
    assert server.requests == []
    assert parts_of("s.assay")["records.jsonl"]
    assert elsewhere(tmp_path, "replay", tmp_path / "s.assay").returncode == 0


def test_what_came_out_can_be_written_to_a_folder(assay):
    assay("check", "tea.md", "--bundle", "e.assay", "-o", "r.html")
    Path("out").mkdir()
    assert assay("replay", "e.assay", "-o", "out")[0] == 0
    names = {path.name for path in Path("out").iterdir()}
    assert names == {"report.html", "report.json", "report.md"}
    assert Path("out/report.html").read_bytes() == Path("r.html").read_bytes()
    assert assay("replay", "e.assay", "-o", "nowhere")[0] == 2


# --- changed on purpose, and all hashes with it -------------------------------------


def test_an_altered_record_shows_the_first_difference(assay, made):
    outcome = json.loads(parts_of(made)["outcome/report.json"])
    quoted = next(
        item["sentence"]
        for claim in outcome["claims"]
        for item in claim["evidence"]
        if item["stance"] != "neutral" and item["record"]["source"] == "starter"
    )

    def alter(parts):
        old = json.dumps(quoted, ensure_ascii=False)[1:-1].encode()
        assert old in parts["records.jsonl"]
        parts["records.jsonl"] = parts["records.jsonl"].replace(old, b"It was blue.")

    forged = forge(made, alter)
    status, out, _ = assay("replay", forged)
    assert status == 1
    assert "it differs, first in outcome/report.html, line" in out
    assert "in the bundle:" in out
    found = valid(assay("replay", forged, "--json")[1], "replay")
    assert found["same"] is False
    assert found["difference"]["line"] > 0


def test_an_altered_answer_shows_the_first_difference(assay):
    assay("search", "kratom", "--limit", "3", "--bundle", "s.assay")

    def alter(parts):
        exchanges = json.loads(parts["exchanges.json"])
        for exchange in exchanges["exchanges"]:
            old = f"answers/{exchange['sha256']}"
            if "efetch" in exchange["url"]:
                body = parts.pop(old).replace(b"Invented", b"Altered")
                exchange["sha256"] = hashlib.sha256(body).hexdigest()
                parts[f"answers/{exchange['sha256']}"] = body
        parts["exchanges.json"] = json.dumps(exchanges).encode()

    status, out, _ = assay("replay", forge(Path("s.assay"), alter))
    assert status == 1
    assert "outcome/search.json, line" in out
    assert "Altered" in out


def test_a_difference_under_another_version_is_said_to_come_from_that(assay):
    assay("search", "kratom", "--limit", "1", "--bundle", "s.assay")
    parts = parts_of("s.assay")
    parts.pop("manifest.json")
    parts["outcome/search.json"] += b" "
    named = tuple(part_of(name, content) for name, content in parts.items())
    with Path("o.assay").open("w+b") as file:
        head = Manifest("99.0", "search", hash_whole(named), named)
        write_container(file, head, parts.values())
    status, out, _ = assay("replay", "o.assay")
    assert status == 1
    assert "Repeat it with assay 99.0 to know." in out


def empty(name):
    return lambda parts: parts.update({name: b"{}"})


@pytest.mark.parametrize(
    "change",
    [
        empty("run.json"),
        empty("library.json"),
        lambda parts: parts.pop("run.json"),
        lambda parts: parts.pop("records.jsonl"),
        lambda parts: parts.update({"run.json": b"[" * 50_000}),
        lambda parts: parts.update({"exchanges.json": b'{"exchanges": 5}'}),
        lambda parts: parts.update({"article": b"Another article, much shorter."}),
        lambda parts: parts.update(
            {
                "records.jsonl": parts["records.jsonl"].replace(
                    b'"title":"', b'"title":['
                )
            }
        ),
        lambda parts: parts.update(
            {"records.jsonl": b'{"title":5}\n' * parts["records.jsonl"].count(b"\n")}
        ),
        lambda parts: parts.update(
            {"run.json": parts["run.json"].replace(b'"pubmed"', b'"nowhere"')}
        ),
    ],
)
def test_a_forged_part_is_told_in_one_sentence(assay, made, change):
    status, out, err = assay("replay", forge(made, change))
    assert status == 1
    assert err.count("\n") == (0 if "differs" in out else 1), err
    assert "Traceback" not in err
    assert "fault of ours" not in err


# --- the container ------------------------------------------------------------------


def packed(parts, **more):
    """Return the bytes of a bundle of these parts."""
    named = tuple(part_of(name, content) for name, content in parts.items())
    head = Manifest("0.1.0", "check", hash_whole(named), named)
    file = io.BytesIO()
    write_container(file, head._replace(**more), parts.values())
    return file.getvalue()


SMALL = packed({"article": b"Tea calms. " * 9, "outcome/report.json": b"{}\n"})


def test_the_same_parts_give_the_same_bytes():
    again = {"article": b"Tea calms. " * 9, "outcome/report.json": b"{}\n"}
    assert packed(again) == SMALL


@given(at=st.integers(0, len(SMALL) - 1), by=st.integers(1, 255))
def test_one_byte_that_is_another_is_noticed_wherever_it_stands(
    tmp_path_factory, at, by
):
    path = tmp_path_factory.mktemp("b") / "x.assay"
    path.write_bytes(SMALL[:at] + bytes([SMALL[at] ^ by]) + SMALL[at + 1 :])
    with pytest.raises(StoreError, match=r"Ask for it again\.$"), open_container(path):
        pass


@given(end=st.integers(0, len(SMALL) - 1))
def test_a_bundle_that_was_cut_off_is_noticed(tmp_path_factory, end):
    path = tmp_path_factory.mktemp("b") / "x.assay"
    path.write_bytes(SMALL[:end])
    with pytest.raises(StoreError, match="Ask for it again"), open_container(path):
        pass


def zipped(names, manifest=None, comment=True, method=zipfile.ZIP_DEFLATED):
    """Return the bytes of a ZIP file with the sign of a bundle at its end."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        if manifest is not None:
            archive.writestr("manifest.json", manifest)
        for name, content in names:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a name that stands twice
                archive.writestr(name, content)
        if comment:
            archive.comment = bundle_file._COMMENT + b"0" * 64
    whole = file.getvalue()
    return whole[:-64] + hashlib.sha256(whole[:-64]).hexdigest().encode()


def listed(names):
    named = tuple(part_of(name, content) for name, content in names)
    return render_manifest(Manifest("0.1.0", "check", hash_whole(named), named))


@pytest.mark.parametrize(
    "name",
    ["../etc/passwd", "/etc/passwd", "a/../b", "C:\\x", "a//b", ".hidden", "a/.git",
     "answers/\x1b[31m", "a" * 300, "Ä"],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_is_refused(tmp_path, name):
    path = tmp_path / "x.assay"
    path.write_bytes(zipped([(name, b"x")], listed([(name, b"x")])))
    with pytest.raises(StoreError, match="holds what no bundle holds"):
        open_container(path).__enter__()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not a bundle"),
        (b"PK" * 300, "not a bundle"),
        (b"\x00" * 100_000, "not a bundle"),
        (zipped([("a", b"x")], comment=False), "not a bundle"),
        (zipped([("a", b"x")]), "no bundle holds"),
        (zipped([("a", b"x"), ("a", b"x")], "{}"), "no bundle holds"),
        (zipped([("a", b"x")], "{}", method=zipfile.ZIP_BZIP2), "no bundle holds"),
        (zipped([], "{}"), "another layout"),
        (zipped([], '{"schema": "assay/bundle/2"}'), "a newer one"),
        (zipped([], '{"schema": "assay/bundle/1"}'), "manifest is not one"),
        (zipped([], "[" * 200_000), "another layout"),
        (zipped([("a", b"x")], listed([])), "list of parts"),
        (zipped([("a", b"x")], listed([("a", b"xy")])), "list of parts"),
        (zipped([("a", b"x")], listed([("a", b"y")])), "a is not what it was"),
        (packed({"a": b"x"}, whole="0" * 64), "list of parts was changed"),
    ],
)
def test_a_file_that_is_no_bundle_is_told_in_one_sentence(tmp_path, content, said):
    path = tmp_path / "x.assay"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=said) as caught:
        open_container(path).__enter__()
    assert str(caught.value).count("\n") == 0


def test_a_bundle_that_would_unpack_to_a_monster_is_refused(tmp_path, monkeypatch):
    bomb = [("a", b"\0" * 3_000_000)]
    path = tmp_path / "x.assay"
    path.write_bytes(zipped(bomb, listed(bomb)))
    assert path.stat().st_size < 10_000
    with open_container(path) as container:
        assert len(container.read("a")) == 3_000_000
    for limit in ("LARGEST_PART", "LARGEST_WHOLE"):
        with monkeypatch.context() as patched:
            patched.setattr(bundle_file, limit, 1_000_000)
            with pytest.raises(StoreError, match="more than a bundle may"):
                open_container(path).__enter__()
    monkeypatch.setattr(bundle_file, "LARGEST_FILE", 1_000)
    with pytest.raises(StoreError, match="too large"):
        open_container(path).__enter__()


def test_a_part_that_lies_about_its_size_gives_no_more_than_it_says(tmp_path):
    whole = bytearray(zipped([("a", b"\0" * 100_000)], listed([("a", b"\0" * 9)])))
    for sign, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = whole.rfind(sign)
        whole[place + at : place + at + 4] = (9).to_bytes(4, "little")
    body = bytes(whole[:-64])
    path = tmp_path / "x.assay"
    path.write_bytes(body + hashlib.sha256(body).hexdigest().encode())
    with pytest.raises(StoreError, match="damaged or was changed"):
        open_container(path).__enter__()


def test_no_file_a_folder_and_a_wrong_name_are_told(assay, tmp_path):
    assert "no file" in assay("replay", "none.assay")[2]
    assert "folder" in assay("replay", str(tmp_path))[2]
    for words, said in (
        (("check", "tea.md", "--bundle", "e.zip"), "ends in .assay"),
        (("check", "tea.md", "--bundle", "no/e.assay"), "no folder"),
        (("bundle", "r.html", "-o", "e.assay"), "as JSON"),
        (("bundle", "r.json", "-o", "e.assay"), "no file"),
    ):
        status, _, err = assay(*words)
        assert (status, said in err) == (2, True), err
