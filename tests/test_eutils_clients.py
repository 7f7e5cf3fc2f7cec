"""Programs of others against `assay serve`: Biopython, EDirect, metapub, pymed."""

import importlib
import os
import shutil
import subprocess
import urllib.request

import pytest
from Bio import Entrez, Medline

from tests.eutils_served import Client, fill_library, served
from tests.standin import invented_xml

NCBI = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("library")
    fill_library(folder)
    with served(folder) as url:
        yield url


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    """Let no client ask a proxy of this machine for what lies on it."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def entrez(address, monkeypatch):
    """Return Bio.Entrez pointed at the server, as the page on it says."""

    def ask(request):
        request.full_url = request.full_url.replace(NCBI, address)
        return urllib.request.urlopen(request)

    monkeypatch.setattr(Entrez, "urlopen", ask)
    monkeypatch.setattr(Entrez, "email", "nobody@example.org")
    monkeypatch.setattr(Entrez, "api_key", "local")
    return Entrez


# --- Biopython ------------------------------------------------------------------------


def test_biopython_searches_and_fetches_records(entrez):
    with entrez.esearch(db="pubmed", term="kratom AND sleep") as answer:
        found = entrez.read(answer)
    assert int(found["Count"]) == len(found["IdList"]) > 1
    with entrez.efetch(db="pubmed", id=found["IdList"], retmode="xml") as answer:
        articles = entrez.read(answer)["PubmedArticle"]
    pmids = [str(a["MedlineCitation"]["PMID"]) for a in articles]
    assert pmids == found["IdList"]
    assert all(a["MedlineCitation"]["Article"]["ArticleTitle"] for a in articles)


def test_biopython_fetches_a_set_of_a_session(entrez):
    with entrez.esearch(db="pubmed", term="all[sb]", usehistory="y") as answer:
        kept = entrez.read(answer)
    where = {"webenv": kept["WebEnv"], "query_key": kept["QueryKey"]}
    with entrez.efetch(db="pubmed", retmode="xml", **where) as answer:
        found = entrez.read(answer)
    articles, books = found["PubmedArticle"], found["PubmedBookArticle"]
    assert len(books) == invented_xml().count(b"<PubmedBookArticle>") == 1
    assert len(articles) + len(books) == int(kept["Count"]) == 60


def test_biopython_reads_medline_text(entrez):
    ids = "90000001,90000054"
    with entrez.efetch("pubmed", id=ids, rettype="medline", retmode="text") as answer:
        first, second = Medline.parse(answer)
    assert (first["PMID"], second["PMID"]) == ("90000001", "90000054")
    assert first["TI"]
    assert first["AB"]
    assert second["AU"] == ["Sund I Jr"]
    assert second["MH"] == ["Mitragyna/*chemistry"]


def test_biopython_posts_ids_and_reads_summaries(entrez):
    with entrez.epost("pubmed", id="90000001,90000002") as answer:
        kept = entrez.read(answer)
    where = {"webenv": kept["WebEnv"], "query_key": kept["QueryKey"]}
    with entrez.esummary(db="pubmed", **where) as answer:
        first, second = entrez.read(answer)
    assert (first["Id"], second["Id"]) == ("90000001", "90000002")
    assert first["Title"]
    assert first["ArticleIds"]["pubmed"] == ["90000001"]  # so Biopython reads it


def test_biopython_follows_links_and_asks_what_there_is(entrez):
    with entrez.elink(dbfrom="pubmed", id="90000054", cmd="neighbor") as answer:
        [found] = entrez.read(answer)
    names = [links["LinkName"] for links in found["LinkSetDb"]]
    assert names[0] == "pubmed_pubmed_refs"
    with entrez.einfo(db="pubmed") as answer:
        [info] = entrez.read(answer)["DbInfo"]
    assert info["Count"] == "60"
    with entrez.einfo() as answer:
        assert entrez.read(answer)["DbList"] == ["pubmed"]


def test_biopython_is_told_what_is_wrong(entrez):
    with (
        entrez.esearch(db="nothing", term="x") as answer,
        pytest.raises(RuntimeError, match="Invalid db name specified: nothing"),
    ):
        entrez.read(answer)


# --- EDirect --------------------------------------------------------------------------


@pytest.fixture
def edirect(address, tmp_path):
    """Return a function that runs a line of EDirect's commands in a shell."""
    for name in ("esearch", "efetch", "elink", "xtract"):
        if not shutil.which(name):
            pytest.skip(f"EDirect's {name} is not installed (ncbi-entrez-direct)")

    def run(line):
        done = subprocess.run(
            ["sh", "-c", line],
            env={
                **os.environ,
                "HOME": str(tmp_path),
                "base": address,
                "EMAIL": "n@x.org",
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        assert "FAILURE" not in done.stderr, done.stderr
        return done.stdout

    return run


def test_edirect_searches_fetches_and_extracts(edirect, address):
    said = edirect(
        'esearch -base "$base" -db pubmed -query "kratom AND sleep" | '
        'efetch -base "$base" -format xml | '
        "xtract -pattern PubmedArticle -element MedlineCitation/PMID"
    )
    assert sorted(map(int, said.split())) == sorted(Client(address).ids("kratom sleep"))


def test_edirect_fetches_from_a_set_of_a_session(edirect):
    said = edirect(
        'esearch -base "$base" -quick -db pubmed -query "lunaroot" | '
        'efetch -base "$base" -format medline'
    )
    assert said.count("PMID- 9000") > 1


def test_edirect_reads_summaries_and_follows_links(edirect):
    said = edirect(
        'efetch -base "$base" -db pubmed -id 90000001 -format docsum | '
        "xtract -pattern DocumentSummary -element Id Title"
    )
    assert said.startswith("90000001\t")
    linked = edirect(
        'elink -base "$base" -db pubmed -id 90000054 -target pubmed '
        "-name pubmed_pubmed_refs | xtract -pattern ENTREZ_DIRECT -element Id"
    )
    assert linked.split()


# --- metapub and pymed, where they are installed --------------------------------------


def test_pymed_reads_articles(address, monkeypatch):
    pytest.importorskip("requests")
    api = pytest.importorskip("pymed.api")
    monkeypatch.setattr(api, "BASE_URL", address.removesuffix("/entrez/eutils/"))
    found = list(api.PubMed(tool="x", email="n@x.org").query("kratom", max_results=5))
    assert len(found) == 5
    assert all(article.title for article in found)


def test_metapub_fetches_an_article(address, monkeypatch, tmp_path):
    pytest.importorskip("metapub")
    monkeypatch.setenv("NCBI_API_KEY", "local")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    client = importlib.import_module("metapub.ncbi_client").NCBIClient
    monkeypatch.setattr(client, "BASE_URL", address.rstrip("/"))
    fetcher = importlib.import_module("metapub").PubMedFetcher(cachedir=str(tmp_path))
    article = fetcher.article_by_pmid("90000001")
    assert article.pmid == "90000001"
    assert article.title
    assert "90000001" in fetcher.pmids_for_query("kratom", retmax=250)
