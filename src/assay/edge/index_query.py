"""Searches as tantivy's own query objects; a person's words are never its syntax.

What is found and in which order are two things: the tree only lets records in, and the
words it asks for rank them by one field, the stems. So every level of PubMed's tags can
look through several fields, and no text is indexed twice for the sake of the ranking.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import accumulate, combinations, permutations

from tantivy import (
    Document,
    FieldType,
    Filter,
    Index,
    Occur,
    Query,
    Schema,
    SchemaBuilder,
    Searcher,
    TextAnalyzerBuilder,
    Tokenizer,
)

from assay.library.search_fields import APART, FIELDS, LEVELS, NUMBER_FIELDS
from assay.library.search_tree import (
    Either,
    Every,
    Near,
    Node,
    Numbers,
    Span,
    Value,
    Without,
    Words,
    either,
    find_wanted,
    parts_of,
)
from assay.library.searchable import Document as Searchable
from assay.library.searchable import ranked_words

STEMS = "stems"
"""The field that records are ranked by: the words of a record's subject, cut to their
stems. Over SciFact's claims stems gave nDCG@10 .703 where whole words gave .670."""

MOST_RANKED = 50
"""Words that a * stands for, the most frequent first, that records are ranked by."""

MOST_TERMS = 2_000
"""Values that are looked up one by one; more of them as a set. With 1,000 numbers one
by one took 1.4 ms and as a set 26 ms, with 10,000 it was 75 and 35 ms."""

DAYS = frozenset(name for name in NUMBER_FIELDS if FIELDS[name].fast) - {"pmid"}
"""Fields of numbers of which there are few, each in many records."""

MOST_NEAR = 100
"""Most words between two that are near each other: values are kept that far apart."""

_STEMMER = (
    TextAnalyzerBuilder(Tokenizer.simple())
    .filter(Filter.remove_long(40))
    .filter(Filter.lowercase())
    .filter(Filter.stemmer("english"))
    .build()
)
"""What tantivy itself does to a field with its tokenizer en_stem."""

_APART = "_"
"""Takes a place and is no word: no text has it (library/search_words.py)."""

_GAP = f" {_APART}" * MOST_NEAR + " "
_PARTS = "parts"

SORTED_BY = {"first_name": "first_author", "journal_name": "journal"}
"""Fields that only sort → the field whose first value they hold, if there is one."""


def make_schema() -> Schema:
    """Return the fields of an index: of the library's and of the mirror's alike."""
    builder = SchemaBuilder()
    builder.add_text_field(
        "key", stored=True, tokenizer_name="raw", index_option="basic"
    )
    for number in ("row", "seq"):
        builder.add_unsigned_field(number, indexed=True, fast=True)
    builder.add_text_field(STEMS, tokenizer_name="en_stem", index_option="freq")
    for name, field in FIELDS.items():
        if field.kind == "words":
            parted = _PARTS if name in APART else "whitespace"
            builder.add_text_field(name, tokenizer_name=parted)
        elif field.kind == "values":
            builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
        else:
            builder.add_unsigned_field(name, indexed=True, fast=field.fast)
    for name in SORTED_BY:
        builder.add_text_field(
            name, tokenizer_name="raw", index_option="basic", fast=True
        )
    return builder.build()


def register(index: Index) -> Index:
    """Return an index that knows our tokenizer, without which it is of no use."""
    parted = TextAnalyzerBuilder(Tokenizer.whitespace())
    index.register_tokenizer(
        _PARTS, parted.filter(Filter.custom_stopword([_APART])).build()
    )
    return index


def make_document(fields: Searchable, schema: Schema, **own: str | int) -> Document:
    """Return what of a record can be searched as tantivy takes it.

    Args:
        fields: from `searchable_document`.
        schema: of the index.
        own: key, row, seq: what the index itself wants to know.
    """
    parted = {n: [_GAP.join(map(str, fields[n]))] for n in APART if n in fields}
    stems = ranked_words(fields)
    sorts = {n: fields[of][:1] for n, of in SORTED_BY.items() if of in fields}
    return Document.from_dict(
        {**own, **fields, **parted, **sorts, STEMS: stems}, schema
    )


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
    """Return a tree in which many words are near each other only where all pairs are.

    A field is looked through in 3 ms, for each way to stand (`_near_queries`); that no
    record has all pairs in it is found out in 0.1.
    """
    match node:
        case Near() if len(node.words) > 2:
            fields = LEVELS.get(node.field, (node.field,))
            held = (f for f in fields if _has_pairs(node, f, schema, searcher))
            return either(tuple(node._replace(field=field) for field in held))
        case Every() | Either():
            parts = (_narrowed(part, schema, searcher) for part in node.parts)
            return type(node)(tuple(parts))
        case Without():
            left, right = (_narrowed(p, schema, searcher) for p in parts_of(node))
            return Without(left, right)
        case _:
            return node


def _has_pairs(asked: Near, field: str, schema: Schema, searcher: Searcher) -> bool:
    """Tell whether every two of the words are near each other in a record's field."""
    between = asked.between + len(asked.words) - 2
    pairs = (Near(field, pair, between) for pair in combinations(asked.words, 2))
    every = [(Occur.Must, _any(_near_queries(pair, field, schema))) for pair in pairs]
    found = Query.const_score_query(Query.boolean_query(every), 0.0)
    return bool(searcher.search(found, 1, count=False).hits)


@cache
def _own_schema() -> Schema:
    return make_schema()


@lru_cache(2)
def shared_filter(node: Node) -> Query:
    """Return what a tree asks for, made once for library and mirror.

    A query knows fields by their numbers alone, and both indexes have the same fields
    in the same order: `index_file.FORMAT` tells when these change.
    """
    return _any(_ways(node, _own_schema()))


def compile_filter(node: Node, schema: Schema) -> Query:
    """Return a search that finds what the tree asks for; the scores mean nothing."""
    match node:
        case Every() if not node.parts:
            return Query.all_query()
        case Every():
            spans = next(filter(_are_spans, node.parts), None)
            if spans is None or len(node.parts) == 1:
                return _joined(Occur.Must, node.parts, schema)
            rest = tuple(part for part in node.parts if part is not spans)
            kept = [(Occur.Must, compile_filter(part, schema)) for part in rest]
            return _any(_held_to(kept, span, schema) for span in parts_of(spans))
        case Without():
            return Query.boolean_query(
                [
                    (Occur.Must, compile_filter(node.left, schema)),
                    (Occur.MustNot, compile_filter(node.right, schema)),
                ]
            )
        case Span():
            return _span_query(node, schema)
        case _:
            return _any(_ways(node, schema))


def _ways(node: Node, schema: Schema) -> Iterator[Query]:
    """Yield searches of which any one finds what is asked for.

    All on one level: fifty words in ten fields as a union of unions were counted in 37
    ms among a million records, as one union in 20.
    """
    match node:
        case Either():
            for part in node.parts:
                yield from _ways(part, schema)
        case Words() | Near():
            for field in LEVELS.get(node.field, (node.field,)):
                yield from _in_field(node, field, schema)
        case Value():
            yield from _value_queries(node, schema)
        case Numbers():
            yield from _one_of(node.field, node.values, schema)
        case Span():
            yield _span_query(node, schema, alone=node.field in DAYS)
        case _:
            yield compile_filter(node, schema)


def _are_spans(node: Node) -> bool:
    return isinstance(node, Either) and all(isinstance(p, Span) for p in node.parts)


def _held_to(rest: list[tuple[Occur, Query]], span: Node, schema: Schema) -> Query:
    """Return a search for the rest within one span.

    A span is looked at for the rest's records alone; several of them as one union are
    looked at for all records that there are, some 10 ms in a million.
    """
    return Query.boolean_query([*rest, (Occur.Must, compile_filter(span, schema))])


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
    return _any(Query.term_query(schema, STEMS, stem) for stem in stems)


def stems_of(words: Iterable[str]) -> tuple[str, ...]:
    """Return the stems that records are ranked by for some words, each once."""
    stems = (stem for word in words for stem in _STEMMER.analyze(word))
    return tuple(dict.fromkeys(stems))


def _joined(occur: Occur, parts: Iterable[Node], schema: Schema) -> Query:
    clauses = [(occur, compile_filter(part, schema)) for part in parts]
    return Query.boolean_query(clauses) if clauses else Query.empty_query()


def _any(queries: Iterable[Query]) -> Query:
    clauses = [(Occur.Should, query) for query in queries]
    if len(clauses) == 1:
        return clauses[0][1]
    return Query.boolean_query(clauses) if clauses else Query.empty_query()


def _in_field(asked: Words | Near, field: str, schema: Schema) -> Iterator[Query]:
    words = list(asked.words)
    if isinstance(asked, Near):
        yield _any(_near_queries(asked, field, schema))
    elif asked.prefix and len(words) == 1:
        yield _begins(field, words[0], schema)
    elif asked.prefix:
        # not phrase_prefix_query: it silently stops at 50 continuations
        open_end: list[str | tuple[int, str]] = [*words[:-1], f"{words[-1]}.*"]
        yield Query.regex_phrase_query(schema, field, open_end)
    elif len(words) == 1:
        yield Query.term_query(schema, field, words[0], "basic")
    else:
        yield Query.phrase_query(schema, field, list(words))


def _near_queries(asked: Near, field: str, schema: Schema) -> Iterator[Query]:
    """Yield what finds words near each other.

    tantivy's own slop is right for two words in either order; for more it finds some
    too many or too few (0.27). So of more each way to stand is looked for.
    """
    for order in permutations(asked.words):
        if len(order) == 2:
            yield Query.phrase_query(schema, field, list(order), asked.between)
            continue
        for gaps in _gaps(len(order) - 1, asked.between):
            places = accumulate(gaps, lambda at, gap: at + gap + 1, initial=0)
            phrase: list[str | tuple[int, str]] = [
                (place, word) for place, word in zip(places, order, strict=True)
            ]
            yield Query.phrase_query(schema, field, phrase)


def _gaps(number: int, most: int) -> Iterator[tuple[int, ...]]:
    """Yield every way to share up to `most` words among so many gaps."""
    if not number:
        yield ()
        return
    for first in range(most + 1):
        for others in _gaps(number - 1, most - first):
            yield (first, *others)


def _value_queries(asked: Value, schema: Schema) -> Iterator[Query]:
    field, values = asked.field, asked.values
    if asked.more != "letters":
        yield from _one_of(field, values, schema)
    if asked.more:
        gap = " " if asked.more == "words" else ""
        for value in values:
            yield _begins(field, f"{value}{gap}", schema)


def _span_query(asked: Span, schema: Schema, *, alone: bool = False) -> Query:
    """Return a search for a span of numbers.

    Args:
        asked: the span.
        schema: of the index.
        alone: True reads the lists of records of its numbers, which must be few: for
            three years in a million 1.2 ms where the column of all numbers takes 4.9,
            for 22 years 6.1 where it takes 13.9. False looks at the column for the
            records that everything beside it finds.
    """
    return Query.range_query(
        schema,
        asked.field,
        FieldType.Unsigned,
        asked.first,
        asked.last,
        use_inverted_index=alone,
    )


def _begins(field: str, letters: str, schema: Schema) -> Query:
    """Return a search for the words or values that begin so, however many.

    Not a regex: making its automaton takes 0.2 ms a field, this one a microsecond.
    """
    return Query.fuzzy_term_query(
        schema, field, letters, distance=0, transposition_cost_one=False, prefix=True
    )


def _one_of(field: str, values: Sequence[str | int], schema: Schema) -> Iterator[Query]:
    """Yield what finds any of some values; sets are slower up to some thousand."""
    if len(values) > MOST_TERMS:
        yield Query.term_set_query(schema, field, list(values))
        return
    for value in values:
        yield Query.const_score_query(
            Query.term_query(schema, field, value, "basic"), 0.0
        )


def _stems(asked: Words | Near, searcher: Searcher) -> Iterator[str]:
    words = list(asked.words)
    if isinstance(asked, Words) and asked.prefix:
        last = words.pop()
        for field in LEVELS.get(asked.field, (asked.field,)):
            found = searcher.terms_with_prefix(field, last, limit=MOST_RANKED)
            words += [word for word, _ in found]
    for word in words:
        yield from _STEMMER.analyze(word)
