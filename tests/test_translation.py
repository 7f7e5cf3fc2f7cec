"""Silent query damage is told, and ordinary term mapping is no damage."""

import html
import json
import re
import tomllib
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.query.fields import FIELDS, STOPWORDS
from assay.query.translation import Reading, find_ignored
from assay.search import Query
from assay.sources import SOURCES
from tests.net import open_fetcher, sorted_out
from tests.standin import serve

TIAB = "[Title/Abstract]"

DAMAGED = [
    ("asthma[foo]", '"asthma"[All Fields]', "field tag [foo]"),
    ("asthma[tiabb]", '"asthma"[MeSH Terms] OR "asthma"[All Fields]', "tag [tiabb]"),
    ("tea[ab]", '"tea"[All Fields]', "field tag [ab]"),
    ("(tea OR sleep)[tiab]", '"tea"[All Fields] OR "sleep"[All Fields]', "parenthesis"),
    (
        '"blue marmalade"[tiab]',
        f'"blue"{TIAB} AND "marmalade"{TIAB}',
        'lacks the phrase "blue marmalade"',
    ),
    (
        '"blue marmalade"',
        '"blue"[All Fields] AND "marmalade"[All Fields]',
        'lacks the phrase "blue marmalade"',
    ),
    ("tea or sleep", '"tea"[All Fields] AND "sleep"[All Fields]', "write OR"),
    ("tea not sleep", '"tea"[All Fields] AND "sleep"[All Fields]', "write NOT"),
    ("tea[ti] and sleep[ti]", '"tea"[Title] AND "sleep"[Title]', "write AND"),
    ("tea[ti] AND blorf[ti]", '"tea"[Title]', 'without "blorf"'),
    ("tea blorf", '"tea"[All Fields]', 'without "blorf"'),
    ("roe jq[au]", '"roe j"[Author]', 'without "jq"'),
    ("tea[ti]", '"tea"[All Fields]', "did not apply [ti]"),
    ('"tea sleep"[mh:~2]', '"tea sleep"[MeSH Terms]', "ignored :~2"),
    ("tea[tiab:~2]", f'"tea"{TIAB}', "ignored :~2"),
    ("tea[ti:noexp]", '"tea"[Title]', "ignored :noexp"),
    ("tea[mh:noexp]", '"tea"[MeSH Terms]', "ignored :noexp"),
    ("sleepi*[ti]", '"sleepi"[Title]', "did not truncate"),
    ("te*[ti]", '"te"[Title]', "fewer than 4 letters"),
    ("sleep∗[ti]", '"sleep"[Title]', "not an ordinary *"),
    ("[pdat]", "", "behind no term"),
    ("(tea AND (sleep)", '"tea"[All Fields] AND "sleep"[All Fields]', "do not pair"),
    ('tea AND "sleep', '"tea"[All Fields] AND "sleep"[All Fields]', "do not pair"),
    ("tea", '"tea"[All Fields] Schema: all', "searched again"),
]


@pytest.mark.parametrize(("asked", "translation", "words"), DAMAGED)
def test_damage_is_told_in_a_sentence(asked, translation, words):
    sentences = find_ignored(asked, Reading(translation))
    assert any(words in sentence for sentence in sentences), sentences
    assert all(sentence.endswith(".") for sentence in sentences)


SOUND = [
    ("tea", '"tea"[MeSH Terms] OR "tea"[All Fields] OR "teas"[All Fields]'),
    ("tea and sleep", '"tea"[All Fields] AND "sleep"[All Fields]'),
    ("the effect of tea", '"effect"[All Fields] AND "tea"[All Fields]'),
    ("tea[Title / Abstract]", f'"tea"{TIAB}'),
    ("tea[NewField]", '"tea"[New Field]'),
    ('"green tea"[tiab]', f'"green tea"{TIAB}'),
    ("“green tea”[tiab]", f'"green tea"{TIAB}'),
    ("green tea[tiab]", f'"green"{TIAB} AND "tea"{TIAB}'),
    ('"tea-time"[tiab]', f'"tea time"{TIAB}'),
    ('"tea sleep"[tiab:~2]', '"tea sleep"[Title/Abstract:~2]'),
    ("sleep[mh:noexp]", '"sleep"[MeSH Terms:noexp]'),
    ("sleepi*[tiab]", f'"sleepi*"{TIAB}'),
    ('"sleep qual*"[tiab]', f'"sleep qual*"{TIAB}'),
    ("heart attack[mh]", '"myocardial infarction"[MeSH Terms]'),
    ("2010:2020[dp]", "2010/01/01:2020/12/31[Date - Publication]"),
    ("english[la] AND tea[ti]", '"english"[Language] AND "tea"[Title]'),
    ("PNAS[ta] AND 97[vi]", '"proc natl acad sci u s a"[Journal] AND "97"[Volume]'),
    ("roe jq[au]", '"roe jq"[Author]'),
    ("1:100[uid] OR 200[pmid]", "1:100[UID] OR 200[UID]"),
    (
        "(tea OR sleep) NOT rat[ti]",
        '("tea"[All Fields] OR "sleep"[All Fields]) NOT "rat"[Title]',
    ),
    ("tea AND blorf", "tea AND blorf"),  # a very long query comes back as it was
]


@pytest.mark.parametrize(("asked", "translation"), SOUND)
def test_ordinary_mapping_is_no_damage(asked, translation):
    assert find_ignored(asked, Reading(translation)) == ()


def test_a_mapped_word_is_not_lost():
    reading = Reading('"theobroma"[All Fields]', mapped=(("cacao", "theobroma"),))
    assert find_ignored("cacao", reading) == ()


def test_what_pubmed_itself_reports_is_told_once():
    reading = Reading(
        '"blue"[Title/Abstract] AND "marmalade"[Title/Abstract]',
        quoted_not_found=('"blue marmalade"[Title/Abstract]',),
        phrases_not_found=("blorf",),
        fields_not_found=("NoSuchField",),
        phrases_ignored=("the",),
        messages=("No items found.", "Something else happened"),
    )
    asked = '"blue marmalade"[tiab] AND blorf[tiab]'
    assert find_ignored(asked, reading) == (
        'PubMed did not find "blorf" and searched without it.',
        'PubMed does not know the field "NoSuchField".',
        'PubMed ignored "the".',
        'PubMed\'s index lacks the phrase "blue marmalade"; '
        "it searched for the single words.",
        'PubMed says: "Something else happened".',
    )


def test_nothing_found_is_no_damage():
    reading = Reading('"zzqx"[All Fields]', messages=("No items found.",))
    assert find_ignored("zzqx", reading) == ()


@given(st.text(), st.text())
def test_any_text_is_compared_without_a_crash(asked, translation):
    assert isinstance(find_ignored(asked, Reading(translation)), tuple)


words = st.text("bcdfgklmprtvz", min_size=4, max_size=9).filter(
    lambda word: word not in STOPWORDS
)


@given(st.lists(words, min_size=1, max_size=6), st.sampled_from(["AND", "OR", "NOT"]))
def test_a_clean_tagged_query_that_was_translated_faithfully_is_sound(parts, operator):
    asked = f" {operator} ".join(f"{word}[tiab]" for word in parts)
    translation = f" {operator} ".join(f'"{word}"{TIAB}' for word in parts)
    assert find_ignored(asked, Reading(translation)) == ()


@given(words, words, st.sampled_from(["foo", "tiabb", "ab", "abs tract"]))
def test_a_tag_that_does_not_exist_is_always_told(word, other, tag):
    asked, said = f"{word}[{tag}] AND {other}[ti]", f'"{word}"[All Fields]'
    sentences = find_ignored(asked, Reading(f'{said} AND "{other}"[Title]'))
    assert any(f"[{tag}]" in sentence for sentence in sentences)


def test_every_tag_names_a_field_and_none_is_an_abstract():
    assert FIELDS["tiab"] == "title/abstract"
    assert "ab" not in FIELDS


# --- against recordings and the stand-in -------------------------------------------


def test_recorded_exchanges_raise_no_false_alarm(shared):
    folder = shared / "eutils"
    checked = 0
    for exchange in json.loads((folder / "MANIFEST.json").read_text("utf-8")):
        term = parse_qs(exchange.get("request_body") or "").get("term", [""])[0]
        body = (folder / exchange["file"]).read_text("utf-8")
        said = re.search(r"<QueryTranslation>(.*?)</QueryTranslation>", body, re.S)
        if not term or not said or "PhraseNotFound" in body:
            continue
        assert find_ignored(term, Reading(html.unescape(said[1]))) == (), term
        checked += 1
    assert checked >= 4


def test_a_recorded_long_query_tells_what_was_not_found_and_its_small_or(shared):
    name = "TestPubMedSearch.test_complex_query.1.200.xml"
    body = (shared / "eutils" / "hawc" / name).read_text("utf-8")
    said = html.unescape(re.search(r"<QueryTranslation>(.*?)</", body, re.S)[1])
    lost = tuple(re.findall(r"<PhraseNotFound>(.*?)</", body))
    reading = Reading(said, phrases_not_found=lost)
    sentences = find_ignored(said, reading)  # it came back word for word
    assert len(sentences) == len(lost) + 1
    assert 'PubMed ignores "or" in small letters' in sentences[-1]


def test_the_shape_of_a_dropped_phrase_is_told_once(shared):
    name = "esearch_quoted_phrase_dropped.json"
    path = shared / "api" / "ncbi_eutils" / "shapes" / name
    result = json.loads(path.read_bytes())["esearchresult"]
    dropped = tuple(result["warninglist"]["quotedphrasesnotfound"])
    reading = Reading(result["querytranslation"], quoted_not_found=dropped)
    [sentence] = find_ignored('"blue marmalade"[tiab] AND asthma[tiab]', reading)
    assert 'phrase "blue marmalade"' in sentence


def shipped_queries():
    folder = Path(__file__).parent.parent / "queries"
    return sorted(folder.glob("*.toml"))


@pytest.mark.parametrize("path", shipped_queries(), ids=lambda path: path.stem)
def test_the_queries_that_ship_are_searched_as_they_are_written(path, tmp_path):
    text = tomllib.loads(path.read_text("utf-8"))["text"]
    with serve() as server, open_fetcher(server.url, tmp_path) as fetcher:
        query = Query(text=" ".join(text.split()), since="2000")
        _, problems, [log] = sorted_out(SOURCES["pubmed"].search(query, fetcher))
    told = [s for s in log.ignored if "did not find" not in s and "phrase" not in s]
    assert told == []  # the stand-in's index is small: words and phrases may lack
    assert not log.failed
    assert not problems


def test_a_damaged_query_is_told_in_the_log_of_its_search(tmp_path):
    with serve() as server, open_fetcher(server.url, tmp_path) as fetcher:
        query = Query(text="kratom[foo] AND (sleep OR withdrawal)[tiab]")
        _, _, [log] = sorted_out(SOURCES["pubmed"].search(query, fetcher))
    assert any("[foo]" in sentence for sentence in log.ignored)
    assert any("parenthesis" in sentence for sentence in log.ignored)
