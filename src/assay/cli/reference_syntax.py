"""Writes the page on what a search of the library and the mirror understands."""

from collections.abc import Iterator

from assay.library.boolean import MAX_DEPTH, MAX_LETTERS, MAX_TERMS
from assay.library.search_clauses import LOOKED_THROUGH
from assay.library.search_fields import FIELDS, LEVELS
from assay.library.search_filters import ANSWERED
from assay.library.search_phrases import MAX_BETWEEN, MAX_PLACES
from assay.library.search_tree import STAR
from assay.query import fields
from assay.query.clauses import MIN_STEM
from assay.query.parse import MAX_DEPTH as MAX_PARENTHESES

SHOWN_TAGS = 2
"""Names of a tag that are shown; PubMed has up to five for one."""

_PAGE = """\
# What a search at hand understands

`assay search --library QUERY` asks the library, and the mirror of PubMed where there is
one; so does a program that asks `assay serve --eutils`. The syntax is PubMed's own (its
help page, and NCBI's E-utilities). What no record can answer is left out and named with
the result; it is never passed over in silence.

## Combining

- AND, OR and NOT in capitals (`&` and `|` too), read from left to right: `a OR b AND c`
  is `(a OR b) AND c`. Parts side by side are joined by AND. Parentheses group.
- Words without a tag are looked for in all fields, each by itself; stopwords are passed
  over, and so are `and`, `or` and `not` in small letters. A run of PMIDs finds each of
  them; a DOI or a PMCID is found as it stands.
- A tag in brackets binds to the term before it.

## Words

- Words are runs of letters and digits. Case, accents and signs do not count: `Müller`
  is `muller`, `Sørensen` is `sorensen`, and `7-OH` is the phrase `7 oh`. Greek letters
  are their names: `β-carotene` is `beta carotene`, and `μ-opioid` is `mu opioid`.
- Words in quotes, words with a tag, and words joined by a hyphen are a phrase: they
  stand side by side, inside one title, one section of an abstract, one keyword. PubMed
  looks phrases up in a list of its own and takes those that it lacks for single words;
  here every phrase is looked for as it stands.
- A `*` at the end of a word lets it go on, after {stem} letters or more, in a phrase
  too: `"sleep laten*"`. All continuations count. A term with a `*` explodes no heading.
- `"green tea"[tiab:~3]` finds the words in any order with at most 3 others between the
  first and the last of them, in one value (also `[ti:~N]`, `[ad:~N]`). Two words may
  have up to {between} others between them; of more words each way to stand is looked
  for, {places:,} of them at most: 24 others for three words, 5 for four, 2 for five.
- Nothing is mapped to headings and nothing is corrected: `insomnia` looks for the word,
  `insomnia[mh]` for the heading. PubMed's automatic term mapping would look for both.

## Headings

- `[mh]`, `[majr]`, `[sh]` and `[pt]` find what is below a heading too; `[mh:noexp]` and
  the like do not. Other names of a heading find it. `sleep/drug effects[mh]` and
  `sleep/de[mh]` ask for a heading with a subheading; both explode.
- `assay library mesh FILE` keeps NLM's own headings for this (desc2026.xml, and
  qual2026.xml for subheadings). Without it the headings that ship are used: diseases
  with their trees, and other names of medicines. Subheadings and publication types then
  do not explode.
- How many narrower headings were looked for stands in the search's log.

## Names

- `roe j[au]` finds Roe J and Roe JK; `"roe j"[au]` finds Roe J alone; `roe[au]` any
  Roe, and `"de la roe"[au]` any de la Roe. `roe, jane[au]` and `jane roe[au]` find her
  by the names that the record gives.
- A last name of two parts is found by its first alone, and may look like initials:
  `roe[au]` and `roe h[au]` find Roe-Holm A too.

## Days

- `2021[dp]`, `2021/03[dp]`, `2021/03/14[dp]`, spans such as `2019:2021/06[dp]` (3000
  for no end), and `"last 5 years"[dp]`. A date without a month counts as 1 January, one
  without a day as the first of its month, as at PubMed.
- An electronic date after the print date is found by spans only, as at PubMed.
- `[edat]`, `[crdt]`, `[mhda]` are the days on which PubMed took the record in, made it,
  and gave it headings.

## Order

- Hits stand by relevance: by how often the search's words, cut to their stems, stand in
  title, abstract, keywords and headings, and how rare they are (BM25). Equal ones, and
  searches without words, stand newest first.
- Of an OR of more than 15 words over more than 100,000 records of the mirror, the 15
  rarest rank. What is found and its number do not depend on it.
- Copies that a later file has replaced count for how rare a word is until they are
  cleared away in passing. So two mirrors of the same files, loaded in another order,
  may differ in the order of nearly equal hits; never in what they find.

## Tags

| tag | looks through |
|---|---|
{tags}

## Filters

With `[sb]` or `[filter]`; those without a blank that begin with "has" also untagged:
{filters}. So do `all`, `humans`, `animals`, `male`, `female`, the names of languages
(`english[filter]`), and the commonest publication types (`review[filter]`).
`free full text` is passed by records with a PMCID or a known open copy.

No record says: pharmacological action `[pa]`, author cluster `[aucl]`, `systematic[sb]`
and the other filters that PubMed makes of long searches.

## Limits

A search with more than {letters:,} letters, more than {terms:,} terms (exploded
headings not counted; a word with a `*` counts for {star}), parentheses more than
{parentheses} deep, or AND and OR alternating more than {depth} times is not made; the
result says so. A `*` that would stand for every word is not read as one: it needs
{stem} letters.

## The fields of the indexes

Library and mirror are indexed alike. *words*: word by word. *values*: whole values,
compared letter by letter. *numbers*: days are numbers such as 20210314.

| field | kind | of a record |
|---|---|---|
{fields}
"""


def render_syntax() -> str:
    """Return the page as Markdown.

    >>> "| `[ti]`, `[titl]` | title |" in render_syntax()
    True
    """
    return _PAGE.format(
        stem=MIN_STEM,
        between=MAX_BETWEEN,
        places=MAX_PLACES,
        tags="\n".join(_tags()),
        filters=", ".join(f"`{name}`" for name in sorted(ANSWERED)),
        letters=MAX_LETTERS,
        star=STAR,
        terms=MAX_TERMS,
        parentheses=MAX_PARENTHESES,
        depth=MAX_DEPTH,
        fields="\n".join(
            f"| `{name}` | {field.kind} | {field.what} |"
            for name, field in FIELDS.items()
        ),
    )


def _tags() -> Iterator[str]:
    """Yield a row for each of PubMed's tags that is answered, in PubMed's order."""
    named: dict[str, list[str]] = {}
    for tag, field in fields.FIELDS.items():
        named.setdefault(field, []).append(tag)
    for field, tags in named.items():
        if level := LOOKED_THROUGH.get(field):
            shown = ", ".join(f"`[{tag}]`" for tag in tags[:SHOWN_TAGS])
            yield f"| {shown} | {_what(level)} |"


def _what(level: str) -> str:
    names = LEVELS.get(level, (level,))
    return "; ".join(FIELDS[name].what for name in names)
