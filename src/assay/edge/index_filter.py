"""What a search lets in, as tantivy's own query objects; the scores mean nothing.

A person's words are never tantivy's syntax.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import accumulate, permutations

from tantivy import FieldType, Occur, Query, Schema

from assay.edge.index_schema import make_schema
from assay.library.search_fields import FIELDS, LEVELS, NUMBER_FIELDS
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
    parts_of,
)

MOST_TERMS = 2_000
"""Values that are looked up one by one; more of them as a set. With 1,000 numbers one
by one took 1.4 ms and as a set 26 ms, with 10,000 it was 75 and 35 ms."""

DAYS = frozenset(name for name in NUMBER_FIELDS if FIELDS[name].fast) - {"pmid"}
"""Fields of numbers of which there are few, each in many records."""


@cache
def _own_schema() -> Schema:
    return make_schema()


@lru_cache(2)
def shared_filter(node: Node) -> Query:
    """Return what a tree asks for, made once for library and mirror.

    A query knows fields by their numbers alone, and both indexes have the same fields
    in the same order: `index_file.FORMAT` tells when these change.
    """
    return any_of(_ways(node, _own_schema()))


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
            return any_of(_held_to(kept, span, schema) for span in parts_of(spans))
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
            return any_of(_ways(node, schema))


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


def _joined(occur: Occur, parts: Iterable[Node], schema: Schema) -> Query:
    clauses = [(occur, compile_filter(part, schema)) for part in parts]
    return Query.boolean_query(clauses) if clauses else Query.empty_query()


def any_of(queries: Iterable[Query]) -> Query:
    """Return a search for what any of some searches finds."""
    clauses = [(Occur.Should, query) for query in queries]
    if len(clauses) == 1:
        return clauses[0][1]
    return Query.boolean_query(clauses) if clauses else Query.empty_query()


def _in_field(asked: Words | Near, field: str, schema: Schema) -> Iterator[Query]:
    words = list(asked.words)
    if isinstance(asked, Near):
        yield any_of(_near_queries(asked, field, schema))
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
