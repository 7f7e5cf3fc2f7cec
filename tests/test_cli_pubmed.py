"""check, search and show as a person runs them, against a PubMed on loopback."""

import gzip
import json
import re
import shlex
import zlib
from contextlib import closing
from sqlite3 import connect

import pytest
from jsonschema import Draft202012Validator

from assay.cli import COMMANDS, main
from assay.cli.frame import EXAMPLES, load_command
from assay.edge.packaged import read_packaged_text
from tests.standin import serve, synthetic_xml
from tests.standin.services import serve_service

pytestmark = pytest.mark.usefixtures("with_notices")

KEY, MAIL = "k3y-of-nobody-at-all", "nobody.at.all@example.org"
ARTICLE = "# Tea\n\nKratom tea shortens the time it takes to fall asleep.\n"


@pytest.fixture
def server():
    with serve() as running:
        yield running
    assert running.errors == []


@pytest.fixture
def other():
    """Europe PMC, which is asked where PubMed fails."""
    with serve_service("europepmc") as running:
        yield running


@pytest.fixture
def assay(capsys, monkeypatch, tmp_path, server, other):
    """Run one command in a workspace of its own, with the stand-ins."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASSAY_EUTILS", server.url)
    monkeypatch.setenv("ASSAY_EUROPEPMC", other.url)
    monkeypatch.setenv("NCBI_API_KEY", KEY)
    (tmp_path / "queries").mkdir()
    (tmp_path / "tea.md").write_text(ARTICLE, encoding="utf-8")

    def run(*words):
        status = main([str(word) for word in words])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


def valid(text, name):
    content = json.loads(text)
    schema = json.loads(read_packaged_text(f"schemas/{name}.schema.json"))
    Draft202012Validator(schema).validate(content)
    return content


# --- search -------------------------------------------------------------------------


def test_a_search_lists_records_and_keeps_them(assay):
    status, out, err = assay("search", "kratom", "tea", "--limit", "3")
    assert (status, err) == (0, "")
    assert out.startswith("1. ")
    assert "https://pubmed.ncbi.nlm.nih.gov/90000001/" in out
    origins = valid(assay("library", "--json")[1], "library")["origins"]
    assert {"pubmed", "starter"} == {each["origin"] for each in origins}
    assert valid(assay("cache", "--json")[1], "cache")["answers"] >= 2


def test_a_search_as_json_follows_its_schema_and_repeats_offline_to_the_byte(assay):
    status, out, _ = assay("search", "kratom", "--json")
    assert status == 0
    assert valid(out, "search")["query"]["name"] is None
    first = assay("search", "kratom", "--json", "--offline")
    assert first == assay("search", "kratom", "--json", "--offline")
    assert first[0] == 0
    records = json.loads(out)["records"]
    assert json.loads(first[1])["records"] == records != []


def test_a_saved_query_is_asked_by_its_name_and_the_command_line_wins(assay, server):
    assay("queries", "add", "mine", "kratom", "--since", "2010", "--limit", "7")
    content = valid(
        assay("search", "mine", "--limit", "2", "--sort", "PUB_DATE", "--json")[1],
        "search",
    )
    assert content["query"] == {
        "name": "mine",
        "text": "kratom",
        "since": "2010",
        "until": None,
        "limit": 2,
        "sort": "pub_date",
    }
    asked = next(r for r in server.requests if r.program == "esearch").params
    assert (asked["mindate"], asked["sort"]) == ("2010", "pub_date")


def test_a_nearly_right_name_is_pointed_out(assay):
    err = assay("search", "kratom-slep", "--limit", "1")[2]
    assert 'there is "kratom-sleep"' in err


def test_offline_the_library_answers_what_was_never_recorded(assay, server):
    status, out, _ = assay("search", "kratom", "AND", "sleep", "--offline", "--json")
    content = valid(out, "search")
    assert status == 3, "PubMed itself was not asked, and it is said"
    assert "never recorded" in content["problems"][0]["what"]
    assert {each["source"] for each in content["records"]} == {"starter"}
    assert [each["source"] for each in content["log"]] == ["pubmed", "library"]
    assert server.requests == []
    assert assay("search", "kratom", "--offline")[1].lstrip().startswith("1. ")


def test_a_refusal_is_told_and_is_not_zero_hits(assay, monkeypatch):
    monkeypatch.setenv("NCBI_API_KEY", "bad-key-of-nobody")
    status, out, err = assay("search", "kratom")
    assert status == 3
    assert "No record was found" not in out
    assert "bad-key-of-nobody" not in out + err


def test_records_that_do_not_come_make_the_status_3(assay, server):
    server.fail("missing-ids:1", path="efetch", times=9)
    status, out, _ = assay("search", "kratom", "--json")
    assert status == 3
    assert len(valid(out, "search")["log"][0]["missing"]) == 1


def test_another_address_of_the_service_can_be_named(assay, monkeypatch, server):
    monkeypatch.delenv("ASSAY_EUTILS")
    assert assay("search", "kratom", "--limit", "1", "--api-base", server.url)[0] == 0
    assert server.count("esearch") == 1
    status, _, err = assay("search", "tea", "--api-base", "http://example.org/")
    assert status == 2
    assert "https" in err


def test_what_goes_wrong_on_this_machine_is_told_and_leaves_nothing_unsearched(
    assay, monkeypatch, tmp_path
):
    (tmp_path / "file").write_text("the data folder cannot be made here")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    monkeypatch.setattr("sys.platform", "linux")
    status, out, err = assay("search", "kratom", "--json", "--limit", "1")
    assert status == 0
    assert valid(out, "search")["problems"] == []
    assert "pace" in err
    assert err.count("\n") == 1


def test_refresh_asks_again(assay, server):
    assay("search", "kratom", "--limit", "1")
    before = len(server.requests)
    assay("search", "kratom", "--limit", "1")
    assert len(server.requests) == before
    assay("search", "kratom", "--limit", "1", "--refresh")
    assert len(server.requests) > before


def test_records_are_written_to_files(assay, tmp_path):
    words = ("search", "kratom", "-o", "a.csv", "--output", "b.json", "--quiet")
    assert assay(*words) == (0, "", "")
    rows = (tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0].startswith("pmid,doi,")
    content = valid((tmp_path / "b.json").read_text(encoding="utf-8"), "search")
    assert len(content["records"]) > 3
    _, out, err = assay("search", "kratom", "-o", "a.csv")
    assert out.startswith(" 1. ")
    assert err == "Wrote a.csv\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("search", "x", "-o", "a.docx"), ".json, .csv"),
        (("check", "tea.md", "-o", "a.docx"), ".html, .json, .md"),
        (("check", "tea.md", "-o", "none/a.html"), "there is no folder none"),
        (("check", "tea.md", "-o", "tea.md"), "is the article itself"),
        (("check", "tea.md", "-o", "a.md", "-o", "./a.md"), "named twice"),
        (("check", "tea.md", "-o", "d.html"), "is a folder"),
        (("check", "tea.md", "--limit", "0"), "from 1 up"),
        (("check", "tea.md", "--example"), "say --example"),
        (("check",), "say --example"),
        (("check", "tea.md", "--offline", "--refresh"), "contradict"),
        (("search", "x", "--offline", "--refresh"), "contradict"),
        (("show", "90000001", "--offline", "--refresh"), "contradict"),
        (("search", "x", "--since", "soon"), "YYYY-MM-DD"),
        (("search", "x", "--since", "2020", "--until", "2019"), "lies after"),
        (("search", "x", "--sort", "size"), "relevance, pub_date"),
        (("search", "x", "--limit", "0"), "from 1 up"),
        (("search", " "), "empty"),
        (("search", "x", "--limit", "many"), "The limit"),
        (("show", "hello"), "no PMID"),
    ],
)
def test_what_cannot_be_done_is_said_before_the_work(
    assay, server, tmp_path, words, said
):
    (tmp_path / "d.html").mkdir()
    status, out, err = assay(*words)
    assert (status, out) == (2, "")
    assert err.startswith("assay: ")
    assert err.count("\n") == 1
    assert said in err
    assert server.requests == []


# --- show ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "identifier", ["90000001", "10.99999/INVENTED.90000001", "PMC90000001"]
)
def test_a_record_is_shown_by_any_of_its_names(assay, identifier, server):
    status, out, _ = assay("show", identifier, "--json")
    content = valid(out, "record")
    assert status == 0
    assert content["record"]["pmid"] == "90000001"
    assert content["provenance"][0]["source"] == "pubmed"
    asked = len(server.requests)
    assert assay("show", identifier, "--offline")[0] == 0
    assert len(server.requests) == asked, "the library has it now"


def test_a_record_that_nobody_has_is_an_error(assay):
    status, out, err = assay("show", "10.99999/none-such")
    assert (status, out) == (1, "")
    assert "no record" in err
    assert "without --offline" in assay("show", "90000001", "--offline")[2]


def test_a_record_that_could_not_be_asked_for_is_not_called_missing(assay, monkeypatch):
    monkeypatch.setenv("NCBI_API_KEY", "bad-key-of-nobody")
    status, _, err = assay("show", "90000001")
    assert status == 1
    assert "There is no record" not in err
    assert "PubMed" in err


# --- check --------------------------------------------------------------------------


def test_an_article_is_checked_and_written_in_every_format(assay, tmp_path):
    files = ("-o", "a.html", "-o", "a.md", "-o", "a.json")
    status, out, err = assay("check", "tea.md", *files)
    assert status == 0
    assert "fall asleep" in out
    assert err == "Wrote a.html\nWrote a.md\nWrote a.json\n"
    content = valid((tmp_path / "a.json").read_text(encoding="utf-8"), "check")
    assert content["offline"] is False
    assert content["searched"] != []
    assert (tmp_path / "a.html").read_text(encoding="utf-8").startswith("<!")


def test_offline_asks_nobody_and_repeats_to_the_byte(assay, server):
    first = assay("check", "tea.md", "--offline", "--json")
    assert first == assay("check", "tea.md", "--offline", "--json")
    assert first[0] == 0
    assert valid(first[1], "check")["offline"] is True
    assert server.requests == []


def test_offline_gives_the_verdicts_of_the_searches_made_before(assay):
    online = json.loads(assay("check", "tea.md", "--json")[1])["claims"]
    offline = json.loads(assay("check", "tea.md", "--json", "--offline")[1])["claims"]
    assert online == offline
    assert any(claim["evidence"] for claim in online)


def test_a_search_that_fails_makes_the_status_3(assay, monkeypatch):
    monkeypatch.setenv("NCBI_API_KEY", "bad-key-of-nobody")
    status, out, err = assay("check", "tea.md")
    assert status == 3
    assert "Not everything was searched" in out
    assert "bad-key-of-nobody" not in out + err


def test_the_example_article_needs_no_network(assay, server):
    status, out, err = assay("check", "--example", "--offline")
    assert (status, err) == (0, "")
    assert "not medical advice" in out
    assert server.requests == []


def test_explain_shows_the_queries(assay):
    assert "query: " in assay("check", "tea.md", "--offline", "--explain")[1]
    assert "query: " not in assay("check", "tea.md", "--offline")[1]


def test_an_article_comes_from_standard_input(assay, monkeypatch, tmp_path):
    with (tmp_path / "tea.md").open(encoding="utf-8") as file:
        monkeypatch.setattr("sys.stdin", file)
        status, out, _ = assay("check", "-", "--offline", "--json")
    assert status == 0
    assert valid(out, "check")["article"]["name"] == "standard input"


def test_an_address_on_this_machine_is_refused_unless_allowed(assay, server):
    status, _, err = assay("check", server.url)
    assert status == 1
    assert "--allow-local" in err
    assert server.requests == []
    assert assay("check", server.url, "--allow-local")[0] == 1
    assert server.requests != []


def test_an_address_is_not_read_when_offline(assay):
    status, _, err = assay("check", "https://example.org/tea", "--offline")
    assert status == 1
    assert "--offline" in err


def test_a_missing_article_is_a_plain_error_and_json_when_asked(assay):
    status, out, err = assay("check", "none.md", "--json")
    error = valid(out, "error")["error"]
    assert (status, error["kind"]) == (1, "ArticleError")
    assert err == f"assay: {error['message']}\n"


def test_a_person_can_add_words_of_their_own(assay, tmp_path):
    (tmp_path / "tea.md").write_text("# X\n\nQuibbleroot improves sleep quality.\n")
    before = assay("check", "tea.md", "--offline", "--explain")[1]
    (tmp_path / "vocabulary.toml").write_text(
        '[quibbleroot]\nkind = "exposure"\nlabel = "quibbleroot"\n'
        'words = ["quibbleroot", "quibblus invented"]\n'
    )
    after = assay("check", "tea.md", "--offline", "--explain")[1]
    assert "quibblus invented" in after
    assert "quibblus invented" not in before
    (tmp_path / "vocabulary.toml").write_text("[quibbleroot]\nkind = 5\n")
    assert assay("check", "tea.md", "--offline")[0] == 2


def test_a_slip_in_the_settings_is_told_also_offline(assay, tmp_path):
    (tmp_path / "assay.toml").write_text('emial = "x@example.org"\n')
    for words in (("check", "--example"), ("search", "x"), ("show", "90000001")):
        status, out, err = assay(*words, "--offline")
        assert (status, out) == (2, "")
        assert 'did you mean "email"?' in err


# --- examples -----------------------------------------------------------------------


def examples(command):
    """Yield every example that the help of a command, or one inside it, gives."""
    yield from re.findall(r"assay .*", command.epilog)
    for inner in getattr(command, "commands", {}).values():
        yield from examples(inner)


ENDS = {"queries lint --text": 1, "library review show": 2, "assay related": 3}
"""Statuses of examples that find something to mend, or need what is not there."""


HEADINGS = """<?xml version="1.0"?>
<DescriptorRecordSet><DescriptorRecord><DescriptorUI>D900000001</DescriptorUI>
<DescriptorName><String>Invented Disorders</String></DescriptorName>
<TreeNumberList><TreeNumber>C99.100</TreeNumber></TreeNumberList>
</DescriptorRecord></DescriptorRecordSet>
"""


def test_every_example_in_the_help_texts_runs(assay, tmp_path):
    (tmp_path / "article.html").write_text(
        f"<title>Tea</title><h1>Tea</h1><p>{ARTICLE[7:]}</p>", encoding="utf-8"
    )
    packed = gzip.compress(synthetic_xml(3))
    (tmp_path / "pubmed26n0001.xml.gz").write_bytes(packed)
    (tmp_path / "pubmed/baseline").mkdir(parents=True)
    (tmp_path / "pubmed/baseline/pubmed26n0001.xml.gz").write_bytes(packed)
    (tmp_path / "desc2026.xml").write_text(HEADINGS, encoding="utf-8")
    (tmp_path / "references.bib").write_text("@book{a, pmid = {90000015}}", "utf-8")
    assay("check", "--example", "--offline", "-o", "report.json", "--bundle", "e.assay")
    (tmp_path / "e.assay").rename(tmp_path / "evidence.assay")
    commands = [load_command(name, module) for name, (module, _) in COMMANDS.items()]
    lines = [line for command in commands for line in examples(command)]
    lines += re.findall(r"assay .*", EXAMPLES.partition("What")[0])
    assert len(lines) > 12
    lines.remove("assay serve --eutils")  # it ends by Ctrl-C only: test_serve.py
    for line in lines:
        status, out, err = assay(*shlex.split(line)[1:])
        expected = next((n for words, n in ENDS.items() if words in line), 0)
        assert status == expected, f"{line}: {err}{out}"


# --- secrets ------------------------------------------------------------------------


_TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table'"


def bytes_of(folder):
    """Yield the bytes of every file, and the unpacked contents of databases."""
    for path in folder.rglob("*"):
        if path.is_file() and path.name != "assay.toml":
            yield path.read_bytes()
    for path in folder.rglob("*.db"):
        with closing(connect(path)) as db:
            tables = [row[0] for row in db.execute(_TABLES)]
            for table in tables:
                for row in db.execute(f'SELECT * FROM "{table}"').fetchall():
                    yield repr(row).encode()
                    yield from (unpacked(v) for v in row if isinstance(v, bytes))


def unpacked(value):
    for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS, zlib.MAX_WBITS | 32):
        try:
            return zlib.decompressobj(bits).decompress(value)
        except zlib.error:
            continue
    return value


@pytest.mark.parametrize("place", ["variables", "file"])
def test_key_and_address_reach_the_service_and_nothing_else(
    assay, server, tmp_path, monkeypatch, place
):
    if place == "variables":
        monkeypatch.setenv("ASSAY_EMAIL", MAIL)
    else:
        monkeypatch.delenv("NCBI_API_KEY")
        settings = f'ncbi_api_key = "{KEY}"\nemail = "{MAIL}"\n'
        (tmp_path / "assay.toml").write_text(settings)
    said = []
    said += assay("search", "kratom", "--limit", "5", "--json", "--debug")
    said += assay("check", "tea.md", "-o", "a.html", "-o", "a.json", "--explain")
    said += assay("show", "90000001")
    server.fail("bad-key-400", times=1)  # its body repeats the key
    said += assay("search", "sleep", "--debug")
    server.fail("rate-limit-429-retry-after:0", times=1)  # and so does this one
    said += assay("search", "sleep", "--debug", "--limit", "1")
    server.fail("bad-key-400", times=1)
    said += assay("show", "90000055", "--debug", "--json")
    for words in ("library", "cache", "queries"):
        said += assay(words, "--json")
    assert all(request.params["api_key"] == KEY for request in server.requests)
    assert all(request.params["email"] == MAIL for request in server.requests)
    everything = "".join(map(str, said)).encode() + b"".join(bytes_of(tmp_path))
    assert b"90000001" in everything, "the search looks where it should"
    for secret in (KEY, MAIL, MAIL.replace("@", "%40"), "nobody.at.all"):
        assert secret.encode() not in everything


def test_a_fault_inside_assay_is_told_without_a_traceback_or_a_secret(
    assay, monkeypatch
):
    def fail(*args):
        raise ValueError(f"could not ask …?api_key={KEY}")

    monkeypatch.setattr("assay.cli.queries.read_all_saved", fail)
    status, _, err = assay("queries")
    assert status == 1
    assert "Traceback" not in err
    assert "fault of ours" in err
    assert KEY not in err
    assert KEY not in assay("queries", "--debug")[2]


# --- the log of a search --------------------------------------------------------------


def test_a_search_leaves_a_log_that_can_be_shown_later(assay):
    assay("search", "kratom", "--limit", "2")
    status, out, _ = assay("search", "--log")
    assert status == 0
    assert out.startswith("# Search log: kratom")
    assert "PubMed" in out
    assert KEY not in out


def test_the_log_can_be_shown_at_once_and_as_json(assay):
    status, out, _ = assay("search", "kratom", "--limit", "2", "--log", "--json")
    assert status == 0
    content = valid(out, "search-log")
    assert content["found"] == content["logs"][0]["retrieved"] == 2
    assert content["sums"] == []


def test_without_a_search_there_is_no_log_and_it_is_said(assay):
    status, _, err = assay("search", "--log")
    assert status == 2
    assert "No search was made here yet" in err


def test_a_source_that_does_not_exist_is_named_with_those_that_do(assay):
    status, _, err = assay("search", "kratom", "--source", "pubmde")
    assert status == 2
    assert "pubmed" in err


# --- where PubMed does not answer ---------------------------------------------------


def test_where_pubmed_fails_europe_pmc_and_the_library_answer_and_it_is_said(
    assay, monkeypatch
):
    monkeypatch.setenv("NCBI_API_KEY", "bad-key-of-nobody")
    status, out, _ = assay("search", "kratom[tiab]", "AND", "sleep[mh]", "--json")
    content = valid(out, "search")
    assert status == 3
    asked = {log["source"]: log for log in content["log"]}
    assert list(asked) == ["pubmed", "europepmc", "library"]
    assert asked["pubmed"]["failed"]
    assert asked["europepmc"]["retrieved"] > 0
    sources = {name for record in content["records"] for name in record["found_by"]}
    assert "europepmc" in sources
    [told] = [p for p in content["problems"] if "instead" in p["what"]]
    assert told["where"] == "PubMed"
    assert "Europe PMC on sleep[mh]: " in told["what_to_do"]


def test_an_article_is_checked_with_europe_pmc_where_pubmed_fails(
    assay, monkeypatch, other
):
    monkeypatch.setenv("NCBI_API_KEY", "bad-key-of-nobody")
    status, out, _ = assay("check", "tea.md", "--json")
    content = valid(out, "check")
    assert status == 3
    answered = [log for log in content["searched"] if not log["failed"]]
    assert {log["source"] for log in answered} == {"europepmc"}
    assert other.requests
    [told] = [p for p in content["problems"] if "instead" in p["what"]]
    assert told["where"] == "PubMed"
