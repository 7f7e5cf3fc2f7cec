"""Checks an article with the models' numbers moved a little, as other processors do."""

from assay.claims.article import parse_article
from assay.claims.vocabulary import parse_vocabulary
from assay.edge.encoder import open_model
from assay.edge.index import open_index
from assay.edge.packaged import read_packaged_text
from assay.edge.ranking import Ranker
from assay.edge.store import open_library
from assay.edge.vectors import open_vectors
from assay.workflows import check


def find_verdicts(folder, body, name, *, ask=None, move=lambda near: near):
    """Return each claim with its verdict.

    `ask` is the reader, None for the rules alone; `move` is handed every nearness.
    """
    words = parse_vocabulary(read_packaged_text("vocabulary.toml"))
    folder.mkdir(exist_ok=True)
    with open_library(folder) as library:
        index = open_index(folder, library)
        vectors = open_vectors(folder, open_model())

        def candidates(groups):
            return [library.get(hit.key) for hit in index.find(groups)]

        def nearness(claim, texts):
            return [move(near) for near in vectors.nearness(claim, texts)]

        report = check(
            parse_article(body, name=name),
            words,
            candidates=candidates,
            ranked=Ranker(index, library.get, nearness).begin,
            ask=ask,
        )
        vectors.close()
    return [(f.claim.text, f.verdict) for f in report.findings]
