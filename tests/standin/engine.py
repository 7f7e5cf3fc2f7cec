"""Runs a query over the index, and prints how it was read, as PubMed would."""

import re
from dataclasses import dataclass, field

from tests.standin.days import first_day, last_day, say_day
from tests.standin.index import NONE, Index, Rows
from tests.standin.query import Earlier, Node, Pair, Range, Term, parse_query
from tests.standin.records import fold, split_words
from tests.standin.vocabulary import (
    DATES,
    ENTRY_TERMS,
    EXPLODING,
    FIELDS,
    HEADINGS,
    NEARNESS,
    STOPWORDS,
    SUBSTANCES,
    TAGS,
    TYPE_NAMES,
    UNINDEXED,
    UNKNOWN_BEGINNINGS,
    VARIANTS,
    find_descendants,
)

LONGEST_MAPPED = 5  # words of the longest entry that term mapping looks for
SHORTEST_STEM = 4  # letters before a truncation's star


@dataclass(frozen=True, slots=True)
class Part:
    """One evaluated part: its records, and the text of its translation."""

    rows: Rows
    text: str
    joined: bool = False
    """True when the text holds operators and needs parentheses inside another."""
    empty: bool = False
    """True for what PubMed leaves out (stopwords, unknown words)."""

    @property
    def wrapped(self) -> str:
        """The translation, safe to stand beside an operator."""
        return f"({self.text})" if self.joined else self.text


NOTHING = Part(NONE, "", empty=True)


@dataclass(slots=True)
class Answer:
    """What a search found and what it has to say."""

    rows: Rows = NONE
    translation: str = ""
    mapped: list[tuple[str, str]] = field(default_factory=list)
    """TranslationSet: (from, to)."""
    phrases_not_found: list[str] = field(default_factory=list)
    quoted_not_found: list[str] = field(default_factory=list)
    phrases_ignored: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    """The words asked for, for sorting by relevance."""


def run_query(
    index: Index,
    text: str,
    earlier: dict[int, tuple[int, ...]] | None = None,
    tag: str = "",
) -> Answer:
    """Return the answer to a query; `tag` is for the terms that have none.

    Raises: UnreadableQueryError; KeyError, for an unknown #n.
    """
    answer = Answer()
    node = parse_query(text)
    if node is None:
        return answer
    part = Run(index, answer, earlier or {}, tag).evaluate(node)
    answer.rows, answer.translation = part.rows, part.text
    if part.empty and answer.phrases_not_found:
        answer.translation = f"({answer.phrases_not_found[0]}[All Fields])"
    return answer


class Run:
    """One evaluation."""

    def __init__(
        self,
        index: Index,
        answer: Answer,
        earlier: dict[int, tuple[int, ...]],
        tag: str,
    ) -> None:
        self.index, self.answer, self.earlier = index, answer, earlier
        self.tag = tag

    def evaluate(self, node: Node) -> Part:
        """Return the records and the translation of a node."""
        if isinstance(node, Pair):
            left, right = self.evaluate(node.left), self.evaluate(node.right)
            return join(node.operator, left, right)
        if isinstance(node, Earlier):
            return Part(frozenset(self.earlier[node.key]), f"#{node.key}")
        if isinstance(node, Range):
            return self.find_range(node)
        return self.find_term(node)

    def find_range(self, node: Range) -> Part:
        """Return a range of dates or PMIDs; any other field has no ranges."""
        name, _ = read_tag(node.tag)
        if name in DATES or name == "all":
            kind = name if name in DATES else "dp"
            low, high = first_day(node.low), last_day(node.high)
            if low and high:
                rows = self.index.find_days(kind, low, high)
                text = f"{say_day(low)}:{say_day(high)}[{FIELDS[kind][0]}]"
                return Part(rows, text)
        if name == "pmid" and node.low.isdigit() and node.high.isdigit():
            low, high = int(node.low), int(node.high)
            return Part(self.index.find_pmids(low, high), f"{low}:{high}[UID]")
        if name in DATES:
            return self.find_mixed_date(node)
        return self.find_term(Term(f"{node.low} {node.high}", node.tag))

    def find_mixed_date(self, node: Range) -> Part:
        """Return "kratom 2024[dp]" as the words and the date; no date finds none."""
        *words, day = node.low.split()
        if words and first_day(day):
            rest = self.find_term(Term(" ".join(words)))
            return join("AND", rest, self.find_range(Range(day, node.high, node.tag)))
        self.answer.phrases_not_found.append(f"{node.low}[{node.tag}]")
        return Part(NONE, f'"{node.low}"[{FIELDS[read_tag(node.tag)[0]][0]}]')

    def find_term(self, term: Term) -> Part:
        """Return one term, tagged or not."""
        tag = term.tag or self.tag
        name, extra = read_tag(tag)
        text = term.text
        if not text:
            return NOTHING
        if name in DATES:
            return self.find_range(Range(text, text.split()[-1], tag))
        if name == "pmid":
            wanted = frozenset(int(n) for n in re.findall(r"\d+", text))
            return Part(self.index.everything & wanted, f"{text}[UID]")
        self.answer.words.extend(split_words(text.replace("*", "")))
        if extra.startswith("~") and self.may_be_near(term, name):
            return self.find_near(text, name, int(extra[1:]))
        plain = tag == "" or name_of(tag) in TAGS
        if name == "all" and plain and not term.quoted and "*" not in text:
            return self.map_terms(text)
        if name == "sb":
            return self.find_filter(text)
        if text.endswith("*"):
            return self.find_text(text, name, quoted=False)
        if name in EXPLODING:
            return self.find_heading(text, name, explode=extra != "noexp")
        if name in {"au", "1au", "lastau", "ir"}:
            return self.find_author(text, name, term.quoted)
        if name in {"ta", "la", "si", "aid", "nm", "rn", "jid", "pl", "pg", "auid"}:
            return self.find_entry(text, name)
        return self.find_text(text, name, term.quoted)

    def may_be_near(self, term: Term, name: str) -> bool:
        """Tell whether the proximity operator is obeyed; broken rules ignore it."""
        enough = len(split_words(term.text)) > 1 and "*" not in term.text
        return term.quoted and enough and name in NEARNESS

    def find_near(self, text: str, name: str, gap: int) -> Part:
        rows = self.index.find_proximity(name, split_words(text), gap)
        return Part(rows, f'"{text.lower()}"[{FIELDS[name][0]}:~{gap}]')

    def find_text(self, text: str, name: str, quoted: bool) -> Part:
        """Return words in a text field: a phrase if the index has it, else each."""
        words = split_words(text)
        if not words:
            return NOTHING
        label = FIELDS[name][0]
        if text.endswith("*"):
            return self.find_stem(words, name)
        if len(words) == 1:
            return self.find_one(words[0], name)
        rows = self.index.find_run(name, words)
        if rows and " ".join(words) not in UNINDEXED:
            return Part(rows, f'"{" ".join(words)}"[{label}]')
        if "-" in text and " " not in text and not quoted:
            self.answer.phrases_not_found.append(text)
            return Part(NONE, f'"{" ".join(words)}"[{label}]')
        if quoted:
            shown = f'"{text}"' if name == "all" else f'"{text}"[{label}]'
            self.answer.quoted_not_found.append(shown)
        parts = [self.find_one(w, name) for w in words if w not in STOPWORDS]
        return join_all("AND", parts) if parts else NOTHING

    def find_stem(self, words: tuple[str, ...], name: str) -> Part:
        """Return a truncated word; too short a stem is taken as a whole word."""
        if len(words[-1]) < SHORTEST_STEM:
            return self.find_text(" ".join(words), name, quoted=False)
        rows = self.index.find_beginning(name, words)
        shown = f'"{" ".join(words)}*"[{FIELDS[name][0]}]'
        if not rows and words[-1].startswith(UNKNOWN_BEGINNINGS):
            self.answer.phrases_not_found.append(" ".join(words) + "*")
        return Part(rows, shown)

    def find_one(self, word: str, name: str) -> Part:
        """Return a single word in one field."""
        shown = f'"{word}"[{FIELDS[name][0]}]'
        if word in STOPWORDS:
            self.answer.phrases_not_found.append(f"{word}[{FIELDS[name][0]}]")
            return Part(NONE, shown)
        rows = self.index.find_word(name, word)
        if not rows and word.startswith(UNKNOWN_BEGINNINGS):
            self.answer.phrases_not_found.append(word)
        return Part(rows, shown)

    def find_heading(self, text: str, name: str, *, explode: bool) -> Part:
        """Return a heading, subheading or type, with what is below it in the tree."""
        wanted = " ".join(text.lower().replace('"', "").split())
        heading, _, qualifier = wanted.partition("/")
        if name in {"mh", "majr"}:
            heading = ENTRY_TERMS.get(heading, heading)
        if name == "pt":
            heading = TYPE_NAMES.get(heading, heading)
        names = find_descendants(heading) if explode else frozenset({heading})
        tail = f"/{qualifier}" if qualifier else ""
        found = [self.index.find_exact(name, each + tail) for each in names]
        suffix = "" if explode else ":noexp"
        shown = f'"{heading}{tail}"[{FIELDS[name][0]}{suffix}]'
        if not any(found) and heading.startswith(UNKNOWN_BEGINNINGS):
            self.answer.phrases_not_found.append(text)
        return Part(NONE.union(*found), shown)

    def find_filter(self, text: str) -> Part:
        wanted = text.lower()
        rows = frozenset(self.index.filters.get(wanted, NONE))
        if not rows:
            self.answer.phrases_not_found.append(f"{text}[Filter]")
        return Part(rows, f'"{wanted}"[Filter]')

    def find_author(self, text: str, name: str, quoted: bool) -> Part:
        """Return an author; initials are cut short unless the name is quoted."""
        wanted = fold(text).replace(",", "")
        known = [key for part, key in self.index.exact if part == name]
        short = [k for k in known if k == wanted or k.startswith(wanted + " ")]
        if not quoted and len(wanted.split()) > 1:
            short += [k for k in known if k.startswith(wanted)]
        rows = NONE.union(*(self.index.find_exact(name, key) for key in set(short)))
        if not rows:
            self.answer.phrases_not_found.append(f"{text}[{FIELDS[name][0]}]")
        return Part(rows, f'"{wanted}"[{FIELDS[name][0]}]')

    def find_entry(self, text: str, name: str) -> Part:
        """Return what carries exactly this entry (a journal, a language, a number)."""
        wanted = text.lower()
        rows = self.index.find_exact(name, wanted)
        if name == "la":
            rows |= self.index.find_exact(name, LANGUAGES.get(wanted, wanted[:3]))
        if name == "ta":
            rows |= self.index.find_exact(name, wanted.replace(".", ""))
        if not rows:
            self.answer.phrases_not_found.append(f"{text}[{FIELDS[name][0]}]")
        return Part(rows, f'"{wanted}"[{FIELDS[name][0]}]')

    def map_terms(self, text: str) -> Part:
        """Return untagged words: mapped where the table knows them, else as words."""
        words = [w.strip(".,;!?'") for w in text.split()]
        words = [w for w in words if split_words(w)]
        if words and all(w.isdigit() for w in words) and len(words[0]) > 4:
            wanted = frozenset(map(int, words))
            shown = " OR ".join(f"{w}[UID]" for w in words)
            return Part(self.index.everything & wanted, shown, joined=len(words) > 1)
        parts: list[Part] = []
        while words:
            size = find_mapped_size(words)
            parts.append(self.map_one(words[:size], alone=size == len(words)))
            words = words[size:]
        kept = [part for part in parts if not part.empty]
        return join_all("AND", kept) if kept else NOTHING

    def map_one(self, words: list[str], *, alone: bool) -> Part:
        """Return one entry of the table, or one word in All Fields."""
        said = " ".join(words).lower()
        part = self.find_mapped(said)
        if part is not None:
            self.answer.mapped.append((" ".join(words), part.text))
            return part
        if said in STOPWORDS:
            return NOTHING
        if said in self.index.filters and said.startswith(("has", "pmcbook")):
            return self.find_filter(said)
        found = self.find_text(words[0], "all", quoted=False)
        unknown = not found.rows and said.startswith(UNKNOWN_BEGINNINGS)
        return NOTHING if unknown else found

    def find_mapped(self, said: str) -> Part | None:
        """Return the expansion that term mapping gives, or None."""
        heading = ENTRY_TERMS.get(said, said if said in HEADINGS else "")
        if said in SUBSTANCES:
            rows = self.index.find_exact("nm", said)
            first = Part(rows, f'"{said}"[Supplementary Concept]')
            return join_all("OR", [first, self.find_quiet(said)])
        if not heading:
            return None
        names = find_descendants(heading)
        rows = NONE.union(*(self.index.find_exact("mh", each) for each in names))
        parts = [Part(rows, f'"{heading}"[MeSH Terms]')]
        for phrase in dict.fromkeys((heading, said, *VARIANTS.get(said, ()))):
            words = split_words(phrase)
            if len(words) > 1 and phrase not in VARIANTS.get(said, ()):
                each = [self.find_quiet(word) for word in words]
                parts.append(join_all("AND", [p for p in each if p.text]))
            parts.append(self.find_quiet(phrase))
        return join_all("OR", parts)

    def find_quiet(self, phrase: str) -> Part:
        """Return a phrase in All Fields without a word about what is missing."""
        words = split_words(phrase)
        rows = self.index.find_run("all", words)
        if len(words) == 1 and words[0] in STOPWORDS:
            return NOTHING
        return Part(rows, f'"{" ".join(words)}"[All Fields]')


LANGUAGES = {"japanese": "jpn", "german": "ger", "deutsch": "ger"}


def read_tag(tag: str) -> tuple[str, str]:
    """Return (field, modifier); an unknown tag is All Fields, without a word.

    >>> read_tag("MeSH Terms:noexp"), read_tag("tiabb")
    (('mh', 'noexp'), ('all', ''))
    """
    name, _, extra = tag.lower().replace(" ", "").partition(":")
    known = TAGS.get(name, "all")
    return known, extra if re.fullmatch(r"~\d+|noexp", extra) else ""


def name_of(tag: str) -> str:
    """Return a tag without blanks, case and modifier."""
    return tag.lower().replace(" ", "").partition(":")[0]


def join(operator: str, left: Part, right: Part) -> Part:
    """Return two parts joined; a left-out part leaves the other as it is."""
    if left.empty or right.empty:
        if operator == "NOT" and left.empty:
            return NOTHING
        return right if left.empty else left
    rows = {
        "AND": left.rows & right.rows,
        "OR": left.rows | right.rows,
        "NOT": left.rows - right.rows,
    }[operator]
    same = left.joined and operator_of(left.text) == {operator}
    first = left.text if same else left.wrapped
    return Part(rows, f"{first} {operator} {right.wrapped}", joined=True)


def join_all(operator: str, parts: list[Part]) -> Part:
    """Return all parts joined by one operator."""
    whole = parts[0]
    for part in parts[1:]:
        whole = join(operator, whole, part)
    return whole


def operator_of(text: str) -> set[str]:
    """Return the operators on the outermost level of a translation."""
    flat = re.sub(r'"[^"]*"', "", text)
    while (less := re.sub(r"\([^()]*\)", "", flat)) != flat:
        flat = less
    return set(re.findall(r"\b(?:AND|OR|NOT)\b", flat))


def find_mapped_size(words: list[str]) -> int:
    """Return how many of the first words form the longest entry known; at least 1."""
    for size in range(min(LONGEST_MAPPED, len(words)), 1, -1):
        said = " ".join(words[:size]).lower()
        if said in ENTRY_TERMS or said in HEADINGS or said in SUBSTANCES:
            return size
    return 1
