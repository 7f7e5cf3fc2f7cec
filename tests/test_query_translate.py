"""Queries in the words of the services, with an honest receipt for every clause."""

import re
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.query import (
    translate_clinicaltrials,
    translate_crossref,
    translate_doaj,
    translate_europepmc,
    translate_openalex,
    translate_pubmed,
)
from assay.query.fields import FIELDS
from assay.query.translate_crossref import BAG
from assay.search import Fidelity, Query

SERVICES = {
    "europepmc": translate_europepmc.translate_query,
    "openalex": translate_openalex.translate_query,
    "crossref": translate_crossref.translate_query,
    "clinicaltrials": translate_clinicaltrials.translate_query,
    "doaj": translate_doaj.translate_query,
}
ALL = {"pubmed": translate_pubmed.translate_query, **SERVICES}

SENT = [
    ("europepmc", "tea[ti]", {"query": 'TITLE:"tea"'}),
    ("europepmc", "insomni*[ti]", {"query": "TITLE:insomni*"}),
    ("europepmc", "tea[tiab]", {"query": '(TITLE_ABS:"tea" OR KW:"tea")'}),
    ("europepmc", "tea[ti] OR milk[ti] AND rat[ti]",
     {"query": '(TITLE:"tea" OR TITLE:"milk") AND TITLE:"rat"'}),
    ("europepmc", "90000001 90000002",
     {"query": "((EXT_ID:90000001 OR EXT_ID:90000002) AND SRC:MED)"}),
    ("europepmc", "10.99999/Tea[aid]", {"query": 'DOI:"10.99999/tea"'}),
    ("europepmc", "2019:2020/02[dp] AND tea[ti]",
     {"query": 'FIRST_PDATE:[2019-01-01 TO 2020-02-29] AND TITLE:"tea"'}),
    ("europepmc", "crohn’s[ti] AND 1,3-butadiene[ti]",
     {"query": 'TITLE:"crohn\'s" AND TITLE:"1,3-butadiene"'}),
    ("openalex", "crohn's[ti] AND 1,3-butadiene[ti]",
     {"filter": 'title.search.exact:"crohn\'s" AND "1 3-butadiene"'}),
    ("crossref", "crohn's[ti]", {"query.bibliographic": "crohn's"}),
    ("europepmc", "rct[pt] OR trial[ti] OR x1[sh]",
     {"query": 'PUB_TYPE:"rct" OR TITLE:"trial"'}),
    ("openalex", "tea[tiab] AND 2019[dp]",
     {"filter": "title_and_abstract.search.exact:tea,"
      "from_publication_date:2019-01-01,to_publication_date:2019-12-31"}),
    ("openalex", "insomni* sleep*",
     {"filter": "title_and_abstract.search.exact:(insomni* AND sleep*)"}),
    ("openalex", "covid-19*[ti]", {"filter": "title.search.exact:(covid AND 19)"}),
    ("openalex", "tea[ti] NOT milk[ti]", {"filter": "title.search.exact:tea NOT milk"}),
    ("openalex", "90000001 90000002", {"filter": "ids.pmid:90000001|90000002"}),
    ("openalex", "(90000001[pmid] OR 90000002[pmid])",
     {"filter": "ids.pmid:90000001|90000002"}),
    ("openalex", "10.99999/a OR 10.99999/b", {"filter": "doi:10.99999/a|10.99999/b"}),
    ("crossref", "10.99999/a OR 10.99999/b",
     {"filter": "doi:10.99999/a,doi:10.99999/b"}),
    ("crossref", '"green tea"[ti] AND sleep[ti] AND 2019[dp]',
     {"query.bibliographic": "green tea sleep",
      "filter": "from-pub-date:2019-01-01,until-pub-date:2019-12-31"}),
    ("clinicaltrials", "tea[tiab] AND (sleep OR rest)",
     {"query.term": '"tea" AND ("sleep" OR "rest")'}),
    ("doaj", "tea[ti] NOT rats[ti]", {"query": "title:\"tea\" NOT title:\"rats\""}),
    ("pubmed", "tea[ti] or so", {"term": "tea[ti] or so"}),
]  # fmt: skip


@pytest.mark.parametrize(("service", "text", "params"), SENT)
def test_a_query_is_put_in_a_services_words(service, text, params):
    assert dict(ALL[service](Query(text=text)).params) == params


@pytest.mark.parametrize("service", SERVICES)
def test_days_of_publication_are_sent_and_told_of(service):
    made = SERVICES[service](Query(text="tea[ti]", since="2019", until="2020/02"))
    last = made.clauses[-1]
    assert (last.text, last.start, last.end) == ("published 2019–2020/02", 7, 7)
    said = "2019-01-01" in made.sent and "2020-02-29" in made.sent
    assert said == (last.fidelity is not Fidelity.UNSUPPORTED)
    assert said == (service != "doaj")


@pytest.mark.parametrize("service", ALL)
@pytest.mark.parametrize("text", ["", "()", "[ti]", "#1", "NOT tea"])
def test_what_asks_for_nothing_is_not_sent(service, text):
    made = ALL[service](Query(text=text, since="2020"))
    assert (made.params, made.sent) == ((), "")
    assert made.whole is Fidelity.UNSUPPORTED


# --- receipts --------------------------------------------------------------------

RECEIPTS = [  # service, query, clause, fidelity, a part of why
    ("europepmc", '"Sleep"[mh]', 0, "narrowed", "Headings below it are not searched."),
    ("europepmc", "tea", 0, "narrowed", "maps the words to headings"),
    ("europepmc", '"green tea"[tiab:~3]', 0, "widened", "further apart"),
    ("europepmc", "green tea[ti]", 0, "widened", "as a phrase"),
    ("europepmc", "tea[ti] OR x1[sh]", 1, "unsupported", "alone finds is missed"),
    ("europepmc", "tea[ti] AND x1[sh]", 1, "unsupported", "the search finds more"),
    ("europepmc", "tea[ti] NOT x1[sh]", 1, "unsupported", "is found too"),
    ("europepmc", "tea[ti] NOT Sleep[mh]", 1, "unsupported", "take away more"),
    ("europepmc", "tea[ti] NOT (milk[ti] AND x1[sh])", 1, "unsupported", "together"),
    ("europepmc", "tea[foo]", 0, "narrowed", "does not know [foo]"),
    ("europepmc", "preprint[pt] AND tea[ti]", 0, "widened", "Preprints that PubMed"),
    ("europepmc", "1:9[uid] AND tea[ti]", 0, "unsupported", "range"),
    ("europepmc", "the[ti] AND tea[ti]", 0, "unsupported", "no word"),
    ("openalex", "tea[tiab]", 0, "narrowed", "Author keywords"),
    ("openalex", "insomni*[ti]", 0, "exact", ""),
    ("openalex", "covid-19*[ti]", 0, "narrowed", "Without its *"),
    ("openalex", "étud*[ti]", 0, "narrowed", "Without its *"),
    ("openalex", "tea[ti] OR x1[tiab]", 0, "widened", "abstract is searched too"),
    ("openalex", '"Sleep"[mh]', 0, "narrowed", "No MeSH"),
    ("openalex", "tea[ti] AND humans[mh]", 1, "unsupported", "seldom say so"),
    ("openalex", "tea[ti] OR 2020[dp]", 1, "unsupported", "only where all else"),
    ("openalex", "tea[ti] AND roe j[au]", 1, "unsupported", "by name"),
    ("crossref", "tea[ti]", 0, "widened", "any of the words"),
    ("crossref", "tea[tiab]", 0, "narrowed", "not in abstracts"),
    ("crossref", "insomni*[ti]", 0, "narrowed", "It knows no *"),
    ("crossref", "tea[ti] NOT milk[ti]", 1, "unsupported", "take away more"),
    ("crossref", "tea[ti] AND 90000001[pmid]", 1, "unsupported", "no PMIDs"),
    ("clinicaltrials", "tea[ti]", 0, "widened", "anywhere"),
    ("clinicaltrials", "insomni*", 0, "narrowed", "only common endings"),
    ("clinicaltrials", "tea AND review[pt]", 1, "unsupported", "no such field"),
    ("clinicaltrials", "tea AND 2020[dp]", 1, "widened", "in the register"),
    ("doaj", "tea[tiab]", 0, "exact", ""),
    ("doaj", "insomni*[ti]", 0, "narrowed", "Without *"),
    ("doaj", "tea[ti] AND 2020[dp]", 1, "unsupported", "not asked for dates"),
]  # fmt: skip


@pytest.mark.parametrize(("service", "text", "number", "fidelity", "why"), RECEIPTS)
def test_a_clause_has_an_honest_receipt(service, text, number, fidelity, why):
    clause = SERVICES[service](Query(text=text)).clauses[number]
    assert (clause.fidelity.value, why in clause.why) == (fidelity, True), clause
    assert bool(clause.why) == (fidelity != "exact")


def test_a_stem_is_never_sent_as_a_word_that_finds_nothing():
    sent = SERVICES["clinicaltrials"](Query(text="kratom AND sedat*")).sent
    assert sent.startswith('"kratom" AND ("sedat" OR ')
    assert '"sedation"' in sent


@pytest.mark.parametrize("service", SERVICES)
def test_what_asks_for_a_topic_never_brings_a_whole_year(service):
    made = SERVICES[service](Query(text="x1[sh] AND 2020[dp] AND english[la]"))
    assert made.params == ()
    assert all(clause.why for clause in made.clauses)


@pytest.mark.parametrize("service", ALL)
def test_every_clause_of_every_kind_has_its_receipt(service):
    for tag in FIELDS:
        query = Query(text=f"tea[ti] AND 12345[{tag}]")
        made = ALL[service](query)
        assert [clause.text for clause in made.clauses] == [
            "tea[ti]",
            f"12345[{tag}]",
        ]


# --- nobody's text is an operator, a field or a parameter ------------------------

HOSTILE = [
    'tea") OR (TITLE:x',
    'tea" OR SRC:MED',
    "tea,is_retracted:true",
    "tea|milk",
    "tea\\",
    "tea&cursor=x",
    "AREA[Phase]PHASE3",
    "tea:x",
    "tea~2 fuzz^9 a?b {x TO y} !z -w /re/",
    "or[ti] and not[ti]",
    'tea"[ti] AND "a,b|c!d:e"[tiab]',
    "10.99999/a,b|c[aid]",
    '"10.99999/x\\y,z"[aid] OR tea',
]
NOISE = st.text(alphabet='ab"()[]*:&|,!~^?/\\{}<>=+-#%;ORAND\n', max_size=40)
any_text = st.one_of(
    NOISE,
    st.builds(
        lambda text, tag: f'"{text}"[{tag}]'.replace('""', '"'),
        NOISE,
        st.sampled_from(["ti", "tiab", "mh", "au", "ta", "aid", "pt", "la", "gr"]),
    ),
)
EUROPEPMC = re.compile(
    r"""[A-Z_]+:\[\d{4}-\d\d-\d\d[ ]TO[ ]\d{4}-\d\d-\d\d\] | [A-Z_]+:"[^"\\]*"
      | [A-Z_]+:[^\W_]+\*? | "NCT\d{8}" | [ ](?:AND|OR|NOT)[ ] | [()]""",
    re.VERBOSE,
)
CLINICALTRIALS = re.compile(r'"[\w \'.,-]+"| (?:AND|OR|NOT) |[()]')
DOAJ = re.compile(r'[a-z]+:"[^"\\]*"| (?:AND|OR|NOT) |[()]')
OPENALEX = re.compile(
    r"""(?:title|title_and_abstract)\.search\.exact:
          (?: "[\w '.-]+" | [^\W_]+\*? | [ ](?:AND|OR|NOT)[ ] | [()] )+
      | (?:from|to)_publication_date:\d{4}-\d\d-\d\d | ids\.pmid:\d+(?:\|\d+)*
      | doi:[^,|!"\\\s]+ | (?:type|language):[a-z]+ | [a-z_.]+:true
      | authorships\.author\.orcid:[\dX-]+""",
    re.VERBOSE,
)
CROSSREF = re.compile(
    r"""(?:from|until)-pub-date:\d{4}-\d\d-\d\d | doi:[^,"\\\s]+ | issn:[\dX-]+
      | type:posted-content | has-abstract:true""",
    re.VERBOSE,
)


def wholly(pattern, text):
    return re.fullmatch(f"(?:{pattern.pattern})*", text, pattern.flags)


def check_inert(text):
    """Hold that what is sent has no form but the one that we gave it."""
    query = Query(text=text)
    made = {name: dict(SERVICES[name](query).params) for name in SERVICES}
    assert wholly(EUROPEPMC, made["europepmc"].get("query", ""))
    assert wholly(CLINICALTRIALS, made["clinicaltrials"].get("query.term", ""))
    assert wholly(DOAJ, made["doaj"].get("query", ""))
    for one in filter(None, made["openalex"].get("filter", "").split(",")):
        assert wholly(OPENALEX, one), one
    for one in filter(None, made["crossref"].get("filter", "").split(",")):
        assert wholly(CROSSREF, one), one
    assert re.fullmatch(r"(?: ?[^\W_][\w'.,-]*)*", made["crossref"].get(BAG, ""))
    for params in made.values():
        for value in params.values():
            bare = re.sub('"[^"]*"|doi:[^,"]+', "", value)
            levels = accumulate((c == "(") - (c == ")") for c in bare)
            assert min(levels, default=0) >= 0
            assert bare.count("(") == bare.count(")")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text):
    check_inert(text)


@given(any_text)
def test_no_text_becomes_an_operator_a_field_or_a_parameter(text):
    check_inert(text)
