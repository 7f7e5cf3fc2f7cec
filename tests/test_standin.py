"""The stand-in agrees with recorded exchanges, with Biopython and with its rules."""

import gzip
import http.client
import io
import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree

import Bio.Entrez
import pytest
from Bio import Entrez, Medline
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.standin import FAULTS, invented_xml, serve, synthetic_xml
from tests.standin.engine import run_query
from tests.standin.index import Index
from tests.standin.query import UnreadableQueryError
from tests.standin.records import read_day, split_records

DTDS = Path(Bio.Entrez.__file__).parent / "DTDs"
ROOT = Path(__file__).parent.parent
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


@pytest.fixture(scope="module")
def index():
    return Index(split_records(invented_xml()))


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """Leaves a redirect as it is."""

    def redirect_request(self, *args):
        return None


def ask(server, program, method="GET", **params):
    """Return (status, headers, body) of one request; lists repeat their name."""
    query = urllib.parse.urlencode(params, doseq=True)
    address = f"{server.url}{program}"
    if method == "GET":
        request = urllib.request.Request(f"{address}?{query}")
    else:
        request = urllib.request.Request(address, data=query.encode())
    opener = urllib.request.build_opener(NoRedirects)
    try:
        with opener.open(request, timeout=20) as reply:
            return reply.status, reply.headers, reply.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.headers, refused.read()


def search(server, term, **params):
    """Return the esearchresult of a JSON search."""
    params = {"retmode": "json", "retmax": 200, **params}
    body = ask(server, "esearch.fcgi", method="POST", term=term, **params)[2]
    return json.loads(body, strict=False)["esearchresult"]


def read(body):
    """Return what Biopython makes of an XML reply, without asking anyone."""
    return Entrez.read(io.BytesIO(body))


def record_ids(body):
    return [int(n) for n in re.findall(rb"<PMID Version=\"\d+\">(\d+)</PMID>", body)]


def shape(value):
    """Return the types of a JSON value; of a list, those of its first entry."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value[:1]]
    return type(value).__name__


# ------------------------------------------------------------ searching and fetching


def test_a_search_finds_and_a_fetch_brings_the_same_records(server):
    found = search(server, "kratom[tiab] AND sleep[tiab]")
    assert "90000001" in found["idlist"]
    status, headers, body = ask(server, "efetch.fcgi", id=",".join(found["idlist"]))
    assert (status, headers["Content-Type"]) == (200, "text/xml; charset=UTF-8")
    assert len(ElementTree.fromstring(body)) == int(found["count"])


def test_a_post_is_answered_like_a_get(server):
    params = {"term": "valerian", "retmode": "json"}
    by_get = ask(server, "esearch.fcgi", **params)[2]
    assert ask(server, "esearch.fcgi", method="POST", **params)[2] == by_get


def test_two_requests_can_use_one_connection(server):
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(server.url).netloc)
    try:
        for _ in range(2):
            connection.request("GET", "/entrez/eutils/einfo.fcgi")
            reply = connection.getresponse()
            assert reply.getheader("Transfer-Encoding") == "chunked"
            assert b"pubmed" in reply.read()
            local = connection.sock.getsockname()
        connection.request("GET", "/entrez/eutils/einfo.fcgi")
        assert connection.sock.getsockname() == local
        connection.getresponse().read()
    finally:
        connection.close()


def test_every_reply_says_what_is_left_of_the_rate(server):
    for params, limit in (({}, "3"), ({"api_key": "a-key"}, "10")):
        headers = ask(server, "einfo.fcgi", **params)[1]
        assert headers["X-RateLimit-Limit"] == limit
        assert int(headers["X-RateLimit-Remaining"]) < int(limit)
    assert ask(server, "no-such.fcgi")[0] == 404
    assert ask(server, "no-such.fcgi")[1]["X-RateLimit-Limit"] == "3"


def test_the_newest_come_first_unless_another_order_is_asked(server):
    newest = search(server, "kratom[tiab]")["idlist"]
    assert newest[0] == "90000058"  # created in October 2026
    by_date = search(server, "kratom[tiab]", sort="pub_date")["idlist"]
    assert sorted(by_date) == sorted(newest)
    assert search(server, "lunaroot", sort="title")["idlist"][-1] == "90000039"
    relevant = search(server, "valerian insomnia", sort="relevance")["idlist"]
    assert relevant[0] in {"90000015", "90000017"}


def test_a_record_added_late_is_new_by_creation_and_old_by_publication(server):
    late = {"term": "valerian AND hops"}
    assert search(server, mindate="2016", maxdate="2016", datetype="crdt", **late)[
        "idlist"
    ] == ["90000051"]
    by_publication = search(server, mindate="2014", maxdate="2014", **late)
    assert by_publication["idlist"] == ["90000051"]
    assert (
        "2014/01/01:2014/12/31[Date - Publication]"
        in by_publication["querytranslation"]
    )


def test_the_last_days_count_from_the_newest_record(server):
    found = search(server, "kratom", reldate=1, datetype="crdt")
    assert found["idlist"] == ["90000058"]


def test_pages_do_not_overlap_and_cover_everything(server):
    whole = search(server, "all[sb]")["idlist"]
    pages = [
        search(server, "all[sb]", retstart=at, retmax=7)["idlist"]
        for at in range(0, len(whole), 7)
    ]
    assert [one for page in pages for one in page] == whole
    assert len(whole) == len(server.pmids) == 60


def test_unknown_ids_are_left_out_without_a_word(server):
    _, _, body = ask(server, "efetch.fcgi", id="90000001,99999999,90000002")
    assert sorted(record_ids(body)) == [90000001, 90000002]
    status, _, body = ask(server, "efetch.fcgi", id="99999999")
    assert status == 200
    assert body.endswith(b"<PubmedArticleSet></PubmedArticleSet>")


def test_records_come_in_another_order_than_asked_and_always_the_same(server):
    asked = ",".join(str(pmid) for pmid in server.pmids)
    first = ask(server, "efetch.fcgi", method="POST", id=asked)[2]
    again = ask(server, "efetch.fcgi", method="POST", id=asked)[2]
    assert first == again
    pmids = [int(n) for n in re.findall(rb"<PubmedArticle>.*?<PMID[^>]*>(\d+)", first)]
    assert pmids != sorted(pmids)


def test_the_order_asked_is_kept_where_shuffling_is_off():
    with serve() as server:
        server.shuffle = False
        _, _, body = ask(server, "efetch.fcgi", id="90000009,90000001,90000005")
    assert record_ids(body) == [90000009, 90000001, 90000005]


@pytest.mark.parametrize("wrong", ["0", "abc", ""])
def test_ids_that_are_none_are_refused_with_400(server, wrong):
    status, _, body = ask(server, "efetch.fcgi", id=wrong)
    assert status == 400
    assert b"<ERROR>ID list is empty! Possibly it has no correct IDs.</ERROR>" in body
    _, _, text = ask(server, "efetch.fcgi", id=wrong, retmode="text")
    assert text.startswith(b"ID+list+is+empty!+")


def test_the_newest_version_of_a_record_is_served(server):
    body = ask(server, "efetch.fcgi", id="90000055")[2]
    assert b"second version" in body
    assert b"first version" not in body


def test_a_book_stands_in_the_same_set_as_articles(server):
    root = ElementTree.fromstring(ask(server, "efetch.fcgi", id="90000060,90000001")[2])
    assert sorted(child.tag for child in root) == ["PubmedArticle", "PubmedBookArticle"]


def test_an_address_that_is_too_long_is_refused_in_html(server):
    ids = ",".join(str(90_000_000 + n) for n in range(1000))
    status, headers, body = ask(server, "efetch.fcgi", id=ids)
    assert (status, headers["Content-Type"]) == (414, "text/html; charset=utf-8")
    assert b"Submitted URI too large!" in body
    assert ask(server, "efetch.fcgi", method="POST", id=ids)[0] == 200


# ------------------------------------------------------------ the cap of 9,999


def test_a_page_is_clamped_to_9999_and_says_so(large):
    found = search(large, "kratom OR all[sb]", retmax=20_000)
    assert (found["count"], found["retmax"]) == ("10100", "9999")
    assert len(found["idlist"]) == 9999
    assert found["warninglist"]["outputmessages"] == [
        "Restrictions achieved. start and count adjusted to 0, 9999"
    ]
    last = search(large, "all[sb]", retstart=9998, retmax=2)
    assert len(last["idlist"]) == 1
    assert last["warninglist"]["outputmessages"]


def test_a_start_over_the_cap_is_json_that_a_strict_reader_refuses(large):
    status, _, body = ask(
        large, "esearch.fcgi", term="all[sb]", retstart=9999, retmode="json"
    )
    assert status == 200
    with pytest.raises(json.JSONDecodeError):
        json.loads(body)
    error = json.loads(body, strict=False)["esearchresult"]["ERROR"]
    assert error.startswith("Search Backend failed: Exception:\n'retstart' cannot be")


def test_history_does_not_lift_the_cap_and_shortens_the_page_at_its_edge(large):
    found = search(large, "all[sb]", usehistory="y", retmax=0)
    stored = {"WebEnv": found["webenv"], "query_key": found["querykey"]}
    for program in ("efetch.fcgi", "esummary.fcgi"):
        status, _, body = ask(large, program, retstart=9999, retmax=10, **stored)
        assert status == 400
        assert b"cannot be larger than 9998" in body
    status, _, body = ask(large, "efetch.fcgi", retstart=9900, retmax=200, **stored)
    assert (status, len(record_ids(body))) == (200, 99)


def test_the_count_is_exact_beyond_the_cap_and_pmid_ranges_tile_it(large):
    def count(low, high):
        term = f"(all[sb]) AND {low}:{high}[UID]"
        return int(search(large, term, rettype="count")["count"])

    middle = FIRST + 5000
    halves = count(1, middle), count(middle + 1, 99_999_999)
    assert halves == (5001, 5099)
    assert sum(halves) == count(1, 99_999_999) == 10_100


def test_days_of_creation_tile_the_set_too(large):
    years = [search(large, f"{y}[crdt]", rettype="count") for y in range(2015, 2020)]
    assert sum(int(found["count"]) for found in years) == 10_100


def test_synthetic_records_are_found_by_what_their_xml_says():
    xml = synthetic_xml(300)
    by_xml, by_facts = Index(split_records(xml)), None
    with serve(synthetic=300) as server:
        by_facts = server.world.index
    for term in (
        "kratom[ti]", '"sleep latency"[tiab]', "case reports[pt]", "humans[mh]",
        "2015/02[dp]", "writer12[au]", "melatonin", "hasabstract",
    ):  # fmt: skip
        assert run_query(by_facts, term).rows == run_query(by_xml, term).rows, term
        assert run_query(by_facts, term).rows, term


# ------------------------------------------------------------ history


def test_a_stored_set_can_be_searched_in_and_fetched_from(server):
    first = search(server, "kratom[tiab]", usehistory="y")
    webenv = first["webenv"]
    assert re.fullmatch(r"MCID_[0-9a-f]{24}", webenv)
    second = search(server, "sleep[tiab]", usehistory="y", WebEnv=webenv)
    assert (second["webenv"], second["querykey"]) == (webenv, "2")
    both = search(server, "#1 AND #2", WebEnv=webenv)
    assert both["idlist"] == search(server, "kratom[tiab] AND sleep[tiab]")["idlist"]
    assert (
        search(server, "sleep[tiab]", WebEnv=webenv, query_key=1)["idlist"]
        == both["idlist"]
    )
    _, _, body = ask(
        server, "efetch.fcgi", WebEnv=webenv, query_key=1, retstart=2, retmax=3
    )
    assert sorted(map(str, record_ids(body))) == sorted(first["idlist"][2:5])


def test_posted_ids_become_a_set_that_can_be_added_to(server):
    reply = read(ask(server, "epost.fcgi", id="90000001,90000002")[2])
    again = read(ask(server, "epost.fcgi", id="90000003", WebEnv=reply["WebEnv"])[2])
    assert (reply["QueryKey"], again["QueryKey"]) == ("1", "2")
    found = search(server, "#1 OR #2", WebEnv=reply["WebEnv"])
    assert sorted(found["idlist"]) == ["90000001", "90000002", "90000003"]
    nothing = ask(server, "epost.fcgi", id="abc")[2]
    assert nothing.count(b"<ERROR>") == 2


def test_an_expired_session_has_its_own_shape_in_every_program():
    with serve() as server:
        webenv = search(server, "kratom", usehistory="y")["webenv"]
        server.expire_history()
        stored = {"WebEnv": webenv, "query_key": 1}
        found = search(server, "", **stored)
        assert found == {"ERROR": "Unable to obtain query #1"}
        body = ask(server, "efetch.fcgi", **stored)[2]
        assert b"<eFetchResult>\n\t<ERROR>Unable to obtain query #1</ERROR>" in body
        status, _, body = ask(server, "esummary.fcgi", retmode="json", **stored)
        assert status == 200
        assert json.loads(body)["esummaryresult"] == ["Unable to obtain query #1"]


# ------------------------------------------------------------ queries


@pytest.mark.parametrize(
    ("term", "pmids"),
    [
        # tags bind to the term before, operators go from left to right
        ("lunaroot[ti] OR apigenin[ti] AND rats[mh]", {41}),
        ("lunaroot[ti] OR (apigenin[ti] AND mice[mh])", {37, 39, 40, 41}),
        ("lunaroot[ti] NOT rats[mh]", {39, 40}),
        ("lunaroot[ti] rats[mh]", {41}),
        ("lunaroot & rats[mh]", {41}),
        # phrases, truncation, proximity
        ('"leg cramps"[tiab]', {31}),
        ("leg cramps[tiab]", {31}),
        ('"cramps leg"[tiab]', {31}),  # not a phrase: each word
        ('"cramps leg"[tiab:~0]', {31}),
        ('"cramps nocturnal"[tiab:~0]', set()),
        ('"cramps nocturnal"[tiab:~1]', {31}),
        ("delir*[tiab]", {23}),
        ('"drug interac*"[mh]', {11, 36}),
        ("del*[ti]", set()),  # too short: the word "del"
        # headings explode, unless told not to; entry terms lead to them
        ("lavandula[mh]", {38}),
        ("mitragyna/pharmacokinetics[mh]", {8}),
        ("clinical trial[pt:noexp]", {8, 51}),
        ("clinical trial[pt] AND jet[ti]", {21}),
        ("substance-related disorders[mh]", {2, 9, 42, 43}),
        ("substance-related disorders[mh:noexp]", set()),
        ("valerian[majr] AND driving[ti]", {20}),
        ("jet lag syndrome[majr]", {21}),  # the star is on the heading …
        ("threshold[mh] OR pain threshold[majr]", {49}),  # … or on its qualifier
        # substances, registrations, authors, languages, dates, ids
        ("7-hydroxymitragynine[nm]", {7, 48}),
        ("valerenic*[nm]", {15, 18}),
        ("NCT90000022[si]", {22}),
        ("ClinicalTrials.gov/NCT90000022[si]", {22}),
        ("Ferro LC[au]", {1, 58}),
        ("ferro[au]", {1, 58}),
        ("fabel n[1au]", {13}),
        ("Invented Sleep Study Group[cn]", {56}),
        ("ger[la] OR spanish[la]", {53, 57}),
        ("90000003[pmid] OR 90000005:90000006[uid]", {3, 5, 6}),
        ("10.99999/invented.90000009[doi]", {9}),
        ("90000007 90000008", {7, 8}),
        ("valerian 2022[dp]", {15}),
        ('valerian AND "2022/03/01"[dp] : "2022/03/31"[dp]', {15}),
        ("lunaroot AND 2025:3000[crdt]", {39, 40, 41}),
        # year only is 1 January, month only is its first day, winter is January
        ("2021/01/01[dp]", {11, 29}),
        ("1958/01/01[dp]", {59}),
        ("2011/11[dp]", {56}),
        # filters
        ("retracted publication[pt]", {13}),
        ("retraction notice[pt]", {14}),
        ("hasretractionin", {13}),
        ("hasexpressionofconcernfor[sb]", {26}),
        ("haserratumin", {29}),
        ("pubmed books[sb]", {60}),
        ("publisher[sb] AND lunaroot", {39, 40}),
        # keywords and other abstracts belong to [tiab]; mixed content is text
        ("postpartum[tiab]", {34}),
        ("embarazadas[tiab]", {57}),
        ("embarazo[tiab]", set()),
        ("embarazo[tt]", {57}),
        ("Mg2[ti] OR H2O[ti]", {54}),
        ("perez n[au]", {57}),
        # words that PubMed leaves out or reads in its own way
        ("apigenin and mice", {37}),
        ("apigenin[nosuchtag]", {37}),
        ("(apigenin OR lunaroot)[mh]", {37, 39, 40, 41}),
        ("apigenin zzqxqzz", {37}),
        ("apigenin[ti] AND zzqxqzz[ti]", set()),
        ("the[tiab]", set()),
        ("[pdat]", set()),
        ("“leg cramps”[tiab]", {31}),
        ("hasabstract AND apigenin", {37}),
    ],
)
def test_a_query_finds_exactly(index, term, pmids):
    found = {pmid - 90_000_000 for pmid in run_query(index, term).rows}
    assert found == pmids


@pytest.mark.parametrize(
    ("term", "translation"),
    [
        ("kratom[tiab]", '"kratom"[Title/Abstract]'),
        ("sleep", '"sleep"[MeSH Terms] OR "sleep"[All Fields]'),
        (
            "insomnia[mh]",
            '"sleep initiation and maintenance disorders"[MeSH Terms]',
        ),
        (
            "sleep AND kratom[ti]",
            '("sleep"[MeSH Terms] OR "sleep"[All Fields]) AND "kratom"[Title]',
        ),
        ("insomn*[tiab]", '"insomn*"[Title/Abstract]'),
        ('"sleep kratom"[tiab:~3]', '"sleep kratom"[Title/Abstract:~3]'),
        ("rats[mh:noexp]", '"rats"[MeSH Terms:noexp]'),
        ("2021[dp]", "2021/01/01:2021/12/31[Date - Publication]"),
        ("kratom[tiabb]", '"kratom"[All Fields]'),
        (
            "(kratom[ti] OR valerian[ti])[tiab] AND mice[mh]",
            '("kratom"[Title] OR "valerian"[Title]) AND "mice"[MeSH Terms]',
        ),
        (
            "kratom[ti] OR valerian[ti] AND mice[mh]",
            '("kratom"[Title] OR "valerian"[Title]) AND "mice"[MeSH Terms]',
        ),
        ("mitragynine", '"mitragynine"[Supplementary Concept] OR '
                        '"mitragynine"[All Fields]'),
        ("zzqxqzz", "(zzqxqzz[All Fields])"),
    ],
)  # fmt: skip
def test_a_translation_is_printed_as_pubmed_prints_it(index, term, translation):
    assert run_query(index, term).translation == translation


def test_a_phrase_that_is_not_indexed_falls_apart_with_a_warning(server):
    found = search(server, '"deep restful night"[tiab]')
    assert found["idlist"] == ["90000039"]
    assert found["warninglist"]["quotedphrasesnotfound"] == [
        '"deep restful night"[Title/Abstract]'
    ]
    assert '"deep"[Title/Abstract] AND' in found["querytranslation"]
    exact = search(server, '"deep restful night"[tiab:~0]')
    assert exact["idlist"] == ["90000039"]
    assert "warninglist" not in exact


def test_nothing_found_is_an_answer_with_reasons(server):
    found = search(server, "zzqxqzz")
    assert (found["count"], found["idlist"]) == ("0", [])
    assert found["errorlist"]["phrasesnotfound"] == ["zzqxqzz"]
    assert found["warninglist"]["outputmessages"] == ["No items found."]


def test_a_field_for_the_whole_term_tags_each_untagged_part(server):
    by_field = search(server, "lunaroot OR rats[mh]", field="title")
    assert by_field["idlist"] == search(server, "lunaroot[ti] OR rats[mh]")["idlist"]
    assert by_field["querytranslation"] == '"lunaroot"[Title] OR "rats"[MeSH Terms]'


def test_queries_that_cannot_be_run_are_errors_inside_200(server):
    assert search(server, "((kratom")["ERROR"].startswith("Search Backend failed: ")
    assert search(server, "") == {"ERROR": "Empty term and query_key - nothing todo"}
    assert search(server, "#7 AND kratom")["ERROR"] == "Unable to obtain query #7"


WORDS = ("kratom", "sleep", "valerian", "placebo", "mice", "withdrawal", "liver")
TREES = st.recursive(
    st.sampled_from(WORDS),
    lambda inner: st.tuples(inner, st.sampled_from(("AND", "OR", "NOT")), inner),
    max_leaves=6,
)


def plain_texts():
    """Return each record's title, abstracts and keywords, read in the plainest way."""
    paths = ("Article/ArticleTitle", "ArticleTitle", "Book/BookTitle")
    found = {}
    for element in ElementTree.fromstring(invented_xml()):
        main = element[0]
        parts = [*main.iter("AbstractText"), *main.iter("Keyword")]
        parts += [part for path in paths for part in main.iterfind(path)]
        said = " ".join(" ".join(part.itertext()) for part in parts).lower()
        found[int(main.findtext("PMID"))] = set(re.findall(r"\w+", said))
    return found


PLAIN = plain_texts()


def write_tree(tree):
    if isinstance(tree, str):
        return f"{tree}[tiab]"
    return f"({write_tree(tree[0])} {tree[1]} {write_tree(tree[2])})"


def read_tree(tree):
    if isinstance(tree, str):
        return {pmid for pmid, words in PLAIN.items() if tree in words}
    left, right = read_tree(tree[0]), read_tree(tree[2])
    joined = {"AND": left & right, "OR": left | right, "NOT": left - right}
    return joined[tree[1]]


@settings(deadline=None)
@given(TREES)
def test_boolean_queries_are_the_algebra_of_sets(tree):
    answer = run_query(INVENTED, write_tree(tree))
    assert answer.rows == read_tree(tree)
    assert run_query(INVENTED, answer.translation).rows == answer.rows


@settings(deadline=None)
@given(st.text(alphabet='ab ()[]":*~#AND&|kratom01-/,', max_size=40))
def test_no_query_breaks_the_engine(text):
    with suppress(UnreadableQueryError, KeyError):
        assert run_query(INVENTED, text).rows <= INVENTED.everything


INVENTED = Index(split_records(invented_xml()))


@pytest.mark.parametrize(
    ("xml", "day"),
    [
        ("<Year>2021</Year>", 20210101),
        ("<Year>2021</Year><Month>Mar</Month>", 20210301),
        ("<Year>2021</Year><Month>03</Month><Day>9</Day>", 20210309),
        ("<Year>2021</Year><Season>Fall</Season>", 20211001),
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", 19981201),
        ("<MedlineDate>2000 Spring</MedlineDate>", 20000401),
        ("<MedlineDate>2000 7-15</MedlineDate>", 20000101),
        ("<MedlineDate>unknown</MedlineDate>", 0),
        ("<Year>soon</Year>", 0),
    ],
)
def test_a_date_is_indexed_at_its_first_day(xml, day):
    assert read_day(ElementTree.fromstring(f"<PubDate>{xml}</PubDate>")) == day


# ------------------------------------------------------------ the other utilities


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


def test_json_is_no_mode_of_efetch_and_gives_bare_ids(server):
    _, headers, body = ask(server, "efetch.fcgi", id="90000001", retmode="json")
    assert (headers["Content-Type"][:10], body) == ("text/plain", b"90000001\n")


# ------------------------------------------------------------ oracles


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


# ------------------------------------------------------------ faults


def test_a_planned_fault_comes_as_often_as_planned_and_only_where_planned(server):
    server.fail("http-502", path="efetch", times=2, after=1)
    assert search(server, "kratom")["count"] != "0"
    states = [ask(server, "efetch.fcgi", id="90000001")[0] for _ in range(4)]
    assert states == [200, 502, 502, 200]


def test_an_unknown_fault_is_refused_with_the_names_that_exist(server):
    with pytest.raises(KeyError, match="http-502"):
        server.fail("no-such-fault")


STATES = {
    "rate-limit-429": 429, "rate-limit-429-retry-after": 429, "rate-limit-200": 200,
    "bad-key-400": 400, "bad-id-400": 400, "uri-too-long-414": 414, "http-500": 500,
    "http-502": 502, "http-503": 503, "http-504": 504, "text-500": 500,
    "not-found-404": 404, "redirect-307-away": 307, "redirect-308-away": 308,
    "redirect-302-away": 302, "redirect-307-same": 307, "redirect-308-same": 308,
    "retstart-over-cap": 400,
}  # fmt: skip
NO_REPLY = {"truncated-chunked", "truncated-sized", "reset", "hang"}


@pytest.mark.parametrize("name", sorted(set(FAULTS) - NO_REPLY))
def test_every_fault_has_its_status_and_changes_the_reply(server, name):
    value = {"slow-drip": ":0", "gzip-bomb": ":1"}.get(name, "")
    asked = {"id": "90000001,90000002,90000003"}
    right = ask(server, "efetch.fcgi", **asked)
    wrong = ask(server, "efetch.fcgi", tool=f"fault:{name}{value}", **asked)
    assert wrong[0] == STATES.get(name, 200)
    kinds = right[1]["Content-Type"], wrong[1]["Content-Type"]
    assert wrong[2] != right[2] or kinds[0] != kinds[1] or name == "slow-drip"
    assert wrong[1]["X-RateLimit-Limit"]


def test_the_table_of_the_readme_names_every_fault():
    page = (ROOT / "tests/standin/README.md").read_text()
    table = page.partition("| what goes wrong | names |")[2].partition("## Queries")[0]
    assert set(re.findall(r"`([a-z0-9-]+)`", table)) == set(FAULTS)


def fault(server, name, program="efetch", **params):
    params = {"id": "90000001,90000002,90000003", **params}
    return ask(server, f"{program}.fcgi", tool=f"fault:{name}", **params)


def test_a_refusal_for_speed_echoes_the_key_and_may_come_with_200(server):
    status, headers, body = fault(server, "rate-limit-429", api_key="k-1")
    assert (status, headers["Retry-After"]) == (429, None)
    assert headers["X-RateLimit-Remaining"] == "0"
    assert json.loads(body) == {
        "error": "API rate limit exceeded", "api-key": "k-1", "count": "11",
        "limit": "10",
    }  # fmt: skip
    assert fault(server, "rate-limit-429-retry-after:7")[1]["Retry-After"] == "7"
    status, headers, body = fault(server, "rate-limit-200")
    assert (status, headers["Content-Type"][:16]) == (200, "application/json")
    assert json.loads(body)["api-key"] == "127.0.0.1"


def test_a_key_that_begins_with_bad_is_refused_and_echoed(server):
    status, _, body = ask(server, "esearch.fcgi", term="x", api_key="bad-key")
    assert status == 400
    assert json.loads(body)["api-key"] == "bad-key"


def test_a_database_that_is_none_has_a_shape_for_each_program(server):
    def error(program, **params):
        return ask(server, program, db="fleegle", term="x", id="1", **params)[2]

    said = "Invalid db name specified: fleegle"
    found = json.loads(error("esearch.fcgi", retmode="json"))
    assert found["esearchresult"] == {"ERROR": said}
    assert f"<ERROR>{said}</ERROR>".encode() in error("esearch.fcgi")
    assert json.loads(error("esummary.fcgi", retmode="json"))["esummaryresult"] == [
        said
    ]
    assert b"Can not retrieve DbInfo for db=fleegle" in error("einfo.fcgi")


@pytest.mark.parametrize("name", ["truncated-chunked", "truncated-sized"])
def test_a_connection_that_closes_early_is_an_incomplete_read(server, name):
    with pytest.raises(http.client.IncompleteRead) as cut:
        fault(server, name, id=",".join(str(pmid) for pmid in server.pmids))
    assert cut.value.partial.startswith(b"<?xml")
    assert not cut.value.partial.endswith(b"</PubmedArticleSet>")


@pytest.mark.parametrize("name", ["cut-body", "cut-root"])
def test_a_cut_body_has_a_length_that_fits_and_no_end(server, name):
    status, headers, body = fault(server, name)
    assert (status, int(headers["Content-Length"])) == (200, len(body))
    assert not body.endswith(b"</PubmedArticleSet>")
    with pytest.raises(ElementTree.ParseError):
        ElementTree.fromstring(body)


def test_a_reset_comes_before_any_byte(server):
    with pytest.raises((ConnectionResetError, urllib.error.URLError)):
        fault(server, "reset")


def test_a_hanging_connection_ends_with_the_server():
    with serve() as server:
        parts = urllib.parse.urlsplit(server.url)
        held = socket.create_connection((parts.hostname, parts.port))
        target = f"{parts.path}einfo.fcgi?tool=fault:hang"
        held.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        while not server.requests:
            time.sleep(0.005)
    with held:
        assert closed(held)


def closed(connection):
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


@pytest.mark.parametrize("status", [307, 308])
def test_a_redirect_leads_away_or_back_with_the_whole_request(server, status):
    target = fault(server, f"redirect-{status}-away", api_key="k")[1]["Location"]
    assert target.startswith("http://localhost:")
    assert "api_key=k" in target
    back = fault(server, f"redirect-{status}-same")[1]["Location"]
    assert back.startswith(server.url)


def test_missing_doubled_and_foreign_records_differ_in_the_ids(server):
    asked = [90000001, 90000002, 90000003]
    assert len(record_ids(fault(server, "missing-ids")[2])) == 2
    assert len(record_ids(fault(server, "missing-ids:2")[2])) == 1
    doubled = record_ids(fault(server, "duplicate-ids")[2])
    assert (len(doubled), sorted(set(doubled))) == (4, asked)
    assert set(record_ids(fault(server, "foreign-ids")[2])) - set(asked) == {99999999}


def test_one_bad_record_stands_among_good_ones(server):
    body = fault(server, "unreadable-record")[2]
    assert len(ElementTree.fromstring(body)) == 4
    assert sorted(record_ids(body)) == [90000001, 90000002, 90000003]
    with pytest.raises(ElementTree.ParseError):
        ElementTree.fromstring(fault(server, "ill-formed-record")[2])


def test_a_bomb_is_small_on_the_wire(server):
    _, headers, body = fault(server, "gzip-bomb:32")
    assert headers["Content-Encoding"] == "gzip"
    assert len(body) < 100_000
    assert len(gzip.decompress(body)) == 32 * 1024 * 1024


def test_a_failed_summary_backend_hides_in_a_comment(server):
    body = fault(server, "docsum-failed", program="esummary")[2]
    assert b"<!-- DocSum Backend failed -->" in body
    assert len(ElementTree.fromstring(body)[0]) == 0


def test_errors_of_the_backend_are_texts_inside_200(server):
    for name in ("backend-failed", "backend-failed-502", "backend-eof"):
        status, _, body = fault(server, name, program="esearch", retmode="json")
        error = json.loads(body)["esearchresult"]["ERROR"]
        assert (status, error[:22]) == (200, "Search Backend failed:")


# ------------------------------------------------------------ switches


def test_more_starts_a_second_than_allowed_are_refused_where_that_is_on():
    with serve(enforce_rate=True) as server:
        states = []
        while 429 not in states:
            states.append(ask(server, "einfo.fcgi")[0])
        assert ask(server, "einfo.fcgi", api_key="k")[0] == 200  # another budget
        times = [request.time for request in server.requests]
    for last, state in enumerate(states):
        before = [times[i] for i in range(last) if times[i] > times[last] - 1]
        assert state == (429 if len(before) >= 3 else 200)


def test_a_reply_is_packed_where_that_is_on_and_accepted():
    with serve() as server:
        server.compress = True
        address = f"{server.url}efetch.fcgi?id=90000001"
        plain = ask(server, "efetch.fcgi", id="90000001")[2]
        request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(request) as reply:
            assert reply.headers["Content-Encoding"] == "gzip"
            assert gzip.decompress(reply.read()) == plain


def test_requests_are_logged_with_their_parameters_and_headers():
    with serve() as server:
        ask(server, "elink.fcgi", id=["1", "2"], dbfrom="pubmed", email="a@b.example")
        ask(server, "esearch.fcgi", method="POST", term="a b")
        first, second = server.requests
    assert first[:3] == (
        "elink", "GET", {"id": "1,2", "dbfrom": "pubmed", "email": "a@b.example"},
    )  # fmt: skip
    assert (second.program, second.method, second.params) == (
        "esearch", "POST", {"term": "a b"},
    )  # fmt: skip
    assert first.time <= second.time
    assert server.headers[0]["host"].startswith("127.0.0.1:")
    assert server.count("elink") == 1


def test_a_mistake_of_the_stand_in_fails_the_test_that_used_it():
    def use():
        with serve() as server:
            server.world.rows = None
            assert ask(server, "efetch.fcgi", id="90000001")[0] == 500

    with pytest.raises(AssertionError, match="the stand-in failed"):
        use()


def test_it_runs_by_hand_and_says_where():
    command = [sys.executable, "-m", "tests.standin", "--port", "0", "--synthetic", "5"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as run:
        try:
            line = run.stdout.readline()
            address = re.fullmatch(
                r"5 records at (http://127\.0\.0\.1:\d+/\S+/)\n", line
            )
            with urllib.request.urlopen(
                f"{address[1]}esearch.fcgi?term=all[sb]"
            ) as got:
                assert b"<Count>5</Count>" in got.read()
        finally:
            run.send_signal(signal.SIGINT)
        assert run.wait(20) == 0
