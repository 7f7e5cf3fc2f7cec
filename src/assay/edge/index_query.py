"""Searches as tantivy's own query objects; a person's words are never its syntax.

What is found and in which order are two things: the tree only lets records in, and the
words it asks for rank them by one field, the stems. So every level of PubMed's tags can
look through several fields, and no text is indexed twice for the sake of the ranking.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from tantivy import (
    Filter,
    Occur,
    Query,
    Schema,
    Searcher,
    TextAnalyzerBuilder,
    Tokenizer,
)

from assay.edge.index_filter import any_of, compile_filter, shared_filter
from assay.edge.index_schema import STEMS
from assay.library.search_cover import without_covered
from assay.library.search_fields import LEVELS
from assay.library.search_tree import (
    Either,
    Every,
    Near,
    Node,
    Without,
    Words,
    either,
    find_wanted,
    parts_of,
)

MOST_RANKED = 50
"""Words that a * stands for, the most frequent first, that records are ranked by."""

MOST_CONTINUED = 50
"""Words that the * of a phrase stands for, up to which each is looked up: tantivy's
search by a pattern takes 0.2 ms a word, field and part of the index before it begins,
which for fifty phrases was 50 to 200 ms."""

FEWEST_LETTERS = 4
"""Letters before a * from which on its words are counted: the words in "a" took 12 ms
a field."""

_STEMMER = (
    TextAnalyzerBuilder(Tokenizer.simple())
    .filter(Filter.remove_long(40))
    .filter(Filter.lowercase())
    .filter(Filter.stemmer("english"))
    .build()
)
"""What tantivy itself does to a field with its tokenizer en_stem."""


def compile_tree(
    node: Node,
    schema: Schema,
    searcher: Searcher,
    boost: Iterable[Words] = (),
    stems: Sequence[str] = (),
) -> Query:
    """Return a search that finds what the tree asks for, ranked by its words.

    `boost` only ranks. What stands behind a NOT does not rank. With `stems` these alone
    rank (`index_wide.choose_stems`).
    """
    asked = _narrowed(node, schema, searcher)
    found = Query.const_score_query(shared_filter(asked), 0.0)
    words = [leaf for leaf in find_wanted(node) if isinstance(leaf, Words | Near)]
    each = stems or dict.fromkeys(
        stem for leaf in (*words, *boost) for stem in _stems(leaf, searcher)
    )
    ranks = [(Occur.Should, Query.term_query(schema, STEMS, stem)) for stem in each]
    return Query.boolean_query([(Occur.Must, found), *ranks])


def _narrowed(node: Node, schema: Schema, searcher: Searcher) -> Node:
    """Return a tree that finds the same in this index and asks for less.

    Many words are near each other only where all pairs are: a field is looked through
    in 3 ms, for each way to stand; that no record has all pairs is found out in 0.1.
    """
    match node:
        case Near() if len(node.words) > 2:
            fields = LEVELS.get(node.field, (node.field,))
            held = (f for f in fields if _has_pairs(node, f, schema, searcher))
            return either(tuple(node._replace(field=field) for field in held))
        case Words() if node.prefix and len(node.words) > 1:
            return either(tuple(_continued(node, searcher)))
        case Either():
            left = without_covered(node.parts)
            return Either(tuple(_narrowed(part, schema, searcher) for part in left))
        case Every():
            return Every(tuple(_narrowed(p, schema, searcher) for p in node.parts))
        case Without():
            wanted, unwanted = (_narrowed(p, schema, searcher) for p in parts_of(node))
            return Without(wanted, unwanted)
        case _:
            return node


def _continued(phrase: Words, searcher: Searcher) -> Iterator[Words]:
    """Yield the phrases that one may go on to in this index, as far as they are few."""
    *first, letters = phrase.words
    for field in LEVELS.get(phrase.field, (phrase.field,)):
        known: list[tuple[str, int]] = []
        if few := len(letters) >= FEWEST_LETTERS:
            known = searcher.terms_with_prefix(field, letters, limit=MOST_CONTINUED + 1)
            few = len(known) <= MOST_CONTINUED
        if few:
            yield from (Words(field, (*first, word)) for word, _ in known)
        else:
            yield phrase._replace(field=field)


def _has_pairs(asked: Near, field: str, schema: Schema, searcher: Searcher) -> bool:
    """Tell whether every two of the words are near each other in a record's field."""
    between = asked.between + len(asked.words) - 2
    pairs = (Near(field, pair, between) for pair in combinations(asked.words, 2))
    every = compile_filter(Every(tuple(pairs)), schema)
    found = Query.const_score_query(every, 0.0)
    return bool(searcher.search(found, 1, count=False).hits)


def alike_query(words: Iterable[str], schema: Schema) -> Query:
    """Return a search for records with any of the words, whatever their endings.

    tantivy's BM25 has k1 = 1.2 and b = 0.75 fixed. Over SciFact's claims that gives an
    nDCG@10 of .703, and so do k1, b and a weight of the title chosen from 48 under
    cross-validation; pairs of words, short forms spelt out, weights of numbers and
    feedback (RM3) gave no more (python -m bench.quality.tune_words).
    """
    return any_stem(stems_of(words), schema)


def any_stem(stems: Iterable[str], schema: Schema) -> Query:
    """Return a search for records with any of the stems, ranked by them."""
    return any_of(Query.term_query(schema, STEMS, stem) for stem in stems)


def stems_of(words: Iterable[str]) -> tuple[str, ...]:
    """Return the stems that records are ranked by for some words, each once."""
    stems = (stem for word in words for stem in _STEMMER.analyze(word))
    return tuple(dict.fromkeys(stems))


def _stems(asked: Words | Near, searcher: Searcher) -> Iterator[str]:
    words = list(asked.words)
    if isinstance(asked, Words) and asked.prefix:
        last = words.pop()
        for field in LEVELS.get(asked.field, (asked.field,)):
            found = searcher.terms_with_prefix(field, last, limit=MOST_RANKED)
            words += [word for word, _ in found]
    for word in words:
        yield from _STEMMER.analyze(word)
