"""Whether any letter of any title or abstract is lost, on whole PubMed files.

    python -m bench.parse_letters FILE.xml.gz ...

Every record is read twice: by assay, and by lxml's own `iterparse` with `itertext`,
white space folded. Title, vernacular title and every part of the abstract that has any
text must be the same, letter by letter, and every record must be there. Exit status 1
when not.
"""

import gzip
import itertools
import sys

from lxml import etree

from assay.record import Record
from assay.sources.pubmed_xml import iter_records


def folded(element):
    return "" if element is None else " ".join("".join(element.itertext()).split())


def expected(path):
    """Yield PMID, title, vernacular title and abstract parts of each record."""
    with gzip.open(path) as file:
        for _, article in etree.iterparse(file, tag="PubmedArticle", load_dtd=False):
            inner = article.find("MedlineCitation/Article")
            parts = map(folded, inner.iterfind("Abstract/AbstractText"))
            yield (
                article.findtext("MedlineCitation/PMID"),
                folded(inner.find("ArticleTitle")),
                folded(inner.find("VernacularTitle")),
                list(filter(None, parts)),
            )
            article.clear()
            while article.getprevious() is not None:
                del article.getparent()[0]


def read(path):
    """Yield the same as assay reads it."""
    with gzip.open(path) as file:
        for item in iter_records(iter(lambda: file.read(1 << 18), b"")):
            if isinstance(item, Record):
                parts = [section.text for section in item.abstract if section.text]
                yield item.pmid, item.title, item.vernacular_title, parts


def main(paths):
    wrong = 0
    for path in paths:
        count = letters = 0
        for theirs, ours in itertools.zip_longest(expected(path), read(path)):
            count += 1
            if theirs != ours:
                wrong += 1
                print(f"{path}: {theirs and theirs[0]} {ours and ours[0]} differ")
            else:
                letters += len(theirs[1]) + len(theirs[2]) + sum(map(len, theirs[3]))
        print(f"{path}: {count} records, {letters} letters compared, {wrong} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
