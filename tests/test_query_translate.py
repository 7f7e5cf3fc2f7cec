"""Queries in the words of the services, with an honest receipt for every clause."""

import pytest

from assay.query import (
    translate_clinicaltrials,
    translate_crossref,
    translate_doaj,
    translate_europepmc,
    translate_openalex,
    translate_pubmed,
)
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
    ("openalex", "tea[tiab] AND 2019[dp]",
     {"filter": "title_and_abstract.search.exact:tea,"
      "from_publication_date:2019-01-01,to_publication_date:2019-12-31"}),
    ("openalex", "tea[ti] NOT milk[ti]", {"filter": "title.search.exact:tea NOT milk"}),
    ("openalex", "90000001 90000002", {"filter": "ids.pmid:90000001|90000002"}),
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
