"""Invented claims and studies, and short ways to read and judge them in tests."""

from functools import cache

from assay.claims.find import find_claims
from assay.claims.topics import widen
from assay.claims.vocabulary import parse_vocabulary
from assay.edge.packaged import read_packaged_text
from assay.evidence.reading import read_record
from assay.evidence.stance import judge_line
from assay.model import Article, Block
from assay.record import Record, Section
from assay.text import split_sentences


@cache
def shipped():
    """Return the vocabulary that ships."""
    return parse_vocabulary(read_packaged_text("vocabulary.toml"))


def article(text, title=""):
    """Return an article of one paragraph a line."""
    blocks, at = [], 0
    for line in text.split("\n"):
        blocks.append(Block("paragraph", at, at + len(line)))
        at += len(line) + 1
    return Article(
        name="sample.txt",
        title=title,
        text=text,
        blocks=tuple(blocks),
        sentences=split_sentences(text),
    )


def claims(text, title=""):
    """Return the claims of a text, read with words for what it alone names."""
    read = article(text, title)
    return find_claims(read, widen(shipped(), read))


def texts(text, title=""):
    return [c.text for c in claims(text, title)]


def claim(text, title=""):
    """Return the one claim of a text."""
    (only,) = claims(text, title)
    return only


def keys(terms):
    return [t.concept for t in terms]


def record(*sentences, title="", category="", pmid="90000001", **more):
    """Return an invented record with an abstract."""
    abstract = (Section(" ".join(sentences), "", category),) if sentences else ()
    return Record(
        source="pubmed",
        pmid=pmid,
        title=title,
        abstract=abstract,
        journal="Journal of Invented Results",
        year=2021,
        **more,
    )


def study(*sentences, words=None, **more):
    return read_record(record(*sentences, **more), words or shipped())


def judge(text, sentence, *, title="", **more):
    """Return what one sentence of an invented study says about a claim's text."""
    read = article(text)
    words = widen(shipped(), read)
    asked = find_claims(read, words)[0]
    whole = study(sentence, title=title, words=words, **more)
    return judge_line(asked, whole.lines[-1], whole, words)


def told(text, sentence, **more):
    """Return (stance, rule) of one sentence about a claim's text."""
    judged = judge(text, sentence, **more)
    return judged.stance.value, judged.rule
