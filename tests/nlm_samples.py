"""Invented files of PubMed's kind, with their md5 beside, as NLM gives them out."""

import gzip
import hashlib
import random

FIRST_PMID = 90_100_001


def article(pmid, version=1, words="Velora and sleep", doi=""):
    """Return an invented record as XML."""
    ids = f'<ArticleId IdType="doi">{doi}</ArticleId>' if doi else ""
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM">'
        f'<PMID Version="{version}">{pmid}</PMID>'
        '<Article PubModel="Print"><Journal><JournalIssue CitedMedium="Print">'
        "<PubDate><Year>2021</Year></PubDate></JournalIssue>"
        "<Title>Journal of Invented Results</Title></Journal>"
        f"<ArticleTitle>{words} ({pmid}, version {version})</ArticleTitle>"
        f"<Abstract><AbstractText>{words}, told at length.</AbstractText></Abstract>"
        "</Article></MedlineCitation><PubmedData><ArticleIdList>"
        f'<ArticleId IdType="pubmed">{pmid}</ArticleId>{ids}</ArticleIdList>'
        "</PubmedData></PubmedArticle>"
    )


def nlm_xml(articles, gone=()):
    """Return a file's XML: articles, then the PMIDs that are withdrawn."""
    withdrawn = "".join(f'<PMID Version="1">{pmid}</PMID>' for pmid in gone)
    deleted = f"<DeleteCitation>{withdrawn}</DeleteCitation>" if gone else ""
    head = '<?xml version="1.0" encoding="utf-8"?>\n<PubmedArticleSet>\n'
    return f"{head}{chr(10).join(articles)}\n{deleted}</PubmedArticleSet>\n".encode()


def write_nlm(folder, name, articles, gone=(), md5=True):
    """Write one of NLM's files, and its .md5; return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    content = gzip.compress(nlm_xml(articles, gone), mtime=0)
    path.write_bytes(content)
    if md5:
        write_md5(path)
    return path


def write_md5(path):
    """Write the .md5 of a file as NLM writes it."""
    digest = hashlib.md5(path.read_bytes()).hexdigest()
    path.with_name(f"{path.name}.md5").write_text(f"MD5({path.name})= {digest}\n")


def name_nlm(number, year=26):
    """Return the name of a file of NLM's."""
    return f"pubmed{year:02}n{number:04}.xml.gz"


def write_overlapping(folder, files=4, records=12, seed=0):
    """Write files in which PMIDs come again, in other versions, and are withdrawn."""
    chance = random.Random(seed)
    pmids = range(FIRST_PMID, FIRST_PMID + 2 * records)
    paths = []
    for number in range(1, files + 1):
        chosen = [chance.choice(pmids) for _ in range(records)]
        articles = [
            article(
                pmid, chance.choice((1, 1, 2)), f"Telling {number} of velora",
                f"10.99999/s{pmid - (pmid == chosen[0])}",
            )
            for pmid in chosen
        ]  # fmt: skip
        gone = [pmid for pmid in chance.sample(pmids, 3) if number > 1]
        paths.append(write_nlm(folder, name_nlm(number), articles, gone))
    return paths
