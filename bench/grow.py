"""PubMed files of any size, made of real ones: as many records as are asked for.

    python -m bench.grow N FOLDER [--seed S] [--real FOLDER] [--jobs 1]
    python -m bench.grow --curve FILE.xml.gz ...

Writes N records to FOLDER as pubmed99n0001.xml.gz and on, each with its .md5 as NLM
writes it. They are made of the records of two of NLM's files (pubmed20n0014 and
pubmed21n1298, 50,788 in all), in an order shuffled by the seed and the same in every
round: a round gives each of them once, so that any beginning holds the same mixture.
The same N, seed and real files give the same bytes; a smaller N gives the beginning.

What each copy has of its own:

- Its PMID, counted from 90000001. References to a record of the files name its copy
  of the same round; references to any other PMID name one of them too, always the
  same one, so that "cited by" has something to find. A last round that is not whole
  leaves some without their record, as in PubMed.
- Its DOI, PMCID, pii and manuscript id: the real one with the round's number behind
  it, everywhere they stand, in references too.
- Its dates: from the second round on, all years but that of the last revision are
  moved by the same multiple of 4 (so that 29 February stays a day), drawn among those
  that keep them between 1948 and 2021.
- Its words: from the second round on, in titles and abstracts, one word of 33 is
  exchanged for a made one, and one of 33 changes its place with another of the text.

How the vocabulary grows. In the real files, shuffled, V different words (letters and
digits, lower case, titles and abstracts) stand among T:

    records       1,000   2,000    5,000    10,000    20,000    40,000    50,788
    words T     134,534 269,969  678,598 1,368,322 2,719,532 5,435,934 6,901,605
    different V  14,315  21,389   34,742    50,170    72,324   104,688   119,443

From 10,000 on that is Heaps' law with the exponent 0.54 (0.53 to 0.56 between
neighbours). The made words go on with it: when T words have been written, the number
of made ones begun is what V(T) = V(real) x (T / T(real)) ** 0.54 has beyond V(real).
The others are drawn from those begun, earlier ones more often. In real text 2.2 % of
the words of the second half do not stand in the first: hence one of 33. A made word
begins with four letters of a real one, so that truncated words spread as they do.

What this is not: copies of a record share most of their sentences, so a search finds
a record's copies together, twenty times as many in a million; real new records would
speak of something else. The MeSH headings, journals and authors do not grow.
"""

import argparse
import gzip
import hashlib
import math
import os
import re
import sys
import zlib
from concurrent.futures import ProcessPoolExecutor
from itertools import accumulate
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import NamedTuple

FIRST_PMID = 90_000_001
EXPONENT = 0.54
"""Of Heaps' law, by words; measured, see above."""
ONE_OF = 33
"""Words of which one is made, and one changes its place."""
FIRST_YEAR, LAST_YEAR = 1948, 2021
EACH = 30_000
"""Records in a file, as in NLM's."""

HEAD = (
    b'<?xml version="1.0" encoding="utf-8"?>\n'
    b'<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2019'
    b'//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_190101.dtd">\n'
    b"<PubmedArticleSet>\n"
)
RECORD = re.compile(rb"<PubmedArticle>.*?</PubmedArticle>", re.DOTALL)
OWN = re.compile(rb"<PMID[^>]*>(\d+)")
SLOT = re.compile(
    rb"""<DateRevised>.*?</DateRevised>
    | <PMID\ Version="\d+">(?P<pmid>\d+)
    | <ArticleId\ IdType="pubmed">(?P<cited>\d+)
    | <ArticleId\ IdType="(?:doi|pii|mid)">(?P<mark>[^<]+)
    | <ELocationID\ [^>]*>(?P<place>[^<]+)
    | <ArticleId\ IdType="pmc(?:id)?">[^<]*?(?P<pmc>PMC\d{1,7})(?!\d)
    | <Year>(?P<year>\d{4})(?=<)
    | <MedlineDate>(?P<span>[^<]+)
    | <ArticleTitle[^>]*(?<!/)>(?P<title>.+?)(?=</ArticleTitle>)
    | <AbstractText[^>]*(?<!/)>(?P<text>.+?)(?=</AbstractText>)""",
    re.VERBOSE | re.DOTALL,
)
YEAR = re.compile(rb"(?:19|20)\d\d")
WORD = re.compile(r"\w+")
TAG = re.compile(rb"<[^>]*>")
READ_TEXT = re.compile(
    rb"<(?:ArticleTitle|AbstractText)\b[^>]*>(.*?)</(?:ArticleTitle|AbstractText)>",
    re.DOTALL,
)
SYLLABLES = tuple(bytes((a, b)) for a in b"bcdfghklmnprstvxz" for b in b"aeiouy")
ENDINGS = (b"in", b"ase", b"ol", b"osis", b"ide", b"ate", b"an", b"ine", b"oma", b"ia")


class Template(NamedTuple):
    """A real record, cut where its copies differ."""

    parts: list[bytes]
    own: list[int]
    """Parts that are the record's own PMID."""
    cited: list[tuple[int, int]]
    """Parts that are another's PMID, and which record's copy they name."""
    marks: list[int]
    """Parts that end in an identifier to which the round is added."""
    pmcs: list[int]
    years: list[int]
    texts: list[int]
    shifts: range
    """By how many years its dates may be moved."""


class Source(NamedTuple):
    """All that the copies are made of."""

    templates: list[Template]
    """In the order of a round."""
    words: list[int]
    """Words of titles and abstracts before each record, and of all."""
    vocabulary: int
    """Different words in all."""
    heads: list[bytes]
    """The beginnings of made words, each once."""


def read_source(folder: Path, seed: int) -> Source:
    """Return the real files' records as templates, in the order of a seed."""
    found = []
    for path in sorted(folder.glob("pubmed*n*.xml.gz")):
        found += RECORD.findall(gzip.decompress(path.read_bytes()))
    if not found:
        raise SystemExit(f"{folder} holds no file of PubMed's; give it with --real.")
    Random(seed).shuffle(found)
    rank = {OWN.search(xml)[1]: at for at, xml in enumerate(found)}
    kept = {}
    templates, counts, vocabulary = [], [], set()
    for xml in found:
        templates.append(cut(xml, rank, len(found), kept))
        words = read_words(xml)
        counts.append(len(words))
        vocabulary.update(words)
    heads = {w[:4] for w in vocabulary if len(w) > 6 and w.isascii() and w.isalpha()}
    return Source(
        templates,
        [0, *accumulate(counts)],
        len(vocabulary),
        [head.encode() for head in sorted(heads)],
    )


def read_words(xml: bytes) -> list[str]:
    """Return the words of a record's titles and abstracts, in lower case."""
    text = b" ".join(READ_TEXT.findall(xml))
    return WORD.findall(TAG.sub(b" ", text).decode().lower())


def cut(xml: bytes, rank: dict[bytes, int], round_: int, kept: dict) -> Template:
    """Return a record as a template.

    Args:
        xml: the record.
        rank: PMID → which record of a round it is.
        round_: records in a round.
        kept: parts met before, so that equal ones are held once.
    """
    own = OWN.search(xml)[1]
    parts, at = [], 0
    template = Template(parts, [], [], [], [], [], [], range(0))
    years = []
    for found in SLOT.finditer(xml):
        kind = found.lastgroup
        if kind is None:
            continue
        start, end = found.span(kind)
        value = found[kind]
        parts.append(kept.setdefault(xml[at:start], xml[at:start]))
        place = len(parts)
        if kind in ("pmid", "cited"):
            if value == own:
                template.own.append(place)
            else:
                wanted = rank.get(value, int(value) % round_)
                template.cited.append((place, wanted))
        elif kind in ("mark", "place"):
            template.marks.append(place)
        elif kind == "pmc":
            template.pmcs.append(place)
        elif kind in ("year", "span"):
            template.years.append(place)
            years += map(int, YEAR.findall(value))
        else:
            template.texts.append(place)
        parts.append(value)
        at = end
    parts.append(kept.setdefault(xml[at:], xml[at:]))
    return template._replace(shifts=find_shifts(years))


def find_shifts(years: list[int]) -> range:
    """Return by what years may be moved: multiples of 4 that keep them in bounds."""
    if not years:
        return range(0, 1)
    back = max(0, (min(years) - FIRST_YEAR) // 4)
    on = max(0, (LAST_YEAR - max(years)) // 4)
    return range(-4 * back, 4 * on + 1, 4)


def made_word(number: int, heads: list[bytes]) -> bytes:
    """Return the made word of a number; no two numbers give the same.

    Four letters of a real word, syllables that spell the number, and an ending.
    """
    rest, head = divmod(number, len(heads))
    end = ENDINGS[number % len(ENDINGS)]
    middle = b"x"
    while True:
        rest, at = divmod(rest, len(SYLLABLES))
        middle += SYLLABLES[at]
        if not rest:
            return heads[head] + middle + end


def begun(source: Source, words: int) -> int:
    """Return how many made words have been begun when so many words are written."""
    real = source.words[-1]
    if words <= real:
        return 0
    return int(source.vocabulary * ((words / real) ** EXPONENT - 1))


def change_words(text: bytes, random, first: int, last: int, heads) -> bytes:
    """Return a text with one word of 33 made and one of 33 elsewhere.

    Args:
        text: words and mark-up; only what consists of letters alone is touched.
        random: gives numbers from 0 to 1.
        first: the made words begun before.
        last: the same behind this text: the new ones all stand in it, if it is long
            enough.
    """
    words = text.split(b" ")
    count = len(words)
    expected = count / ONE_OF
    wanted = int(expected + random())
    fresh = iter(range(first, last))
    for _ in range(max(wanted, last - first)):
        at = int(random() * count)
        if not words[at].isalpha():
            at = next((i for i in range(count) if words[i].isalpha()), -1)
            if at < 0:
                break
        number = next(fresh, None)
        if number is None:
            if not first:
                break
            number = int(first * random() ** 2)
        words[at] = made_word(number, heads)
    for _ in range(int(expected + random())):
        one, other = int(random() * count), int(random() * count)
        if words[one].isalpha() and words[other].isalpha():
            words[one], words[other] = words[other], words[one]
    return b" ".join(words)


def make_record(source: Source, number: int, random) -> bytes:
    """Return a record by its number, from 0; its bytes are a PubmedArticle element."""
    round_, at = divmod(number, len(source.templates))
    template = source.templates[at]
    parts = template.parts[:]
    for place in template.own:
        parts[place] = b"%d" % (FIRST_PMID + number)
    start = FIRST_PMID + round_ * len(source.templates)
    for place, cited in template.cited:
        parts[place] = b"%d" % (start + cited)
    for place in template.marks:
        parts[place] += b".g%d" % round_
    for place in template.pmcs:
        parts[place] += b"%03d" % round_
    if not round_:
        return b"".join(parts)
    shift = template.shifts[int(random() * len(template.shifts))]
    for place in template.years:
        parts[place] = YEAR.sub(lambda y: b"%d" % (int(y[0]) + shift), parts[place])
    written = round_ * source.words[-1] + source.words[at]
    total = source.words[at + 1] - source.words[at]
    first, last = begun(source, written), begun(source, written + total)
    for place in reversed(template.texts):
        share = math.ceil((last - first) * len(parts[place]) / 6 / (total or 1))
        upto = last if place == template.texts[0] else min(last, first + share)
        parts[place] = change_words(parts[place], random, first, upto, source.heads)
        first = upto
    return b"".join(parts)


def write_file(source: Source, folder: Path, number: int, count: int, seed: int):
    """Write a file by its number, from 1, of so many records, and its .md5."""
    random = Random(f"{seed} {number}").random
    name = f"pubmed99n{number:04}.xml.gz"
    packer = zlib.compressobj(1, wbits=31)
    first = (number - 1) * EACH
    with (folder / f"{name}.part").open("wb") as file:
        digest = hashlib.md5(usedforsecurity=False)

        def put(data: bytes) -> None:
            digest.update(data)
            file.write(data)

        put(packer.compress(HEAD))
        for at in range(first, first + count):
            record = make_record(source, at, random)
            put(packer.compress(b"  " + record + b"\n"))
        put(packer.compress(b"</PubmedArticleSet>\n") + packer.flush())
    (folder / f"{name}.part").replace(folder / name)
    (folder / f"{name}.md5").write_text(f"MD5({name})= {digest.hexdigest()}\n")
    return name


HELD: list[Source] = []
"""The source that processes made by fork share: it is too large to be sent."""


def write_one(folder: Path, number: int, count: int, seed: int) -> str:
    """Write a file with the source that this process was forked with."""
    return write_file(HELD[0], folder, number, count, seed)


def grow(records: int, folder: Path, *, real: Path, seed: int = 1, jobs: int = 1):
    """Write so many records to a folder; return the files' names."""
    folder.mkdir(parents=True, exist_ok=True)
    HELD[:] = [read_source(real, seed)]
    counts = [min(EACH, records - first) for first in range(0, records, EACH)]
    work = [(folder, at, count, seed) for at, count in enumerate(counts, start=1)]
    if jobs < 2:
        return [write_one(*part) for part in work]
    with ProcessPoolExecutor(jobs, mp_context=get_context("fork")) as pool:
        return list(pool.map(write_one, *zip(*work, strict=True)))


def find_curve(paths: list[Path], steps: list[int]):
    """Yield (records, words, different words) at each of so many records of files."""
    seen: set[str] = set()
    words = records = 0
    for path in paths:
        for xml in RECORD.findall(gzip.decompress(path.read_bytes())):
            found = read_words(xml)
            records, words = records + 1, words + len(found)
            seen.update(found)
            if records in steps:
                yield records, words, len(seen)
    yield records, words, len(seen)


def main() -> None:
    """Make files, or print how the vocabulary of files grows."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("records", type=int, nargs="?")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--real", type=Path, default=os.environ.get("ASSAY_NLM"))
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--curve", type=Path, nargs="+", metavar="FILE")
    options = parser.parse_args()
    if options.curve:
        steps = [n * 10**k for k in range(3, 9) for n in (1, 2, 5)]
        for row in find_curve(options.curve, steps):
            print(f"{row[0]:>10,} records {row[1]:>13,} words {row[2]:>9,} different")
        return
    if options.folder is None or options.real is None:
        parser.error("give N, FOLDER and --real FOLDER (or $ASSAY_NLM)")
    names = grow(
        options.records,
        options.folder,
        real=options.real,
        seed=options.seed,
        jobs=options.jobs,
    )
    print(f"{options.records} records in {len(names)} files", file=sys.stderr)


if __name__ == "__main__":
    main()
