"""The network path and the library give the same verdicts on the same records.

One workspace asks the stand-in over a real socket; the other is given the very records
of the stand-in as a file and asks nobody.
"""

import json

import pytest

from assay.cli import main
from tests.conftest import SHARED
from tests.standin import invented_xml, serve

pytestmark = pytest.mark.usefixtures("with_notices")

ARTICLE = """# Valerian, melatonin and lunaroot for better nights

Valerian improves sleep quality. Melatonin helps people fall asleep faster, and
magnesium reduces night-time awakenings in older adults. Kratom relieves opioid
withdrawal symptoms, but kratom can cause liver injury. Lunaroot cures insomnia.
Kratom improves sleep quality. Chamomile reduces anxiety. Regular kratom use can lead
to dependence. Mitragynine acts on opioid receptors in the brain.
"""


@pytest.fixture
def check(capsys, monkeypatch, tmp_path):
    """Return a function that checks an article in a workspace: (status, report)."""
    monkeypatch.setenv("NCBI_API_KEY", "k3y-of-nobody-at-all")  # the faster pace

    def run(workspace, article, *words):
        folder = tmp_path / workspace
        folder.mkdir(exist_ok=True)
        path = tmp_path / "article.md"
        path.write_text(article, encoding="utf-8")
        status = main(
            ["--workspace", str(folder), "check", str(path), "--json", *words]
        )
        return status, json.loads(capsys.readouterr().out)

    return run


def answers(report):
    """Return what a report says of each claim, and by which sentences."""
    return [
        (
            claim["claim"],
            claim["verdict"],
            sorted(
                (e["sentence"], e["stance"], str(e["record"]["pmid"]), e["weight"])
                for e in claim["evidence"]
                if e["stance"] != "neutral"
            ),
        )
        for claim in report["claims"]
    ]


def both_ways(check, monkeypatch, tmp_path, capsys, article):
    """Check an article over the network, then from the same records as a file."""
    with serve() as server:
        monkeypatch.setenv("ASSAY_EUTILS", server.url)
        status, online = check("online", article)
    assert status == 0
    assert online["searched"]
    records = tmp_path / "records.xml"
    records.write_bytes(invented_xml())
    (tmp_path / "library").mkdir()
    main(["--workspace", str(tmp_path / "library"), "library", "add", str(records)])
    capsys.readouterr()
    status, offline = check("library", article, "--offline")
    assert status == 0
    return answers(online), answers(offline)


def test_an_article_gets_the_same_verdicts_online_and_from_the_library(
    check, monkeypatch, tmp_path, capsys
):
    online, offline = both_ways(check, monkeypatch, tmp_path, capsys, ARTICLE)
    assert online == offline
    labels = {verdict["label"] for _, verdict, _ in online}
    assert {"supported", "insufficient"} <= labels  # or nothing was compared


def test_a_seed_article_gets_the_same_verdicts_online_and_from_the_library(
    check, monkeypatch, tmp_path, capsys, shared
):
    [path] = (SHARED / "data/articles").glob("000_*")
    article = path.read_text(encoding="utf-8")
    online, offline = both_ways(check, monkeypatch, tmp_path, capsys, article)
    assert online == offline
    assert len(online) > 20
