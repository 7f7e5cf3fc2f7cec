"""The E-utilities of `assay serve`, asked over a socket: NCBI's shapes, and limits."""

import http.client
import json
import socket
import sqlite3
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import Bio.Entrez
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from assay.edge import eutils_fetch, eutils_serving
from assay.edge.eutils_server import MOST_BODY
from assay.errors import AssayError
from assay.output.pubmed_xml import render_article
from assay.record import Record
from assay.sources.pubmed_xml import parse_set
from tests import mirror_files
from tests.eutils_served import PATH, Client, fill_library, fill_mirror, served
from tests.standin import invented_xml

DTDS = Path(Bio.Entrez.__file__).parent / "DTDs"
NAMELESS = Record(source="openalex", doi="10.99999/nameless", title="Lunaroot unnamed")
LATER = Record(
    source="ris", pmid="90000901", title="Lunaroot & <b>later</b>", year=2026
)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("library")
    fill_library(folder, NAMELESS, LATER)
    with served(folder) as url:
        yield url


@pytest.fixture
def client(address):
    return Client(address)


def valid(name, body):
    """Say whether a reply holds what its DTD demands."""
    dtd = etree.DTD(str(DTDS / name))
    assert dtd.validate(etree.fromstring(body)), dtd.error_log
    return True


# --- esearch --------------------------------------------------------------------------


def test_a_search_lists_the_newest_first_and_counts_all(client):
    found = client.json("esearch", term="lunaroot", retmax=2)
    ids = client.ids("lunaroot", retmax=100)
    assert found["idlist"] == [str(pmid) for pmid in ids[:2]]
    assert ids == sorted(ids, reverse=True)
    assert found["count"] == str(len(ids))
    assert (found["retmax"], found["retstart"]) == ("2", "0")
    assert ids[0] == 90000901
    assert "errorlist" not in found
    assert client.kind == "application/json; charset=UTF-8"


def test_pages_follow_each_other_without_a_gap(client):
    every = client.ids("all[sb]", retmax=1000)
    assert len(every) == 61
    pages = [client.ids("all[sb]", retstart=n, retmax=7) for n in range(0, 70, 7)]
    assert [pmid for page in pages for pmid in page] == every
    assert client.ids("all[sb]", retstart="1" + 30 * "0") == []
    assert client.ids("all[sb]", retstart=0, retmax="9" * 30) == every


def test_a_record_without_a_pmid_is_neither_listed_nor_counted(client):
    assert client.json("esearch", term="nameless[doi]")["count"] == "0"
    listed = client.json("esearch", term="lunaroot[ti]", retmax=100)
    assert int(listed["count"]) == len(listed["idlist"])


def test_the_xml_reply_has_ncbis_shape(client):
    body = client.bytes("esearch", term="kratom", retmax=3, usehistory="y")
    assert client.kind == "text/xml; charset=UTF-8"
    assert valid("esearch.dtd", body)
    assert b'"-//NLM//DTD esearch 20060628//EN"' in body
    root = etree.fromstring(body)
    assert len(root.findall("IdList/Id")) == 3
    assert root.findtext("QueryTranslation") == "kratom"


def test_counting_alone_gives_the_count_alone(client):
    count = client.json("esearch", term="kratom")["count"]
    body = client.bytes("esearch", term="kratom", rettype="count")
    assert [part.tag for part in etree.fromstring(body)] == ["Count"]
    assert client.json("esearch", term="kratom", rettype="count") == {"count": count}


def test_no_hits_are_said_with_the_word_that_stands_nowhere(client):
    found = client.json("esearch", term="kratom AND zzqxqzz")
    assert (found["count"], found["idlist"]) == ("0", [])
    assert found["errorlist"]["phrasesnotfound"] == ["zzqxqzz"]
    assert found["warninglist"]["outputmessages"] == ["No items found."]
    assert valid("esearch.dtd", client.bytes("esearch", term="zzqxqzz"))


def test_what_is_left_out_of_a_search_is_said(client):
    found = client.json("esearch", term="kratom AND tea[pa]")
    assert found["count"] != "0"
    assert any("tea[pa]" in text for text in found["warninglist"]["outputmessages"])


def test_nothing_asked_is_an_error_not_an_empty_list(client):
    said = {"ERROR": "Empty term and query_key - nothing todo"}
    assert client.json("esearch") == said
    root = client.xml("esearch", term=" ")
    assert root.findtext("ERROR") == said["ERROR"]


def test_dates_and_fields_narrow_a_search(client):
    every = client.ids("sleep", retmax=100)
    recent = client.ids("sleep", retmax=100, mindate="2023", maxdate="2023/12")
    assert set(recent) < set(every)
    assert recent == client.ids("sleep AND 2023[dp]", retmax=100)
    title = client.ids("sleep", retmax=100, field="title")
    assert title == client.ids("sleep[ti]", retmax=100)
    assert client.ids("sleep", retmax=9, reldate=1, datetype="crdt") == []
    ever = client.json("esearch", term="sleep", reldate="9" * 12, datetype="crdt")
    assert "outputmessages" not in ever.get("warninglist", {})
    assert 0 < int(ever["count"]) <= len(every)


@pytest.mark.parametrize("sort", ["relevance", "pub_date", "Author", "JournalName"])
def test_every_order_lists_the_same_records(client, sort):
    found = client.ids("sleep", retmax=100, sort=sort)
    assert sorted(found) == sorted(client.ids("sleep", retmax=100))


def test_far_on_in_a_slow_order_is_refused(client, monkeypatch):
    monkeypatch.setattr("assay.edge.eutils_asking.MOST_SLOW", 2)
    asked = {"term": "all[sb]", "sort": "Author"}
    said = client.json("esearch", **asked, retmax=3)["ERROR"]
    assert said.startswith("In the order of Author only the first")
    assert "ERROR" in client.json("esearch", **asked, retstart=2, retmax=1)
    assert len(client.ids(**asked, retmax=2)) == 2
    assert len(client.ids("all[sb]", retmax=3)) == 3
    assert client.json("esearch", **asked, rettype="count")["count"] == "61"


def test_an_unknown_order_is_said(client):
    found = client.json("esearch", term="sleep", sort="colour")
    assert "colour" in found["warninglist"]["outputmessages"][0]


# --- sets of sessions -----------------------------------------------------------------


def test_a_kept_set_is_fetched_in_pages(client):
    kept = client.json("esearch", term="kratom", retmax=0, usehistory="y")
    where = {"WebEnv": kept["webenv"], "query_key": kept["querykey"]}
    ids = [str(pmid) for pmid in client.ids("kratom", retmax=100)]
    pages = [
        client.text(
            "efetch", rettype="uilist", retmode="text", retstart=n, retmax=4, **where
        )
        for n in range(0, len(ids) + 4, 4)
    ]
    assert "".join(pages).split() == ids
    assert client.json("esummary", **where)["uids"] == ids


def test_sets_are_combined_by_their_numbers(client):
    first = client.json("esearch", term="kratom", usehistory="y")
    where = {"WebEnv": first["webenv"], "usehistory": "y"}
    second = client.json("esearch", term="sleep", **where)
    assert (first["querykey"], second["querykey"]) == ("1", "2")
    both = client.json("esearch", term="#1 AND #2", retmax=100, **where)
    assert both["querytranslation"] == "#1 AND #2"
    assert (
        both["idlist"]
        == client.json("esearch", term="kratom AND sleep", retmax=100)["idlist"]
    )
    narrowed = client.json("esearch", term="sleep", query_key=1, retmax=100, **where)
    assert narrowed["idlist"] == both["idlist"]


def test_sets_that_rest_on_each_other_are_each_read_once(client, monkeypatch):
    monkeypatch.setattr("assay.edge.eutils_search.KEPT_IDS", 0)  # questions are kept
    found = client.json("esearch", term="kratom", usehistory="y", retmax=100)
    where = {"WebEnv": found["webenv"], "usehistory": "y", "retmax": 100}
    for last in range(1, 25):  # were they read anew for each: 2 ** 24 readings
        term = " OR ".join(f"#{n}" for n in range(max(1, last - 9), last + 1))
        again = client.json("esearch", term=term, **where)
        if "ERROR" in again:
            break
        assert again["idlist"] == found["idlist"]
        page = {"WebEnv": again["webenv"], "query_key": again["querykey"]}
        assert client.json("esummary", **page)["uids"] == found["idlist"]
    assert last > 5
    assert again["ERROR"].startswith("The search was not made")
    monkeypatch.setattr("assay.edge.eutils_asking.MOST_NAMED", 1)
    said = client.json("esearch", term="#1 OR #2", **where)["ERROR"]
    assert "rests on more than" in said


def test_posted_ids_are_a_set(client):
    posted = etree.fromstring(client.post("epost", db="pubmed", id="90000002,90000001"))
    where = {
        "WebEnv": posted.findtext("WebEnv"),
        "query_key": posted.findtext("QueryKey"),
    }
    body = client.bytes("efetch", **where)
    assert [r.pmid for r in parse_set(body).records] == ["90000002", "90000001"]
    found = client.json("esearch", **where)
    assert found["idlist"] == ["90000002", "90000001"]


def test_a_set_that_nobody_knows_is_an_error(client):
    where = {"WebEnv": "MCID_000000000000000000000000", "query_key": "1"}
    said = "Unable to obtain query #1"
    assert client.json("esearch", **where) == {"ERROR": said}
    assert client.json("esummary", **where) == [said]
    assert client.xml("efetch", **where).findtext("ERROR") == said
    assert client.json("esearch", term="#1")["ERROR"] == said


def test_posting_nothing_or_no_ids_says_so(client):
    assert client.xml("epost").findtext("ERROR") == "Empty ID list; Nothing to store"
    errors = client.xml("epost", id="x,0").findall("ERROR")
    assert len(errors) == 2


# --- efetch ---------------------------------------------------------------------------


def test_records_come_as_pubmeds_xml_in_the_order_asked(client):
    body = client.bytes("efetch", [("id", "90000010,90000001"), ("id", "90000003")])
    assert valid("pubmed_250101.dtd", body)
    want = {record.pmid: record for record in parse_set(invented_xml()).records}
    for record, pmid in zip(
        parse_set(body).records, ("90000010", "90000001", "90000003"), strict=True
    ):
        assert record == want[pmid]


def test_a_get_and_a_form_are_answered_alike(client):
    got = client.bytes("efetch", db="pubmed", id="90000001", retmode="xml")
    assert client.post("efetch", db="pubmed", id="90000001", retmode="xml") == got


def test_unknown_ids_are_left_out_and_none_at_all_is_an_error(client):
    body = client.bytes("efetch", id="90000001,90000999")
    assert [r.pmid for r in parse_set(body).records] == ["90000001"]
    assert parse_set(client.bytes("efetch", id="90000999")).records == ()
    assert client.status == 200
    for nothing in ("0", "x"):
        root = client.xml("efetch", id=nothing)
        assert client.status == 400
        assert root.findtext("ERROR").startswith("ID list is empty!")


def test_text_from_outside_is_never_markup(client):
    body = client.bytes("efetch", id="90000901")
    assert b"Lunaroot &amp; &lt;b&gt;later&lt;/b&gt;" in body
    [record] = parse_set(body).records
    assert record.title == LATER.title
    assert "<b>" not in client.text("esummary", id="90000901")
    translation = client.bytes("esearch", term="</eSearchResult><script>")
    assert b"<script>" not in translation


def test_records_come_as_medline_abstracts_and_ids(client):
    medline = client.text("efetch", id="90000001,90000999", rettype="medline")
    assert "\nPMID- 90000001\n" in medline
    assert "id: 90000999 Error occurred" in medline
    assert max(map(len, medline.splitlines())) <= 88
    abstract = client.text("efetch", id="90000001", rettype="abstract", retmode="text")
    assert abstract.lstrip().startswith("1. ")
    assert "PMID: 90000001" in abstract
    ids = client.text(
        "efetch", id="90000001,90000999", rettype="uilist", retmode="text"
    )
    assert ids == "90000001\n"
    assert client.kind == "text/plain; charset=UTF-8"


def test_asked_for_xml_as_text_there_is_xml(client):
    body = client.bytes("efetch", id="90000001", rettype="xml", retmode="text")
    assert [r.pmid for r in parse_set(body).records] == ["90000001"]


def test_names_of_parameters_may_be_written_in_any_case(client):
    posted = client.xml("epost", ID="90000001")
    found = client.json(
        "esearch", webenv=posted.findtext("WebEnv"), Query_Key="1", RetMax="5"
    )
    assert found["idlist"] == ["90000001"]


# --- esummary, elink, einfo -----------------------------------------------------------


def test_a_summary_has_the_keys_of_ncbis(client, shared):
    example = shared / "api/ncbi_eutils/shapes/esummary_one_ok_one_bad.json"
    real = json.loads(example.read_text())["result"]["39000001"]
    found = client.json("esummary", id="90000001,90000999")
    assert found["uids"] == ["90000001", "90000999"]
    assert list(found["90000001"]) == list(real)
    assert found["90000999"]["error"] == "cannot get document summary"


def test_both_xml_summaries_name_the_record(client):
    body = client.bytes("esummary", id="90000001,90000999")
    assert valid("esummary-v1.dtd", body)
    root = client.xml("esummary", id="90000001,90000999", version="2.0")
    first, second = root.iter("DocumentSummary")
    assert first.get("uid") == "90000001"
    assert first.findtext("Title")
    assert second.findtext("error") == "cannot get document summary"


def test_json_summaries_of_more_than_500_are_refused(client):
    ids = ",".join(str(91000000 + n) for n in range(501))
    said = json.loads(client.post("esummary", id=ids, retmode="json"))
    assert said["esummaryresult"][0].startswith("Too many UIDs in request.")
    assert client.json("esummary") == ["Empty id list - nothing todo"]


def test_links_lead_both_ways_and_stay_apart(client):
    citing = {
        int(record.pmid): [
            int(v) for r in record.references for k, v in r.ids if k == "pubmed"
        ]
        for record in parse_set(invented_xml()).records
        if record.references
    }
    pmid, cited = next(iter(citing.items()))
    sets = client.json("elink", id=pmid, dbfrom="pubmed", db="pubmed")
    links = {each["linkname"]: each["links"] for each in sets[0]["linksetdbs"]}
    assert links["pubmed_pubmed_refs"] == [str(each) for each in cited]
    back = client.json("elink", id=cited[0], linkname="pubmed_pubmed_citedin")
    assert str(pmid) in back[0]["linksetdbs"][0]["links"]
    root = client.xml("elink", [("id", pmid), ("id", "90000999")])
    first, second = root.findall("LinkSet")
    assert first.find("LinkSetDb") is not None
    assert second.find("LinkSetDb") is None


def test_links_that_there_are_not_here_are_refused_not_empty(client):
    said = client.xml("elink", id="90000001", linkname="pubmed_pubmed_reviews")
    assert "pubmed_pubmed_reviews is not served here" in said.findtext("ERROR")
    assert "prlinks is not served" in client.text("elink", id="1", cmd="prlinks")


def test_links_can_be_kept_and_checked(client):
    root = client.xml("elink", id="90000054", cmd="neighbor_history")
    where = {
        "WebEnv": root.findtext("LinkSet/WebEnv"),
        "query_key": root.findtext("LinkSet/LinkSetDbHistory/QueryKey"),
    }
    assert client.json("esearch", **where)["count"] != "0"
    told = client.xml("elink", id="90000054", cmd="acheck")
    assert told.findtext(".//LinkInfo/LinkName") == "pubmed_pubmed_refs"
    checked = client.xml("elink", id="90000054,90000999", cmd="ncheck")
    assert [e.get("HasNeighbor") for e in checked.iter("Id")] == ["Y", "N"]


def test_einfo_tells_the_fields_and_the_number_of_records(client):
    assert client.json("einfo") == {"dblist": ["pubmed"]}
    body = client.bytes("einfo", db="pubmed")
    assert valid("einfo.dtd", body)
    assert etree.fromstring(body).findtext("DbInfo/Count") == "61"
    [info] = client.json("einfo", db="pubmed")["dbinfo"]
    assert {"TIAB", "MESH", "PDAT", "UID"} <= {f["name"] for f in info["fieldlist"]}
    said = client.text("einfo", db="fleegle")
    assert "Can not retrieve DbInfo for db=fleegle" in said


@pytest.mark.parametrize("program", ["esearch", "esummary", "epost", "efetch", "elink"])
def test_another_database_is_an_error(client, program):
    root = client.xml(program, db="nothing", id="1", term="x")
    assert root.findtext("ERROR") == "Invalid db name specified: nothing"


# --- limits ---------------------------------------------------------------------------


def test_a_search_that_is_too_large_gets_an_error_and_the_server_lives(client):
    for term in (
        " OR ".join(["tea"] * 100_000),
        " OR ".join(["sleep*"] * 500),
        " OR ".join(f'"tea cup of mint {n}"[ti:~9]' for n in range(300)),
        "(" * 5000 + "tea" + ")" * 5000,
    ):
        said = client.post("esearch", term=term, retmode="json")
        assert "ERROR" in json.loads(said)["esearchresult"]
    assert client.ids("kratom")


def test_many_pmids_are_one_question(client):
    term = " OR ".join(f"{pmid}[uid]" for pmid in range(90000001, 90002001))
    said = json.loads(client.post("esearch", term=term, retmode="json"))
    assert said["esearchresult"]["count"] == "61"


def test_a_star_after_few_letters_is_not_looked_up(client):
    assert "a* was left out" in client.json("esearch", term="a*")["ERROR"]
    said = client.json("esearch", term="tea*")["warninglist"]["outputmessages"]
    assert "Fewer than" in said[0]


def test_a_form_that_is_too_long_is_refused(client):
    client.raw(f"{PATH}esearch.fcgi", b"term=" + b"a" * MOST_BODY)
    assert client.status == 413


def test_a_form_of_another_kind_is_refused(client):
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    said = client.raw(f"{PATH}esearch.fcgi", b"--x--", **kind)
    assert client.status == 415
    assert b"x-www-form-urlencoded" in said


def test_more_ids_than_one_request_may_have_are_refused(client):
    ids = ",".join(["90000001"] * 10_001)
    client.post("efetch", id=ids)
    assert client.status == 400


def test_what_is_not_served_says_so_in_ncbis_shapes(client):
    for said in (client.xml("espell", term="slep"), client.xml("espell", db="pmc")):
        assert said.tag == "eSpellResult"
        assert said.findtext("ERROR").startswith("espell is not served here")
    for program in ("ecitmatch.cgi", "egquery.fcgi"):
        said = client.raw(f"{PATH}{program}?db=pubmed&retmode=xml").decode()
        assert (client.status, client.kind[:10]) == (400, "text/plain")
        assert said.startswith(f"{program.partition('.')[0]} is not served here")
    for asked in ({"linkname": "pubmed_pubmed"}, {"cmd": "neighbor_score"}):
        said = client.xml("elink", id="90000001", **asked).findtext("ERROR")
        assert "is not served here" in said


def test_numbers_that_are_none_are_named(client):
    found = client.json("esearch", term="kratom", reldate="soon", retmax="-1")
    said = " ".join(found["warninglist"]["outputmessages"])
    assert "reldate=soon" in said
    assert "retmax=-1" in said


def test_a_summary_names_the_ids_that_are_none(client):
    found = client.json("esummary", id="90000001,tea")
    assert found["uids"] == ["90000001", "tea"]
    assert found["tea"]["error"] == "cannot get document summary"


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "/entrez/eutils/../../etc/passwd",
        "/entrez/eutils/..%2f..%2fetc%2fpasswd.fcgi",
        "/entrez/eutils/records.db",
        "/entrez/eutils/esearch.fcgi/..",
        "/entrez/eutils/esearch.fcgi%00",
        "/entrez/eutils/elsewhere.fcgi",
        "//etc/passwd",
    ],
)
def test_there_is_nothing_at_any_other_path(client, path):
    assert client.raw(path) == b"There is nothing at this address.\n"
    assert client.status == 404


def test_other_methods_and_other_names_of_the_machine_are_refused(client):
    client.raw(f"{PATH}einfo.fcgi", method="DELETE")
    assert client.status == 405
    client.raw(f"{PATH}einfo.fcgi", host="rebound.example")
    assert client.status == 403
    client.raw(f"{PATH}einfo.fcgi", host="eutils.ncbi.nlm.nih.gov")
    assert client.status == 200


def test_the_short_address_is_answered_too(client):
    assert b"<Count>" in client.raw("/esearch.fcgi?term=kratom")


def test_an_address_that_is_too_long_is_refused(client):
    client.raw(f"{PATH}esearch.fcgi?term={'a' * 40_000}")
    assert client.status == 414


@settings(max_examples=60, deadline=None)
@given(
    term=st.text(max_size=30),
    number=st.text(max_size=4),
    raw=st.binary(max_size=20),
)
def test_whatever_is_asked_there_is_an_answer_in_shape(address, term, number, raw):
    client = Client(address)
    odd = "".join(f"%{byte:02x}" for byte in raw)
    client.raw(f"{PATH}esearch.fcgi?term={odd}&retmax=%zz&x=%")
    assert client.status == 200
    found = client.json("esearch", term=term, retstart=number, WebEnv=term, sort=number)
    assert "count" in found or "ERROR" in found
    client.xml("esearch", term=term, field=number, mindate=number, datetype=term)
    client.xml("elink", id=term, cmd=number)
    assert client.status in {200, 400}
    client.text("efetch", id=number, rettype=term, retmode=number)
    assert client.status in {200, 400}


def test_bytes_that_are_no_request_do_not_stop_the_server(address, client):
    host, port = client.host.split(":")
    for sent in (b"\x00\x01\x02\r\n\r\n", b"GET / HTTP/1.1\r\nHost:", b"x" * 100_000):
        with socket.create_connection((host, int(port)), timeout=10) as raw:
            raw.sendall(sent)
    assert client.ids("kratom")


def test_a_connection_that_keeps_it_waiting_is_closed(tmp_path, monkeypatch):
    monkeypatch.setattr(eutils_serving, "HEAD_WAIT_S", 0.2)
    fill_library(tmp_path)
    with served(tmp_path) as url:
        host, port = Client(url).host.split(":")
        with socket.create_connection((host, int(port)), timeout=30) as raw:
            raw.sendall(b"GET / HTTP/1.1\r\nHost: loc")
            assert raw.recv(100) == b""
        assert Client(url).ids("kratom")


def test_connections_that_ask_for_nothing_turn_nobody_away(tmp_path, monkeypatch):
    monkeypatch.setattr(eutils_serving, "MOST_CONNECTIONS", 8)
    fill_library(tmp_path)
    with served(tmp_path) as url, ExitStack() as stack:
        host, port = Client(url).host.split(":")
        for _ in range(30):
            idle = socket.create_connection((host, int(port)), timeout=30)
            stack.enter_context(idle).sendall(b"GET / HTTP/1.1\r\nHost: loc")
        for _ in range(3):
            assert Client(url).ids("kratom")


def test_a_damaged_record_is_an_error_or_a_reply_that_is_cut(
    tmp_path, monkeypatch, capfd
):
    both = [r for r in parse_set(invented_xml()).records if r.pmid < "90000003"]
    fill_mirror(tmp_path, *both)
    [store] = tmp_path.rglob("pubmed.db")
    with closing(sqlite3.connect(store, isolation_level=None)) as db:
        db.execute("UPDATE records SET value = x'00' WHERE pmid = 90000002")
    with served(tmp_path) as url:
        client = Client(url)
        said = client.xml("efetch", id="90000001,90000002").findtext("ERROR")
        assert client.status == 500
        assert said.startswith("Search Backend failed")
        assert str(tmp_path) not in said
        assert "PMID 90000002 is damaged" in capfd.readouterr().err
        monkeypatch.setattr(eutils_fetch, "PIECE", 1)
        with pytest.raises(http.client.IncompleteRead):
            client.bytes("efetch", id="90000001,90000002")
        assert capfd.readouterr().err.count("\n") == 1
        assert b"90000001" in client.bytes("efetch", id="90000001")


def test_records_that_cannot_be_read_are_told_before_it_begins(tmp_path, capfd):
    (tmp_path / "records.db").write_bytes(b"no database " * 1000)
    bound = eutils_serving.listen("127.0.0.1", 0)
    with pytest.raises(AssayError, match="The server ended"):
        eutils_serving.serve(tmp_path, bound, workers=1, any_host=False)
    said = capfd.readouterr().err
    assert "records.db cannot be used" in said
    assert said.count("\n") == 1


def test_what_the_mirror_holds_comes_in_nlms_own_bytes(tmp_path):
    fill_library(tmp_path)
    both = next(r for r in parse_set(invented_xml()).records if r.pmid == "90000003")
    only = replace(both, pmid="90000801", title="Lunaroot in the mirror")
    fill_mirror(tmp_path, both, only)
    with served(tmp_path) as url:
        client = Client(url)
        body = client.bytes("efetch", id="90000003,90000801,90000001")
        for pmid, title in ((90000003, both.title), (90000801, only.title)):
            assert mirror_files.article(pmid, words=title) in body
        assert [r.pmid for r in parse_set(body).records][2] == "90000001"
        assert client.ids("lunaroot mirror") == [90000801]
        [info] = client.json("einfo", db="pubmed")["dbinfo"]
        assert info["dbbuild"] == "pubmed26n0001.xml.gz and library"
        assert info["count"] == "61"
        assert info["lastupdate"] == "2026/11/23 09:00"


def test_a_mirror_that_was_taken_away_is_an_error_and_comes_back(tmp_path):
    fill_library(tmp_path)
    fill_mirror(tmp_path, replace(LATER, pmid="90000801", title="Lunaroot mirrored"))
    with served(tmp_path) as url:
        client = Client(url)
        assert client.ids("lunaroot mirrored") == [90000801]
        (tmp_path / "pubmed").rename(tmp_path / "elsewhere")
        assert "ERROR" in client.json("esearch", term="lunaroot mirrored")
        assert client.status == 500
        (tmp_path / "elsewhere").rename(tmp_path / "pubmed")
        assert client.ids("lunaroot mirrored") == [90000801]


def test_a_record_that_comes_in_is_served_at_once(tmp_path):
    fill_library(tmp_path)
    with served(tmp_path) as url:
        client = Client(url)
        assert client.ids("lunaroot later") == []
        fill_library(tmp_path, LATER)
        assert client.ids("lunaroot later") == [90000901]
        body = client.bytes("efetch", id="90000901")
        assert render_article(LATER) in body
