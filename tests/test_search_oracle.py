"""The index finds what a slow and plain reading of the records finds."""

import gzip
import os
import random
from functools import cache
from pathlib import Path

import pytest
import tantivy
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.edge.index_query import compile_filter, compile_tree
from assay.edge.index_schema import make_document, make_schema, register
from assay.library.boolean import parse_search
from assay.library.searchable import searchable_document
from assay.record import (
    Accession,
    Author,
    Chemical,
    Correction,
    Grant,
    Identifier,
    Keyword,
    MeshHeading,
    OtherAbstract,
    PartialDate,
    Qualifier,
    Record,
    Section,
)
from assay.sources.pubmed_xml import iter_records
from tests.slow_search import Slow, words

TREE = {
    "sleep": ["sleep", "sleep rem", "sleep stages"],
    "sleep stages": ["sleep stages", "sleep rem"],
    "trial": ["trial", "blind trial"],
    "therapy": ["therapy", "drug therapy"],
}


def explode(_kind, name):
    """Give the invented headings below one."""
    return tuple(TREE.get(name, ()))


def narrower(name):
    return TREE.get(name, [name])


class Fast:
    """The index over the same records."""

    def __init__(self, records):
        self.schema = make_schema()
        index = register(tantivy.Index(self.schema))
        writer = index.writer(20_000_000, 1)
        for number, record in enumerate(records):
            document = searchable_document(record)
            writer.add_document(
                make_document(document, self.schema, key=str(number), row=number)
            )
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self.searcher = index.searcher()

    def find(self, text):
        tree = parse_search(text, explode).tree
        if tree is None:
            return None
        found = self.places(compile_filter(tree, self.schema))
        ranked = compile_tree(tree, self.schema, self.searcher)
        if len(found) < 1000:
            assert self.places(ranked) == found
        return found

    def places(self, query):
        hits = self.searcher.search(query, limit=self.searcher.num_docs or 1).hits
        at = [address for _, address in hits]
        return set(self.searcher.fast_field_values("row", at))


# --- invented records ---------------------------------------------------------------

WORDS = ("tea", "teas", "sleep", "sleepy", "green", "7", "oh", "Müller", "trial", "of",
         "Bøe-β", "boe", "beta")  # fmt: skip
DATES_OF = (
    "PubDate", "ArticleDate:Electronic", "History:entrez", "History:pubmed",
    "History:medline", "DateCompleted", "DateRevised",
)  # fmt: skip


class Invent:
    """Invents records: small words, so that much is found."""

    def __init__(self, seed):
        self.luck = random.Random(seed)
        self.one = self.luck.choice

    def some(self, make, most=2):
        return tuple(make() for _ in range(self.luck.randint(0, most)))

    def text(self, most=6):
        return " ".join(self.some(lambda: self.one(WORDS), most))

    def short(self):
        return "-".join([self.one(WORDS), self.one(WORDS)][: self.luck.randint(1, 2)])

    def sections(self):
        return self.some(lambda: Section(self.text(), self.one(["", "RESULTS"])))

    def day(self):
        year, month, day = self.one([2019, 2020]), *self.luck.choices(range(4), k=2)
        return PartialDate(year, month, day, "day", self.one(DATES_OF))

    def person(self):
        return Author(
            self.one(["Roe", "Roemer", "Müller", "van Roe", ""]),
            self.one(["Jane", "Jane Kim", "Jo", ""]),
            self.one(["J", "JK", "J-K", ""]),
            self.one(["", "Jr"]),
            self.one(["", "", "Tea Group"]),
            self.some(self.text),
        )

    def heading(self):
        return MeshHeading(
            self.one(["Sleep", "Sleep, REM", "Sleep Stages", "Tea", "Humans"]),
            "",
            self.one([True, False]),
            self.some(
                lambda: Qualifier(
                    self.one(["drug therapy", "therapy", "therapeutic use"]),
                    "",
                    self.one([True, False]),
                )
            ),
        )

    def record(self, number):
        one, some, short = self.one, self.some, self.short
        return Record(
            source="pubmed",
            pmid=one(["", str(90_000_000 + number)]),
            doi=one(["", "10.99999/tea", "10.99999/Tea(1)"]),
            pmcid=one(["", "PMC9000001"]),
            title=self.text(),
            vernacular_title=self.text(),
            abstract=self.sections(),
            other_abstracts=some(lambda: OtherAbstract("P", "spa", self.sections()), 1),
            year=one([None, 2019]),
            dates=some(self.day, 4),
            authors=some(self.person, 3),
            investigators=some(self.person, 1),
            editors=some(self.person, 1),
            journal=short(),
            journal_abbreviation=short(),
            issn=one(["", "9999-9999"]),
            nlm_id=one(["", "9000001"]),
            country=one(["", "Norway"]),
            volume=one(["", "7", "7 Suppl 1"]),
            issue=one(["", "1"]),
            pages=one(["", "7-12", "e7"]),
            languages=some(lambda: one(["eng", "ger"])),
            publication_types=some(lambda: one(["Trial", "Blind Trial", "Review"])),
            mesh=some(self.heading),
            chemicals=some(lambda: Chemical(short(), "", one("07"))),
            supplementary=some(lambda: Chemical(short()), 1),
            keywords=some(lambda: Keyword(short())),
            corrections=some(
                lambda: Correction(one(["RetractionIn", "UpdateOf", "Cites"])), 1
            ),
            accessions=some(
                lambda: Accession(
                    "ClinicalTrials.gov", one(["NCT90000001", "NCT90000002"])
                )
            ),
            grants=some(lambda: Grant(short(), short(), short(), short()), 1),
            coi=self.text(),
            identifiers=some(lambda: Identifier("pii", one(["S9", "oh-7"])), 1),
            subjects=some(lambda: "Jane Roe", 1),
            status=one(["MEDLINE", "Publisher", "In-Process"]),
            publication_status=one(["ppublish", "aheadofprint"]),
            book_title=short(),
            publisher=short(),
        )


@cache
def invented(seed):
    """Give both readings of some invented records."""
    invent = Invent(seed)
    records = [invent.record(number) for number in range(80)]
    return Fast(records), Slow(records, narrower)


# --- random searches ----------------------------------------------------------------

PHRASE = st.lists(
    st.sampled_from([*WORDS, "slee*", "tria*", "te*"]), min_size=1, max_size=3
).map(" ".join)
TAGS = st.sampled_from(
    ["", "", "[all]", "[tw]", "[tiab]", "[tiab]", "[ti]", "[ot]", "[ad]", "[tt]",
     "[cois]", "[cn]", "[gr]", "[book]", "[pubn]"]
)  # fmt: skip
QUOTED = PHRASE.map('"{}"'.format)
BY_WORDS = st.tuples(st.one_of(PHRASE, QUOTED), TAGS).map("".join)
NEAR = st.tuples(
    QUOTED,
    st.sampled_from(["[tiab:~", "[ti:~", "[ad:~"]),
    st.integers(0, 4).map("{}]".format),
).map("".join)
NAMES = st.tuples(
    st.sampled_from(
        ["roe", "roe j", '"roe j"', '"van roe"', "roe jk", "roe jane", "jane roe",
         "muller", "roem*", "van roe j", "roe j jr", "jo", '"roe, jane kim"']
    ),
    st.sampled_from(["[au]", "[1au]", "[lastau]", "[ir]", "[ed]"]),
).map("".join)  # fmt: skip
DATES = st.tuples(
    st.sampled_from(
        ["2019", "2020", "2019/01", "2020/2/3", "2019:2020", "2019/02:2019/03",
         "2019/01/02:3000", '"2019/01/01"[dp] : "2019/12/31"']
    ),
    st.sampled_from(
        ["[dp]", "[dp]", "[epdat]", "[ppdat]", "[edat]", "[crdt]", "[mhda]", "[dcom]",
         "[lr]"]
    ),
).map("".join)  # fmt: skip
VALUES = st.sampled_from(
    """
    sleep[mh]|sleep[mh:noexp]|"Sleep, REM"[mh]|sleep stages[majr]|sleep[majr:noexp]
    sleep/therapy[mh]|sleep/therapy[mh:noexp]|sleep/drug therapy[majr]|slee*[mh]
    tea/th[mh]|sleep stages/tu[mh]|therapy[sh]|therapy[sh:noexp]|tu[sh]
    "drug therapy"[sh]|sleep/tu[mh]
    trial[pt]|trial[pt:noexp]|review[pt]|tria*[pt]|tea[nm]|sleep tea[nm]|7[rn]
    tea[ta]|9999-9999[ta]|tea-oh[ta]|slee*[ta]|9000001[jid]|7[vi]|7 suppl 1[vi]|1[ip]
    7[pg]|e7[pg]|english[la]|ger[la]|norway[pl]|NCT90000001[si]|ClinicalTrials.gov[si]
    ClinicalTrials.gov/NCT90000002[si]|10.99999/tea[doi]|10.99999/Tea(1)[aid]|s9[aid]
    10.99999/tea|90000003|90000003 90000004|90000003[pmid]|90000003:90000009[uid]
    hasabstract|hasabstract tea|hasretractionin|hasretractionin[sb]|medline[sb]
    publisher[sb]|inprocess[sb]|english[filter]|humans[filter]|all[sb]|haskeyword[sb]
    hasstructuredabstract[sb]|sleep aids[pa]|2019[nosuchtag]|x[pmid]|"oh-7"[lid]
    """.replace("\n", "|")
    .replace("  ", "")
    .strip("| ")
    .split("|")
)
LEAF = st.one_of(BY_WORDS, NEAR, NAMES, DATES, VALUES)
HOLDING = st.tuples(st.lists(QUOTED, min_size=2, max_size=6), TAGS).map(
    lambda two: f"({' OR '.join(phrase + two[1] for phrase in two[0])})"
)
"""ORs of phrases at one level, some of which hold others."""


def joined(parts):
    return st.lists(
        st.tuples(st.sampled_from(["AND", "OR", "NOT", "AND"]), parts),
        max_size=3,
    )


def chain(parts):
    return st.tuples(parts, joined(parts)).map(
        lambda two: " ".join([two[0], *(f"{how} {part}" for how, part in two[1])])
    )


SEARCH = chain(st.one_of(LEAF, LEAF, HOLDING, chain(LEAF).map("({})".format)))


@settings(deadline=None, max_examples=300)
@given(st.integers(0, 4), SEARCH)
def test_invented_records_are_found_as_the_slow_reading_finds_them(seed, text):
    fast, slow = invented(seed)
    assert fast.find(text) == slow.find(text)


def test_letters_of_other_alphabets_are_found_however_they_are_written():
    found = 0
    for seed in range(5):
        fast, slow = invented(seed)
        for text in ("boe beta", "Bøe-β[tiab]", "beta[ti]", "β", "bøe bet*[tw]"):
            expected = slow.find(text)
            found += len(expected)
            assert fast.find(text) == expected, (seed, text)
        assert fast.find('"boe beta"') == fast.find("BØE-Β")
    assert found > 50


@pytest.mark.parametrize("most", [0, 1, 50])
def test_a_phrase_that_goes_on_is_found_however_many_words_it_may_go_on_to(
    monkeypatch, most
):
    monkeypatch.setattr("assay.edge.index_query.MOST_CONTINUED", most)
    found = 0
    for seed in range(5):
        fast, slow = invented(seed)
        for text in (
            "green slee*",
            "tea te*[ti]",
            "of tria*[tiab]",
            "oh t* OR tea slee*",
        ):
            expected = slow.find(text)
            found += len(expected)
            assert fast.find(text) == expected, (seed, text)
    assert found > 20


# --- real records -------------------------------------------------------------------


class Asking:
    """Makes searches out of what records hold."""

    def __init__(self, records, seed):
        self.records, self.luck = records, random.Random(seed)

    def leaf(self):
        record = self.luck.choice(self.records)
        makers = (
            self.phrase, self.phrase, self.near, self.name, self.heading, self.date,
            self.value,
        )  # fmt: skip
        return self.luck.choice(makers)(record) or "hasabstract"

    def run(self, record, most):
        texts = [record.title, *(s.text for s in record.abstract)]
        text = words(self.luck.choice(texts))
        if not text:
            return []
        at = self.luck.randrange(len(text))
        return list(text[at : at + self.luck.randint(1, most)])

    def phrase(self, record):
        run = self.run(record, 3)
        if run and self.luck.random() < 0.3:
            run[-1] = run[-1][: self.luck.randint(4, 7)] + "*"
        quote = self.luck.choice(['"', ""])
        tag = self.luck.choice(["", "[all]", "[tw]", "[tiab]", "[ti]", "[ot]"])
        return f"{quote}{' '.join(run)}{quote}{tag}" if run else ""

    def near(self, record):
        run = self.run(record, 9)
        some = self.luck.sample(run, min(len(run), self.luck.randint(2, 3)))
        between = self.luck.randint(0, 9)
        return f'"{" ".join(some)}"[tiab:~{between}]' if len(some) > 1 else ""

    def name(self, record):
        if not record.authors:
            return ""
        who = self.luck.choice(record.authors)
        form = self.luck.choice(
            [who.last_name, f"{who.last_name} {who.initials[:1]}",
             f"{who.last_name} {who.initials}", f"{who.last_name}, {who.fore_name}",
             f"{who.fore_name} {who.last_name}"]
        )  # fmt: skip
        tag = self.luck.choice(["au", "1au", "lastau"])
        quote = self.luck.choice(['"', ""])
        plain = form.replace('"', "").replace("(", "").replace(")", "")
        fine = words(plain) and not any(sign in plain for sign in "[]:&|#*")
        return f"{quote}{plain}{quote}[{tag}]" if fine else ""

    def heading(self, record):
        if not record.mesh:
            return ""
        heading = self.luck.choice(record.mesh)
        under = self.luck.choice(["", *(f"/{q.name}" for q in heading.qualifiers)])
        return f'"{heading.descriptor}{under}"[{self.luck.choice(["mh", "majr"])}]'

    def date(self, record):
        known = [d for d in record.dates if d.year > 1000]
        if not known:
            return ""
        date = self.luck.choice(known)
        text = f"{date.year}/{date.month or 1:02}/{date.day or 1:02}"
        text = text[: self.luck.choice([4, 7, 10])]
        if self.luck.random() < 0.5:
            text += self.luck.choice([f":{date.year + 1}", ":3000"])
        tag = self.luck.choice("dp dp epdat ppdat edat crdt mhda dcom lr".split())
        return f"{text}[{tag}]"

    def value(self, record):
        made = [
            f"{record.pmid}[pmid]",
            f"{record.doi}[doi]" if record.doi.isascii() else "",
            f"{record.nlm_id}[jid]",
            f'"{record.journal_abbreviation}"[ta]',
            *(f'"{kind}"[pt]' for kind in record.publication_types),
            *(f'"{c.name}"[nm]' for c in record.chemicals if '"' not in c.name),
            f"{record.volume}[vi]" if record.volume.isalnum() else "",
            f'"{record.country}"[pl]',
            self.luck.choice(["english[la]", "medline[sb]", "publisher[sb]"]),
        ]
        one = self.luck.choice(made)
        return one if not any(sign in one for sign in "();&|#") else ""

    def search(self):
        parts = [self.leaf() for _ in range(self.luck.randint(1, 3))]
        text = parts[0]
        for part in parts[1:]:
            text += f" {self.luck.choice(['AND', 'AND', 'OR', 'NOT'])} {part}"
        return text


@pytest.mark.long
@pytest.mark.parametrize("name", ["pubmed20n0014.xml.gz", "pubmed21n1298.xml.gz"])
def test_real_records_are_found_as_the_slow_reading_finds_them(name):
    folder = os.environ.get("ASSAY_NLM", "")
    if not folder:
        pytest.skip("ASSAY_NLM names no folder with NLM's files")
    with gzip.open(Path(folder) / name) as file:
        records = list(iter_records(iter(lambda: file.read(1 << 18), b"")))
    records = [one for one in records if isinstance(one, Record)]
    fast, slow = Fast(records), Slow(records, narrower)
    asking = Asking(records, 6)
    for text in [asking.search() for _ in range(1000)]:
        assert fast.find(text) == slow.find(text), text
