"""PubMed's field tags: which there are, and the field that each one names.

From PubMed's help page and einfo (pubmed, November 2025). Tags and fields are compared
without case, blanks and hyphens.
"""

import re

_TAGS = """
all: all, all fields
title/abstract: tiab, title/abstract
title: ti, titl, title
text word: tw, word, text word, text words
other term: ot, otrm, other term, keyword
mesh terms: mh, mesh, mesh terms
mesh major topic: majr, mj, mesh major topic
mesh subheading: sh, subh, subheading, mesh subheading
publication type: pt, ptyp, publication type
supplementary concept: nm, subs, supplementary concept, substance name
pharmacological action: pa, papx, pharmacological action, pharmacologic action
ec/rn number: rn, ecno, ec/rn number
author: au, auth, full, author
author - first: 1au, first author, first author name, author first
author - last: lastau, laut, last author, last author name, author last
author: fau, full author name, full author
author - identifier: auid, author - identifier
investigator: ir, fir, finv, investigator, full investigator name
author - corporate: cn, coln, corporate author, author - corporate
subject - personal name: ps, personal name as subject, subject - personal name
affiliation: ad, affl, affiliation
journal: ta, journal, jour
nlm unique id: jid, nlm unique id, nlmid
volume: vi, vol, volume
issue: ip, iss, issue
pagination: pg, page, pagination
language: la, lang, language
place of publication: pl, cnty, place of publication
date - publication: dp, pdat, publication date, date - publication
electronic publication date: epdat, epdt, electronic publication date
print publication date: ppdat, ppdt, print publication date
date - entry: edat, entry date, entrez date, date - entry
date - create: crdt, create date, date - create
date - mesh: mhda, mesh date, date - mesh
date - completion: dcom, cdat, completion date, date - completion
date - modification: lr, mdat, modification date, date - modification
uid: pmid, uid
article identifier: aid, doi, pid, article identifier, publisher id
location id: lid, location id
secondary source id: si, secondary source id
grants and funding: gr, grnt, grant number, grants and funding
filter: sb, filt, filter, subset
transliterated title: tt, transliterated title
conflict of interest statements: cois, conflict of interest statements
isbn: isbn
book: book
editor: ed, editor
publisher: pubn, publisher
author cluster id: aucl, author cluster id
"""


def fold_field(name: str) -> str:
    """Return a tag's or field's name in the form that is compared.

    >>> fold_field("Title / Abstract"), fold_field("Date - Entry")
    ('title/abstract', 'dateentry')
    """
    return re.sub(r"[\s-]+", "", name).lower()


FIELDS: dict[str, str] = {
    fold_field(tag): fold_field(field)
    for field, _, tags in (line.partition(":") for line in _TAGS.split("\n") if line)
    for tag in tags.split(",")
}
"""Folded tag → folded name of its field, as querytranslation writes it."""

FREE_TEXT = frozenset(
    map(fold_field, ("all", "title/abstract", "title", "text word", "other term",
                     "affiliation", "transliterated title", "author"))
)  # fmt: skip
"""Fields whose words come back as they were asked; others map them to headings."""

WITH_PROXIMITY = frozenset(map(fold_field, ("title/abstract", "title", "affiliation")))
"""Fields on which [field:~N] works."""

STOPWORDS = frozenset(
    """
    a about again all almost also although always among an and another any are as at be
    because been before being between both but by can could did do does done due during
    each either enough especially etc for found from further had has have having here
    how however i if in into is it its itself just kg km made mainly make may mg might
    ml mm most mostly must nearly neither no nor obtained of often on our overall
    perhaps pmid quite rather really regarding seem seen several should show showed
    shown shows significantly since so some such than that the their theirs them then
    there therefore these they this those through thus to upon various very was we were
    what when which while with within without would
    """.split()
)
"""Words that PubMed never searches for by themselves (help page)."""
