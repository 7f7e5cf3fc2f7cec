"""Searches as tantivy's own query objects; a person's words are never its syntax."""

from collections.abc import Iterable

from tantivy import (
    FieldType,
    Filter,
    Occur,
    Query,
    Schema,
    SchemaBuilder,
    Searcher,
    TextAnalyzerBuilder,
    Tokenizer,
)

from assay.library.boolean import Days, Either, Every, Node, Without, Words
from assay.library.searchable import DATE_FIELDS, EXACT_FIELDS, TEXT_FIELDS

MAX_STEMS = 1000
"""Words that a * may stand for before all of them count the same in the ranking."""

STEMS = "stems"
"""The field that records are ranked by: the words of `text`, cut to their stems. Over
SciFact's claims stems gave nDCG@10 .703 where whole words gave .670."""

_STEMMER = (
    TextAnalyzerBuilder(Tokenizer.simple())
    .filter(Filter.remove_long(40))
    .filter(Filter.lowercase())
    .filter(Filter.stemmer("english"))
    .build()
)
"""What tantivy itself does to a field with its tokenizer en_stem."""


def make_schema() -> Schema:
    """Return the fields of the index."""
    builder = SchemaBuilder()
    builder.add_text_field(
        "key", stored=True, tokenizer_name="raw", index_option="basic"
    )
    for number in ("row", "seq"):
        builder.add_unsigned_field(number, indexed=True, fast=True)
    for name in TEXT_FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace")
    builder.add_text_field(STEMS, tokenizer_name="en_stem", index_option="freq")
    for name in EXACT_FIELDS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in DATE_FIELDS:
        builder.add_unsigned_field(name, indexed=True, fast=True)
    return builder.build()


def compile_tree(
    node: Node, schema: Schema, searcher: Searcher, boost: Iterable[Words] = ()
) -> Query:
    """Return a search that finds what the tree asks for; `boost` only ranks."""

    def made(node: Node) -> Query:
        match node:
            case Words():
                return _words_query(node, schema, searcher)
            case Days():
                return Query.range_query(
                    schema, node.field, FieldType.Unsigned, node.first, node.last
                )
            case Every():
                return _joined([(Occur.Must, made(part)) for part in node.parts])
            case Either():
                return _joined([(Occur.Should, made(part)) for part in node.parts])
            case Without():
                return _joined(
                    [(Occur.Must, made(node.left)), (Occur.MustNot, made(node.right))]
                )

    query = made(node)
    wished = [(Occur.Should, _words_query(w, schema, searcher)) for w in boost]
    return _joined([(Occur.Must, query), *wished]) if wished else query


def alike_query(words: Iterable[str], schema: Schema) -> Query:
    """Return a search for records with any of the words, whatever their endings.

    tantivy's BM25 has k1 = 1.2 and b = 0.75 fixed. Over SciFact's claims that gives an
    nDCG@10 of .703, and so do k1, b and a weight of the title chosen from 48 under
    cross-validation; pairs of words, short forms spelt out, weights of numbers and
    feedback (RM3) gave no more (python -m bench.quality.tune_words).
    """
    stems = dict.fromkeys(stem for word in words for stem in _STEMMER.analyze(word))
    terms = [Query.term_query(schema, STEMS, stem) for stem in stems]
    return _joined([(Occur.Should, term) for term in terms])


def _joined(clauses: list[tuple[Occur, Query]]) -> Query:
    return Query.boolean_query(clauses) if clauses else Query.empty_query()


def _words_query(asked: Words, schema: Schema, searcher: Searcher) -> Query:
    field, words = asked.field, asked.words
    if field in EXACT_FIELDS:
        return _exact_query(asked, schema)
    if len(words) == 1:
        if asked.prefix:
            return _stem_query(field, words[0], schema, searcher)
        return Query.term_query(schema, field, words[0])
    if asked.prefix:
        # not phrase_prefix_query: it silently stops at 50 continuations
        open_end: list[str | tuple[int, str]] = [*words[:-1], f"{words[-1]}.*"]
        return Query.regex_phrase_query(schema, field, open_end)
    return Query.phrase_query(schema, field, list(words))


def _stem_query(field: str, stem: str, schema: Schema, searcher: Searcher) -> Query:
    """Return a search for every word that begins so, each ranked by its own rarity."""
    words = searcher.terms_with_prefix(field, stem, limit=MAX_STEMS + 1)
    if len(words) > MAX_STEMS:
        return Query.regex_query(schema, field, f"{stem}.*")
    terms = [Query.term_query(schema, field, word) for word, _ in words]
    return _joined([(Occur.Should, term) for term in terms])


def _exact_query(asked: Words, schema: Schema) -> Query:
    value = " ".join(asked.words)
    if asked.field == "author" and not asked.prefix:
        # PubMed lets initials go on: "smith k" finds "smith ke"
        pattern = f"{value}.*" if len(asked.words) > 1 else f"{value}( .*)?"
        return Query.regex_query(schema, asked.field, pattern)
    if asked.prefix:
        return Query.regex_query(schema, asked.field, f"{value}.*")
    return Query.term_query(schema, asked.field, value)
