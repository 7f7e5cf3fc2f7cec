"""The law of translations: more may be found than was asked, less never in silence.

A small evaluator works on invented records: which of them a query asks for, and which
of them what is sent would find.
"""

import re
from functools import reduce

from hypothesis import given, settings
from hypothesis import strategies as st

from assay.query import translate_doaj, translate_europepmc, translate_openalex
from assay.query.clauses import field_of, modifier_of, read_phrases
from assay.query.parse import parse_query
from assay.query.sending import find_conjuncts, say_all
from assay.query.translate import Piece, decide_fidelity, say_tree
from assay.query.tree import Chain, Group, Lost, find_leaves
from assay.search import Fidelity, Query

# --- any service: every clause may be wider, narrower, both, or not sent -------------

NAMES = ("aa", "bb", "cc", "dd", "ee")
some_records = st.integers(0, 15).map(
    lambda bits: frozenset(n for n in range(4) if bits >> n & 1)
)

OPERATE = {
    "AND": frozenset.intersection,
    "OR": frozenset.union,
    "NOT": frozenset.difference,
}


def asked_for(node, of_leaf):
    """Return the records that a tree asks for, read strictly from left to right."""
    match node:
        case Group():
            return asked_for(node.body, of_leaf)
        case Chain():
            found = asked_for(node.parts[0], of_leaf)
            for join, part in zip(node.joins, node.parts[1:], strict=True):
                found = OPERATE[join.operator](found, asked_for(part, of_leaf))
            return found
        case _:
            return of_leaf(node)


def found_by(text, of_word):
    """Return the records that words with AND, OR, NOT and parentheses find.

    Operators of one kind stand side by side at most; nothing rests on precedence.
    """
    tokens = re.findall(r"\(|\)|[A-Za-z_]*:?\"[^\"]*\"|[^\s()]+", text)
    found, rest = _read(tokens, of_word)
    assert not rest
    return found


def _read(tokens, of_word):
    found, kinds = None, set()
    operator = "AND"
    while tokens and tokens[0] != ")":
        token, *tokens = tokens
        if token in OPERATE:
            operator = token
            kinds.add(token)
            continue
        if token == "(":
            part, tokens = _read(tokens, of_word)
            assert tokens.pop(0) == ")"
        else:
            part = of_word(token)
        found = part if found is None else OPERATE[operator](found, part)
    assert len(kinds) < 2, "two kinds of operators without parentheses"
    return found, tokens


KINDS = {  # wider, narrower
    "exact": (False, False),
    "wider": (True, False),
    "narrower": (False, True),
    "both": (True, True),
    "lost": (True, True),
}


@st.composite
def services(draw, kinds=tuple(KINDS)):
    """Return what each word asks for, and its piece and find in some service."""
    known = {}
    for name in NAMES:
        asked, extra, missed = (draw(some_records) for _ in range(3))
        kind = draw(st.sampled_from(kinds))
        wider, narrower = KINDS[kind]
        sent = (asked | (extra if wider else set())) - (missed if narrower else set())
        piece = Piece("" if kind == "lost" else name, wider, narrower, "It differs.")
        known[name] = (asked, piece, frozenset(sent))
    return known


operators = st.sampled_from(["AND", "OR", "NOT"])


def chains(part):
    more = st.lists(st.tuples(operators, part), min_size=1, max_size=3)
    return st.builds(
        lambda first, rest: " ".join([first, *(f"{how} {x}" for how, x in rest)]),
        part,
        more,
    )


def nested(clauses, most):
    """Return queries of clauses, in chains within chains."""
    return st.recursive(
        clauses, lambda inner: chains(inner.map("({})".format)), max_leaves=most
    )


queries = nested(st.sampled_from(NAMES), 12)
small_queries = st.builds(
    lambda first, how, left, other, right: f"{first} {how} ({left} {other} {right})",
    st.sampled_from(NAMES[:2]),
    operators,
    nested(st.sampled_from(NAMES), 2),
    operators,
    st.sampled_from(NAMES),
)


def check_law(said, asked, found):
    if not said.text:
        return
    assert said.narrower or found >= asked
    assert said.wider or found <= asked


@settings(max_examples=300)
@given(queries, services())
def test_what_is_not_called_narrowed_misses_nothing(text, service):
    tree = parse_query(text).tree
    said = say_tree(tree, text, lambda leaf: service[leaf.text][1])
    asked = asked_for(tree, lambda leaf: service[leaf.text][0])
    found = found_by(said.text, lambda word: service[word][2]) if said.text else None
    check_law(said, asked, found)
    together = say_all(find_conjuncts(tree), text, lambda leaf: service[leaf.text][1])
    if together.text:
        found = found_by(together.text, lambda word: service[word][2])
        check_law(together, asked, found)


@settings(max_examples=500)
@given(small_queries, services(("exact", "wider", "lost")))
def test_the_receipts_alone_tell_whether_something_may_be_missed(text, service):
    """Who reads only the receipts knows as much as the whole says."""
    tree = parse_query(text).tree
    said = say_tree(tree, text, lambda leaf: service[leaf.text][1])
    hints = {clause.fidelity for clause in said.clauses}
    missed = any("alone finds is missed" in clause.why for clause in said.clauses)
    if said.text and Fidelity.NARROWED not in hints and not missed:
        asked = asked_for(tree, lambda leaf: service[leaf.text][0])
        assert found_by(said.text, lambda word: service[word][2]) >= asked
    if hints == {Fidelity.EXACT}:
        assert decide_fidelity(said) is Fidelity.EXACT


@settings(max_examples=300)
@given(queries, services())
def test_every_clause_has_one_receipt_that_fits_what_is_sent(text, service):
    tree = parse_query(text).tree
    said = say_tree(tree, text, lambda leaf: service[leaf.text][1])
    places = [(leaf.start, leaf.end) for leaf in find_leaves(tree)]
    assert [(clause.start, clause.end) for clause in said.clauses] == places
    sent = [clause.sent for clause in said.clauses if clause.sent]
    assert sent == [w for w in re.findall(r"\w+", said.text) if w not in OPERATE]
    for clause in said.clauses:
        assert clause.text == text[clause.start : clause.end]
        assert bool(clause.sent) == (clause.fidelity is not Fidelity.UNSUPPORTED)
        assert clause.sent or clause.why


# --- real services on invented records ----------------------------------------------

WORDS = ("tea", "teas", "teapot", "green", "sleep", "sleeps", "rest")
texts = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
INVENTED = st.lists(
    st.fixed_dictionaries({"title": texts, "abstract": texts, "keywords": texts}),
    min_size=1,
    max_size=6,
)

one_word, tags = st.sampled_from(WORDS), st.sampled_from(["ti", "tiab"])
clauses = st.one_of(
    st.builds("{}[{}]".format, one_word, tags),
    st.builds("{}*[{}]".format, st.sampled_from(["teap", "slee", "rest"]), tags),
    st.builds('"{} {}"[{}]'.format, one_word, one_word, tags),
    st.builds('"{} {}"[tiab:~2]'.format, one_word, one_word),
    st.builds("{}-{}[ti]".format, one_word, one_word),
    st.sampled_from(["x[sh]", '"Tea"[mh]', "roe j[au]"]),
)
real_queries = nested(clauses, 8)
PLACES = {"title": ("title",), "title/abstract": ("title", "abstract", "keywords")}


def in_text(words, text):
    """Tell whether words (or a stem) stand in a row in a text."""
    stem = words.stem
    wanted = f" {' '.join(words.words)}" + ("" if stem else " ")
    return wanted in f" {text} "


def asks_for(leaf, record):
    """Tell whether a clause asks for a record, as PubMed's help has it."""
    if isinstance(leaf, Lost) or field_of(leaf) not in PLACES:
        return False
    places = [record[name] for name in PLACES[field_of(leaf)]]
    if modifier_of(leaf).startswith("~"):
        wanted = [word for part in read_phrases(leaf) for word in part.words]
        return any(near(wanted, place.split(), 2) for place in places)
    return all(any(in_text(w, place) for place in places) for w in read_phrases(leaf))


def near(wanted, words, most):
    """Tell whether two different words stand near each other, in any order."""
    return any(
        one in wanted and words[n] in wanted and {one, words[n]} == set(wanted)
        for n in range(len(words))
        for one in words[max(0, n - most - 1) : n]
    )


EUROPEPMC = {
    "TITLE": ("title",),
    "TITLE_ABS": ("title", "abstract"),
    "KW": ("keywords",),
}
DOAJ = {"title": ("title",), "abstract": ("abstract",), "keywords": ("keywords",)}


def lucene(fields, records):
    """Return which records a FIELD:"words" or FIELD:wor* finds."""

    def found(token):
        name, _, value = token.partition(":")
        stem = value.endswith("*")
        wanted = " " + value.strip('"*').replace("-", " ") + ("" if stem else " ")
        places = fields.get(name, ())
        return frozenset(
            n
            for n, record in enumerate(records)
            if any(wanted in f" {record[place]} " for place in places)
        )

    return found


def compare(made, text, records, sent, of_word):
    """Hold the law between what a query asks for and what is sent for it."""
    if not made.params:
        return
    tree = parse_query(text).tree
    asked = asked_for(
        tree,
        lambda leaf: frozenset(n for n, r in enumerate(records) if asks_for(leaf, r)),
    )
    parts = [found_by(one, of_word(name)) for name, one in sent]
    found = reduce(frozenset.intersection, parts)
    if made.whole in {Fidelity.EXACT, Fidelity.WIDENED}:
        assert found >= asked
    if made.whole is Fidelity.EXACT:
        assert found == asked


def known(text):
    """Return a query without the clauses that these records cannot be asked for."""
    return not re.search(r"\[(sh|mh|au)\]", text)


@given(real_queries, INVENTED)
def test_europe_pmc_misses_nothing_that_it_does_not_say(text, records):
    made = translate_europepmc.translate_query(Query(text=text))
    find = lucene(EUROPEPMC, records)
    sent = [("", value.replace(":(", ": (")) for _, value in made.params]
    compare(made, text, records, sent, lambda _: find)
    assert not known(text) or made.params


@given(real_queries, INVENTED)
def test_doaj_misses_nothing_that_it_does_not_say(text, records):
    made = translate_doaj.translate_query(Query(text=text))
    find = lucene(DOAJ, records)
    compare(made, text, records, [("", v) for _, v in made.params], lambda _: find)


@given(real_queries, INVENTED)
def test_openalex_misses_nothing_that_it_does_not_say(text, records):
    made = translate_openalex.translate_query(Query(text=text))
    places = {
        "title.search.exact": ("title",),
        "title_and_abstract.search.exact": ("title", "abstract"),
    }

    def of(name):
        find = lucene({"": places[name]}, records)
        return lambda word: find(f":{word}")

    sent = [
        tuple(one.split(":", 1)) for _, value in made.params for one in value.split(",")
    ]
    compare(made, text, records, sent, of)
