"""The fields of an index, and a record as a document of them."""

from tantivy import (
    Document,
    Filter,
    Index,
    Schema,
    SchemaBuilder,
    TextAnalyzerBuilder,
    Tokenizer,
)

from assay.library.search_fields import APART, FIELDS
from assay.library.searchable import Document as Searchable
from assay.library.searchable import ranked_words

STEMS = "stems"
"""The field that records are ranked by: the words of a record's subject, cut to their
stems. Over SciFact's claims stems gave nDCG@10 .703 where whole words gave .670."""

MOST_NEAR = 100
"""Most words between two that are near each other: values are kept that far apart."""

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
