"""The stand-in's replies agree with recordings, Biopython and NCBI's DTDs."""

import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import Bio.Entrez
import pytest
from Bio import Medline
from lxml import etree

from tests.standin import invented_xml, serve, synthetic_xml
from tests.standin.asking import ask, read, search
from tests.standin.engine import run_query
from tests.standin.index import Index
from tests.standin.records import split_records

DTDS = Path(Bio.Entrez.__file__).parent / "DTDs"
FIRST = 91_000_001


@pytest.fixture(scope="module")
def server():
    with serve() as running:
        yield running


@pytest.fixture(scope="module")
def large():
    """Serve more records than a search can list."""
    with serve(synthetic=10_100) as running:
        yield running


def shape(value):
    """Return the types of a JSON value; of a list, those of its first entry."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value[:1]]
    return type(value).__name__


# ---- the other utilities


def test_summaries_keep_the_order_and_name_the_unknown(server):
    body = ask(server, "esummary.fcgi", id="90000060,999,90000001", retmode="json")[2]
    result = json.loads(body)["result"]
    assert result["uids"] == ["90000060", "999", "90000001"]
    assert result["999"] == {"uid": "999", "error": "cannot get document summary"}
    assert result["90000060"]["doctype"] == "chapter"
    assert result["90000001"]["pubdate"] == "2024 Mar 12"
    kinds = [one["idtype"] for one in result["90000001"]["articleids"]]
    assert kinds == ["pubmed", "doi", "pmc", "pmcid"]
    second = ask(server, "esummary.fcgi", id="90000001,999", version="2.0")[2]
    errors = ElementTree.fromstring(second).findall(".//DocumentSummary/error")
    assert [error.text for error in errors] == ["cannot get document summary"]


def test_summaries_in_json_are_refused_above_500(large):
    def ids(count):
        return ",".join(str(FIRST + i) for i in range(count))

    post = {"method": "POST", "retmode": "json"}
    _, _, body = ask(large, "esummary.fcgi", id=ids(501), **post)
    assert json.loads(body)["esummaryresult"][0].startswith("Too many UIDs in request.")
    _, _, body = ask(large, "esummary.fcgi", id=ids(500), **post)
    assert len(json.loads(body)["result"]["uids"]) == 500


def test_links_come_in_one_set_for_each_repeated_id(server):
    def links(**params):
        params = {"dbfrom": "pubmed", "retmode": "json", **params}
        return json.loads(ask(server, "elink.fcgi", **params)[2])["linksets"]

    apart = links(id=["90000001", "90000054"], linkname="pubmed_pubmed")
    assert [one["ids"] for one in apart] == [["90000001"], ["90000054"]]
    assert apart[0]["linksetdbs"][0]["links"][0] == "90000001"  # the seed leads
    together = links(id="90000001,90000054", linkname="pubmed_pubmed")
    assert [one["ids"] for one in together] == [["90000001", "90000054"]]
    cited = links(id="90000054", linkname="pubmed_pubmed_refs")[0]["linksetdbs"]
    assert cited[0]["links"] == ["90000001", "90000006"]
    citing = links(id="90000006", linkname="pubmed_pubmed_citedin")[0]["linksetdbs"]
    assert citing[0]["links"] == ["90000054"]
    scored = links(id="90000001", cmd="neighbor_score")[0]["linksetdbs"][0]["links"]
    assert set(scored[0]) == {"id", "score"}
    assert links(id="999") == [{"dbfrom": "pubmed", "ids": ["999"]}]


def test_citations_are_matched_line_by_line_in_plain_text(server):
    lines = (
        "J Invent Results|2023|23|101|sund i|a|",
        "No Such Journal|1900|1|1|nobody x|b|",
        "J Invent Results|1901||||c|",
        "J Invent Results|2022||||d|",
    )
    _, headers, body = ask(
        server, "ecitmatch.cgi", db="pubmed", retmode="xml", bdata="\r".join(lines)
    )
    assert headers["Content-Type"].startswith("text/plain")
    said = dict(line.split("|")[5:] for line in body.decode().splitlines())
    assert said["a"] == "90000054"
    assert said["b"] == "NOT_FOUND;INVALID_JOURNAL"
    assert said["c"] == "NOT_FOUND"
    assert re.fullmatch(r"AMBIGUOUS \(\d+ citations\)", said["d"])


def test_spelling_is_corrected_where_there_is_something_to_correct(server):
    reply = read(ask(server, "espell.fcgi", term="kratum and insomnya")[2])
    assert reply["CorrectedQuery"] == "kratom and insomnia"
    assert read(ask(server, "espell.fcgi", term="kratom")[2])["CorrectedQuery"] == ""


def test_medline_text_is_read_by_biopython(server):
    ids = ",".join(str(pmid) for pmid in server.pmids)
    params = {"id": ids, "rettype": "medline", "retmode": "text"}
    _, headers, body = ask(server, "efetch.fcgi", method="POST", **params)
    assert headers["Content-Type"].startswith("text/plain")
    records = list(Medline.parse(io.StringIO(body.decode())))
    assert {record["PMID"] for record in records} == set(ids.split(","))
    first = next(record for record in records if record["PMID"] == "90000001")
    assert first["FAU"] == ["Marrow, Ada B", "Quill, Tobias", "Ferro, Linnea C"]
    assert "Sleep Latency/*drug effects" in first["MH"]
    assert first["AB"].startswith("OBJECTIVE: To find out")


def test_an_unknown_record_is_a_line_of_regret_in_medline_text(server):
    params = {"id": "90000001,99999998", "rettype": "medline", "retmode": "text"}
    body = ask(server, "efetch.fcgi", **params)[2].decode()
    said = "The following PMID is not available: 99999998"
    assert f"\nid: 99999998 Error occurred: {said}\n" in body
    assert body.startswith("\nPMID- 90000001\n")


def test_json_is_no_mode_of_efetch_and_gives_bare_ids(server):
    _, headers, body = ask(server, "efetch.fcgi", id="90000001", retmode="json")
    assert (headers["Content-Type"][:10], body) == ("text/plain", b"90000001\n")


# ---- oracles


REPLIES = (
    ("esearch", {"term": "kratom sleep", "usehistory": "y"}, "esearch.dtd"),
    ("esearch", {"term": "zzqxqzz"}, "esearch.dtd"),
    ("esearch", {"term": '"deep restful night"'}, "esearch.dtd"),
    ("esearch", {"term": "kratom", "rettype": "count"}, "esearch.dtd"),
    ("esummary", {"id": "90000001,90000014,90000060"}, "esummary-v1.dtd"),
    ("elink", {"dbfrom": "pubmed", "id": ["90000001", "9"]}, "elink.dtd"),
    (
        "elink",
        {"dbfrom": "pubmed", "id": "90000054", "cmd": "neighbor_score"},
        "elink.dtd",
    ),
    (
        "elink",
        {"dbfrom": "pubmed", "id": "90000054", "cmd": "neighbor_history"},
        "elink.dtd",
    ),
    (
        "elink",
        {"dbfrom": "pubmed", "id": "90000054", "cmd": "ncheck"},
        "elink.dtd",
    ),
    ("einfo", {}, "einfo.dtd"),
    ("einfo", {"db": "pubmed"}, "einfo.dtd"),
    ("espell", {"term": "kratum"}, "eSpell.dtd"),
    ("epost", {"id": "1,2"}, "epost.dtd"),
    ("efetch", {"id": "90000001", "rettype": "docsum"}, "esummary-v1.dtd"),
    ("efetch", {"id": "90000001,90000054,90000060"}, "pubmed_250101.dtd"),
)


@pytest.mark.parametrize(("program", "params", "dtd"), REPLIES)
def test_biopython_reads_every_xml_reply(server, program, params, dtd):
    body = ask(server, f"{program}.fcgi", **params)[2]
    assert read(body)


@pytest.mark.parametrize(("program", "params", "dtd"), REPLIES)
def test_every_xml_reply_obeys_its_dtd(server, program, params, dtd):
    path = DTDS / dtd
    if not path.exists():
        pytest.skip(f"Biopython of this version has no {dtd}")
    rules = etree.DTD(str(path))
    body = ask(server, f"{program}.fcgi", **params)[2]
    reply = etree.fromstring(body, etree.XMLParser(load_dtd=False, no_network=True))
    rules.validate(reply)
    # NCBI's own rule for LinkSet is ambiguous, for which the reply is not to blame
    wrong = [e for e in rules.error_log if e.type_name != "DTD_CONTENT_NOT_DETERMINIST"]
    assert not wrong


@pytest.mark.parametrize(
    "xml", [invented_xml(), synthetic_xml(20)], ids=["ours", "made"]
)
def test_our_records_obey_the_dtd_of_pubmed(xml):
    rules = etree.DTD(str(DTDS / "pubmed_250101.dtd"))
    assert rules.validate(etree.fromstring(xml)), rules.error_log


def test_biopython_reads_the_numbers_and_ids_of_a_search(server):
    reply = read(ask(server, "esearch.fcgi", term="lunaroot[ti]")[2])
    assert (reply["Count"], reply["RetMax"], reply["RetStart"]) == ("3", "3", "0")
    assert reply["IdList"] == ["90000040", "90000039", "90000041"]
    assert "TranslationStack" not in reply


@pytest.mark.parametrize(
    ("name", "program", "params"),
    [
        ("esearch_ok", "esearch", {"term": "kratom"}),
        ("esearch_count", "esearch", {"term": "kratom", "rettype": "count"}),
        ("esearch_zero_hits", "esearch", {"term": "zzqxqzz"}),
        ("esearch_retmax_clamped", "esearch", {"term": "kratom[ti]", "retmax": 10000}),
        ("esearch_history", "esearch", {"term": "2024[edat]", "usehistory": "y"}),
        ("esearch_empty_term", "esearch", {"term": ""}),
        ("esearch_expired_webenv", "esearch", {"WebEnv": "x", "query_key": "1"}),
        (
            "esearch_quoted_phrase_dropped",
            "esearch",
            {"term": '"deep restful night"[tiab]'},
        ),
        ("esummary_empty", "esummary", {}),
        ("esummary_expired_webenv", "esummary", {"WebEnv": "x", "query_key": "1"}),
        ("elink_none", "elink", {"dbfrom": "pubmed", "id": "999"}),
        (
            "elink_related",
            "elink",
            {"dbfrom": "pubmed", "id": "90000001", "linkname": "pubmed_pubmed"},
        ),
        (
            "elink_related_score",
            "elink",
            {"dbfrom": "pubmed", "id": "90000001", "cmd": "neighbor_score"},
        ),
    ],
)
def test_json_has_the_keys_and_types_that_were_described(
    server, shared, name, program, params
):
    path = shared / "api/ncbi_eutils/shapes" / f"{name}.json"
    expected = json.loads(path.read_text())
    body = ask(server, f"{program}.fcgi", retmode="json", **params)[2]
    assert shape(json.loads(body)) == shape(expected)


def test_summaries_have_the_keys_and_types_that_were_described(server, shared):
    path = shared / "api/ncbi_eutils/shapes/esummary_one_ok_one_bad.json"
    expected = json.loads(path.read_text())["result"]["39000001"]
    body = ask(server, "esummary.fcgi", id="90000001", retmode="json")[2]
    ours = json.loads(body)["result"]["90000001"]
    assert shape(ours) == shape(expected)
    assert list(ours) == list(expected)


def outline(element, depth=3):
    """Return an element's name with the outlines of its children, each kind once."""
    inner = []
    for child in element if depth else ():
        one = outline(child, depth - 1)
        if one not in inner:
            inner.append(one)
    return (element.tag, tuple(inner))


@pytest.mark.parametrize(
    ("recorded", "program", "params"),
    [
        ("esearch1.xml", "esearch", {"term": "apigenin", "retmax": 1}),
        ("esearch2.xml", "esearch", {"term": "kratom", "usehistory": "y"}),
        ("esearch8.xml", "esearch", {"term": "abcXYZ"}),
        ("epost1.xml", "epost", {"id": "11237011"}),
        ("epost2.xml", "epost", {"db": "nothing", "id": "1"}),
        ("epost3.xml", "epost", {"id": "-x"}),
        ("esummary8.xml", "esummary", {}),
        ("einfo1.xml", "einfo", {}),
        ("elink8.xml", "elink", {"dbfrom": "pubmed", "id": "9", "cmd": "ncheck"}),
    ],
)
def test_xml_has_the_elements_of_the_recorded_replies(
    server, shared, recorded, program, params
):
    path = shared / "eutils/biopython/Entrez" / recorded
    expected = ElementTree.parse(path).getroot()
    body = ask(server, f"{program}.fcgi", **params)[2]
    assert outline(ElementTree.fromstring(body)) == outline(expected)
    doctype = re.search(rb"<!DOCTYPE[^>]*>", body)[0]
    assert doctype in path.read_bytes()


def test_a_first_summary_has_the_items_of_the_recorded_one(server, shared):
    def items(root):
        return [item.get("Name") for item in root.find("DocSum").findall("Item")]

    path = shared / "eutils/biopython/Entrez/esummary1.xml"
    recorded = items(ElementTree.parse(path).getroot())
    ours = ElementTree.fromstring(ask(server, "esummary.fcgi", id="90000001")[2])
    assert items(ours) == recorded


def test_real_records_are_served_byte_for_byte(shared):
    xml = (shared / "pubmed/kratom.xml").read_bytes()
    with serve(records_xml=xml) as server:
        assert len(server.pmids) == 3
        found = search(server, "kratom")
        assert sorted(map(int, found["idlist"])) == sorted(server.pmids)
        body = ask(server, "efetch.fcgi", id=",".join(found["idlist"]))[2]
    for record in re.findall(rb"<PubmedArticle>.*?</PubmedArticle>", xml, re.DOTALL):
        assert record in body


def test_every_real_record_can_be_served_and_indexed(shared):
    for name in ("topic_all.xml", "edge.xml"):
        xml = (shared / "pubmed" / name).read_bytes()
        rows = split_records(xml)
        real = Index(rows)
        assert run_query(real, "all[sb]").rows == {row.pmid for row in rows}
        named = etree.fromstring(xml).iterfind("*/*/PMID")
        assert {row.pmid for row in rows} == {int(one.text) for one in named}
