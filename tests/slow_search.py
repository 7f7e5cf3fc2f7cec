"""An independent evaluator of searches: slow, plain, and right by looking at it.

It shares nothing with the index but the parser of queries. Every rule is written out a
second time, over the records themselves.
"""

import calendar
import re
import unicodedata
from functools import lru_cache
from itertools import product

from assay.query.parse import parse_query
from assay.query.tree import Chain, Group, Lost, Range

STOP = frozenset(
    """
    a about again all almost also although always among an and another any are as at be
    because been before being between both but by can could did do does done due during
    each either enough especially etc for found from further had has have having here
    how however i if in into is it its itself just kg km made mainly make may mg might
    ml mm most mostly must nearly neither no nor obtained of often on our overall
    perhaps pmid quite rather really regarding seem seen several should show showed
    shown shows significantly since so some such than that the their theirs them then
    there therefore these they this those through thus to upon various very was we were
    what when which while with within without would or not
    """.split()
)
NO = None
"""What cannot be answered: it is left out."""


SPELT = dict(
    pair.split(":")
    for pair in """
    ø:o ł:l đ:d ħ:h ŧ:t ı:i æ:ae œ:oe þ:th ð:d ŋ:n ĸ:k α:alpha β:beta γ:gamma δ:delta
    ε:epsilon ζ:zeta η:eta θ:theta ι:iota κ:kappa λ:lambda μ:mu ν:nu ξ:xi ο:omicron
    π:pi ρ:rho σ:sigma τ:tau υ:upsilon φ:phi χ:chi ψ:psi ω:omega
    """.split()
)
"""Letters that people who search write otherwise."""


@lru_cache(maxsize=10_000)
def words(text):
    """Give the words of a text."""
    text = unicodedata.normalize("NFKD", text).casefold()
    text = unicodedata.normalize("NFKD", text)
    text = re.sub(r"[\u0300-\u036f]", "", text)
    for letter, name in SPELT.items():
        text = text.replace(letter, name)
    return tuple(re.findall(r"[^\W_]+", text))


def row(text):
    """Give the words of a text as one row, with a blank before and after each."""
    return f" {' '.join(words(text))} "


# --- what of a record each tag looks through --------------------------------------


def abstract(r):
    if r.abstract:
        return [s.text for s in r.abstract]
    return list(r.summary.sentences) if r.summary else []


def people(r):
    return [*r.authors, *r.investigators]


def groups(r):
    return [p.collective for p in people(r) if p.collective]


def grants(r):
    return [part for grant in r.grants for part in grant]


def tiab(r):
    others = [s.text for o in r.other_abstracts for s in o.sections]
    return [r.title, *abstract(r), *others, *(k.text for k in r.keywords)]


def text_words(r):
    return [
        *tiab(r),
        r.population,
        *(h.descriptor for h in r.mesh),
        *(q.name for h in r.mesh for q in h.qualifiers),
        *(c.name for c in r.chemicals),
        *(c.name for c in r.supplementary),
        *r.publication_types,
        *r.subjects,
        *groups(r),
        *(f"{a.bank} {a.number}" for a in r.accessions),
        *(c.note for c in r.corrections),
    ]


def everything(r):
    return [
        *text_words(r),
        *(
            f"{p.fore_name} {p.last_name} {p.initials}"
            for p in (*people(r), *r.editors)
        ),
        r.journal,
        r.journal_abbreviation,
        r.book_title,
        r.publisher,
        *grants(r),
        *(i.value for i in r.identifiers if i.type != "pubmed"),
        *affiliations(r),
        r.vernacular_title,
        r.coi,
    ]


def affiliations(r):
    return [place for p in people(r) for place in p.affiliations]


BY_WORDS = {
    "all": everything,
    "tw": text_words,
    "tiab": tiab,
    "ti": lambda r: [r.title],
    "ot": lambda r: [k.text for k in r.keywords],
    "ad": affiliations,
    "tt": lambda r: [r.vernacular_title],
    "cois": lambda r: [r.coi],
    "cn": groups,
    "gr": grants,
    "book": lambda r: [r.book_title],
    "pubn": lambda r: [r.publisher],
}
BY_VALUE = {
    "pt": lambda r: r.publication_types,
    "sh": lambda r: [q.name for h in r.mesh for q in h.qualifiers],
    "nm": lambda r: [c.name for c in (*r.chemicals, *r.supplementary)],
    "rn": lambda r: [c.registry_number for c in r.chemicals
                     if c.registry_number != "0"],
    "ta": lambda r: [r.journal, r.journal_abbreviation, r.issn],
    "jid": lambda r: [r.nlm_id],
    "vi": lambda r: [r.volume],
    "ip": lambda r: [r.issue],
    "pg": lambda r: [re.split("[-,]", r.pages)[0]],
    "pl": lambda r: [r.country],
}  # fmt: skip
BY_NAME = {
    "au": lambda r: r.authors,
    "1au": lambda r: r.authors[:1],
    "lastau": lambda r: r.authors[-1:],
    "ir": lambda r: r.investigators,
    "ed": lambda r: r.editors,
}
DAYS = {
    "epdat": "ArticleDate:Electronic",
    "edat": "History:pubmed",
    "crdt": "History:entrez",
    "dcom": "DateCompleted",
    "lr": "DateRevised",
}
LINKS = {
    "hascommentin": "CommentIn",
    "hasretractionin": "RetractionIn",
    "haserratumin": "ErratumIn",
    "hasupdateof": "UpdateOf",
}
STATUS = {
    "medline": {"MEDLINE", "Completed"},
    "publisher": {"Publisher"},
    "inprocess": {"In-Process", "In-Data-Review"},
    "pubmednotmedline": {"PubMed-not-MEDLINE"},
}
CODES = {"tu": "therapeutic use", "th": "therapy"}
LANGUAGES = {"english": "eng", "german": "ger", "japanese": "jpn", "french": "fre"}


# --- how one clause is answered ----------------------------------------------------


class Slow:
    """Answers searches over a list of records, by their places in it.

    `narrower` gives the names of a heading and all below it.
    """

    def __init__(self, records, narrower=lambda name: [name]):
        self.records, self.narrower = list(records), narrower
        self.rows = {}

    def find(self, text):
        """Give the places of the records found; None when nothing can be asked."""
        tree = parse_query(text).tree
        return None if tree is None else self.of(tree)

    def of(self, node):
        if isinstance(node, Group):
            return self.of(node.body)
        if isinstance(node, Lost):
            return NO
        if not isinstance(node, Chain):
            return self.leaf(node)
        left = self.of(node.parts[0])
        for join, part in zip(node.joins, node.parts[1:], strict=True):
            right = self.of(part)
            if right is None:
                continue
            if left is None:
                left = None if join.operator == "NOT" else right
            elif join.operator == "AND":
                left = left & right
            elif join.operator == "OR":
                left = left | right
            else:
                left = left - right
        return left

    def where(self, test):
        return {at for at, record in enumerate(self.records) if test(record)}

    def leaf(self, leaf):
        tag = leaf.tag.name.lower() if leaf.tag else ""
        modifier = leaf.tag.modifier.lower() if leaf.tag else ""
        if isinstance(leaf, Range):
            return self.span(tag, leaf.first, leaf.last)
        if not tag and not leaf.quoted:
            return self.loose(leaf.text)
        if tag in BY_WORDS or not tag:
            return self.phrase(leaf.text, tag or "all", modifier, leaf.quoted)
        if tag in BY_VALUE:
            return self.value(tag, leaf.text, modifier)
        if tag in BY_NAME:
            return self.name(BY_NAME[tag], leaf.text, leaf.quoted)
        if tag in {"mh", "majr"}:
            return self.heading(leaf.text, tag == "majr", modifier)
        if tag in {*DAYS, "dp", "ppdat", "mhda"}:
            return self.day(tag, leaf.text)
        return self.rest(tag, leaf.text)

    def loose(self, text):
        pieces = text.split(" ")
        if all(re.fullmatch(r"\d{5,8}", piece) for piece in pieces):
            return self.where(lambda r: r.pmid in pieces)
        if all(re.fullmatch(r"10\.\d{4,9}/\S+", piece) for piece in pieces):
            return self.where(lambda r: r.doi.lower() in [p.lower() for p in pieces])
        found = None
        for piece in pieces:
            passed = " ".join(words(piece)) in STOP and not stars(piece)
            if passed or not words(piece):
                continue
            low = piece.lower()
            if low in LINKS or low in {"hasabstract", "haskeyword", "hascois"}:
                here = self.rest("sb", piece)
            else:
                here = self.phrase(piece, "all", "", quoted=False)
            found = here if found is None else found & here
        return found

    def phrase(self, text, tag, modifier, quoted):
        asked = words(text)
        if not asked:
            return NO
        near = re.fullmatch(r"~(\d+)", modifier)
        if (
            near
            and quoted
            and "*" not in text
            and tag in {"ti", "tiab", "ad"}
            and len(text.split()) > 1
            and len(asked) > 1
        ):
            return self.where(
                lambda r: any(
                    close(asked, words(t), int(near[1])) for t in BY_WORDS[tag](r)
                )
            )
        end = "" if stars(text) else " "
        wanted = f" {' '.join(asked)}{end}"
        return {at for at, line in enumerate(self.lines(tag)) if wanted in line}

    def lines(self, tag):
        """Give for each record what a tag looks through, as rows of words."""
        if tag not in self.rows:
            self.rows[tag] = [
                "|".join(row(text) for text in BY_WORDS[tag](record))
                for record in self.records
            ]
        return self.rows[tag]

    def value(self, tag, text, modifier):
        text = CODES.get(text, text) if tag == "sh" else text
        asked = " ".join(words(text))
        if not asked:
            return NO
        wanted = {asked}
        if tag in {"pt", "sh"} and modifier != "noexp" and not stars(text):
            wanted |= set(self.narrower(asked))
        return self.where(
            lambda r: any(
                fits(" ".join(words(v)), one, stars(text))
                for v in BY_VALUE[tag](r)
                for one in wanted
            )
        )

    def heading(self, text, major, modifier):
        name, stroke, under = text.partition("/")
        asked = " ".join(words(name))
        below = " ".join(words(CODES.get(under, under)))
        if not asked:
            return NO
        explode = modifier != "noexp" and not stars(text)
        names = {asked, *self.narrower(asked)} if explode else {asked}
        belows = {below, *self.narrower(below)} if explode else {below}
        begins = stars(text)

        def test(record):
            for h in record.mesh:
                own = " ".join(words(h.descriptor))
                if major and not h.major:
                    continue
                if not any(fits(own, n, begins) for n in names):
                    continue
                if not stroke or begins:
                    return True
                any_star = any(q.major for q in h.qualifiers)
                for q in h.qualifiers:
                    starred = q.major or not any_star or not major
                    if starred and " ".join(words(q.name)) in belows:
                        return True
            return False

        return self.where(test)

    def name(self, of, text, quoted):
        asked = words(text)
        if not asked:
            return NO
        star = stars(text)

        def fits_person(p):
            last, fore = words(p.last_name), words(p.fore_name)
            initials = "".join(c for c in p.initials if c.isalpha())
            whole = " ".join(asked)
            if p.initials:
                shorts = [" ".join(words(f"{p.last_name} {initials} {p.suffix}"))]
            else:  # the parts of the name are not known
                shorts = [" ".join(last + fore), *last, *fore]
            if p.initials and fore:
                longs = [f"{' '.join(last)}, {' '.join(fore)}"]
            else:
                longs = []
            if star:
                return any(form.startswith(whole) for form in (*shorts, *longs))
            if len(asked) == 1:
                return any(f"{form} ".startswith(f"{whole} ") for form in shorts)
            if any(
                form == whole or (not quoted and form.startswith(whole))
                for form in shorts
            ):
                return True
            if len(asked[-1]) > 2 and any(f.startswith(f"{whole} ") for f in shorts):
                return True  # a last name of several words, in quotes
            for at in range(1, len(asked)):
                one, two = asked[:at], asked[at:]
                for a, b in ((one, two), (two, one)):
                    if longs and a == last and fore[: len(b)] == b:
                        return True
            return False

        return self.where(lambda r: any(map(fits_person, of(r))))

    # --- days and numbers -----------------------------------------------------------

    def day(self, tag, text):
        first, last = bound(text, last=False), bound(text, last=True)
        return NO if first is None else self.between(tag, first, last, span=False)

    def span(self, tag, one, two):
        if tag in {"uid", "pmid"}:
            return self.where(
                lambda r: r.pmid != "" and int(one) <= int(r.pmid) <= int(two)
            )
        if tag not in {*DAYS, "dp", "ppdat", "mhda"}:
            return NO
        first, last = bound(one, last=False), bound(two, last=True)
        if first is None or last is None or first > last:
            return NO
        return self.between(tag, first, last, span=True)

    def between(self, tag, first, last, *, span):
        return self.where(
            lambda r: any(first <= day <= last for day in days_of(r, tag, span))
        )

    def rest(self, tag, text):
        low = text.lower()
        if tag in {"pmid", "uid"}:
            pieces = low.split()
            fine = pieces and all(piece.isdecimal() for piece in pieces)
            return self.where(lambda r: r.pmid in pieces) if fine else NO
        if tag in {"aid", "doi", "lid"}:
            return self.where(
                lambda r: (
                    low
                    in {
                        r.doi.lower(),
                        r.pmcid.lower(),
                        *(i.value.lower() for i in r.identifiers if i.type != "pubmed"),
                    }
                )
            )
        if tag == "la":
            code = LANGUAGES.get(low, low)
            known = code in LANGUAGES.values()
            return self.where(lambda r: code in r.languages) if known else NO
        if tag == "si":
            bank, _, number = (" ".join(words(p)) for p in text.partition("/"))
            pair = "/" in text and number
            return self.where(
                lambda r: any(
                    (bank, number) == two if pair else bank in two
                    for two in (
                        (" ".join(words(a.bank)), " ".join(words(a.number)))
                        for a in r.accessions
                    )
                )
            )
        if tag == "auid":
            wanted = " ".join(words(text.rpartition("/")[2])).removeprefix("orcid ")
            return self.where(
                lambda r: any(
                    " ".join(words(value.rpartition("/")[2])) == wanted
                    for a in r.authors
                    for _, value in a.identifiers
                )
            )
        if tag in {"sb", "filter"}:
            return self.filter(low)
        return NO

    def filter(self, low):
        if low == "all":
            return self.where(lambda _: True)
        if low in STATUS:
            return self.where(lambda r: r.status in STATUS[low])
        if low in LINKS:
            return self.where(
                lambda r: any(c.ref_type == LINKS[low] for c in r.corrections)
            )
        if low in LANGUAGES:
            return self.where(lambda r: LANGUAGES[low] in r.languages)
        if low == "humans":
            return self.where(lambda r: any(h.descriptor == "Humans" for h in r.mesh))
        tests = {
            "hasabstract": lambda r: bool(r.abstract),
            "haskeyword": lambda r: bool(r.keywords),
            "hascois": lambda r: bool(r.coi),
            "hasstructuredabstract": lambda r: any(s.label for s in r.abstract),
            "hasdatabanklist": lambda r: bool(r.accessions),
        }
        return self.where(tests[low]) if low in tests else NO


def stars(text):
    """Tell whether the last word of a term may go on."""
    text = text.rstrip()
    if not text.endswith("*") or text.count("*") > 1 or not text[-2:-1].isalnum():
        return False
    return sum(map(str.isalnum, text[:-1].split(" ")[-1])) >= 4


def fits(value, wanted, begins):
    return value.startswith(wanted) if begins else value == wanted


def close(asked, text, between):
    """Tell whether all words stand in a text with few others between them."""
    asked = sorted(set(asked))  # how often a word is asked for does not count
    places = [[at for at, word in enumerate(text) if word == one] for one in asked]
    for chosen in product(*places):
        if max(chosen) - min(chosen) + 1 - len(chosen) <= between:
            return True
    return False


def bound(text, *, last):
    """Give the first or the last day of a date as three numbers."""
    match = re.fullmatch(r"(\d{4})(?:[/-](\d{1,2})(?:[/-](\d{1,2}))?)?", text.strip())
    if not match:
        return None
    year, month, day = (int(part) if part else 0 for part in match.groups())
    if year >= 3000 or year <= 1000:
        return (9999, 99, 99) if last else (0, 0, 0)
    month = month or (12 if last else 1)
    if not 1 <= month <= 12:
        return None
    most = calendar.monthrange(year, month)[1]
    day = day or (most if last else 1)
    return (year, month, min(day, most)) if 1 <= day <= 31 else None


def days_of(r, tag, span):
    """Give the days on which a record is found by a tag."""

    def day(date):
        return (date.year, date.month or 1, date.day or 1)

    by_origin = {}
    for date in r.dates:
        if date.year > 0:
            by_origin.setdefault(date.origin, day(date))
    if tag in DAYS:
        return [by_origin[DAYS[tag]]] if DAYS[tag] in by_origin else []
    if tag == "mhda":
        own = by_origin.get("History:medline") or by_origin.get("History:pubmed")
        return [own] if own else []
    known = [date for date in r.dates if date.year > 0]
    if known and (r.dates[0].year or not r.year):
        first = known[0]
        main = day(first)
    elif r.year:
        first, main = None, (r.year, 1, 1)
    else:
        return []
    if tag == "ppdat":
        printed = first is not None and first.origin in {"PubDate", "MedlineDate"}
        return [main] if printed and r.publication_status != "aheadofprint" else []
    electronic = by_origin.get("ArticleDate:Electronic")
    if electronic and (electronic <= main or span):
        return [main, electronic]
    return [main]
