"""Whatever comes into the library, a digest says of watched claims what a check says.

Random sequences of new studies, corrected ones and notices on them: after each, the
verdicts told and kept are those of `assay check --offline`; what moved is told with the
verdict of before, and leaving a cause out gives that one again.
"""

import json
import random
import shutil

import pytest

from assay.cli import main

ARTICLE = """# At night

Kratom cures insomnia. It has been linked to liver injury in some users. Vitamin D
prevents falls in older adults. Magnesium improves sleep quality.
"""
SAID = (
    (
        "Kratom improved insomnia compared with placebo.",
        "Kratom did not improve insomnia compared with placebo.",
        "Kratom and insomnia were words of a game.",
        "Kratom improved insomnia. Later kratom did not improve insomnia.",
    ),
    (
        "Kratom use was associated with liver injury.",
        "Kratom use was not associated with liver injury.",
        "Kratom and liver injury were words of a game.",
        "Kratom use was associated with liver injury only in heavy users.",
    ),
    (
        "Vitamin D reduced falls in older adults compared with placebo.",
        "Vitamin D did not reduce falls in older adults compared with placebo.",
        "Vitamin D and falls were words of a game.",
        "Vitamin D reduced falls only in older adults with deficiency.",
    ),
    (
        "Magnesium improved sleep quality compared with placebo.",
        "Magnesium did not improve sleep quality compared with placebo.",
        "Magnesium and sleep quality were words of a game.",
        "Magnesium improved sleep quality. It worsened sleep quality later.",
    ),
)
"""For each claim of the article what studies find: for, against, nothing, both."""
DESIGNS = (
    "Randomized Controlled Trial",
    "Meta-Analysis",
    "Systematic Review",
    "Observational Study",
    "Case Reports",
    "Preprint",
    "Journal Article",
)
NOTICES = ("RetractionIn", "ExpressionOfConcernIn", "ErratumIn")
RECORD = """<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM">
<PMID Version="1">{pmid}</PMID><Article PubModel="Print"><Journal>
<JournalIssue CitedMedium="Print"><PubDate><Year>2024</Year></PubDate></JournalIssue>
<Title>Journal of Invented Results</Title></Journal><ArticleTitle>{title}</ArticleTitle>
<Abstract><AbstractText Label="METHODS">{size} adults took part.</AbstractText>
<AbstractText Label="RESULTS">{finds}</AbstractText></Abstract><AuthorList>
<Author><LastName>{author}</LastName></Author></AuthorList><PublicationTypeList>
<PublicationType UI="">{design}</PublicationType></PublicationTypeList></Article>
<CommentsCorrectionsList>{links}</CommentsCorrectionsList></MedlineCitation><PubmedData>
<ArticleIdList><ArticleId IdType="doi">{doi}</ArticleId></ArticleIdList></PubmedData>
</PubmedArticle>"""
LINK = """<CommentsCorrections RefType="{0}"><RefSource>J Invent</RefSource>
<PMID Version="1">{1}</PMID></CommentsCorrections>"""


class Studies:
    """Studies that are made up at random, and what becomes of them."""

    def __init__(self, seed):
        self.random, self.held = random.Random(seed), {}

    def change(self):
        """Change something; return the PMIDs of the records that are new or other."""
        choices = [self.add] * 4 + [self.add_twin, self.correct, self.notify]
        return self.random.choice(choices if self.held else [self.add])()

    def add(self, **given):
        pmid, claim = str(90001001 + len(self.held)), self.random.randrange(4)
        self.held[pmid] = {
            "claim": claim,
            "says": self.random.randrange(4),
            "design": self.random.choice(DESIGNS),
            "size": self.random.choice((12, 84, 484)),
            "title": f"Study {pmid} of {SAID[claim][0]}",
            "author": f"Fabel{pmid}",
            "links": (),
        } | given
        return (pmid,)

    def add_twin(self):
        """The same study under another PMID and DOI, or the article of a preprint."""
        old = self.random.choice(list(self.held))
        links = ()
        if self.held[old]["design"] == "Preprint":
            links = (("UpdateOf", old),)
        more = {"design": "Randomized Controlled Trial", "links": links}
        return self.add(**self.held[old] | more)

    def correct(self):
        pmid = self.random.choice(list(self.held))
        self.held[pmid]["says"] = self.random.randrange(4)
        return (pmid,)

    def notify(self):
        """A notice, which stays: only who is asked can take it back."""
        pmid, kind = self.random.choice(list(self.held)), self.random.choice(NOTICES)
        link = (kind, str(int(pmid) + 5_000_000 + NOTICES.index(kind)))
        self.held[pmid]["links"] = tuple({*self.held[pmid]["links"], link})
        return (pmid,)

    def same_as(self, pmid):
        """Return the PMIDs of a study: of an article also its preprint."""
        own = {name for _, name in self.held[pmid]["links"]}
        links = ((one, held["links"]) for one, held in self.held.items())
        return {pmid, *own, *(one for one, of in links if ("UpdateOf", pmid) in of)}

    def render(self, pmid):
        """Return a record as PubMed's XML."""
        held = self.held[pmid]
        return RECORD.format(
            pmid=pmid,
            finds=SAID[held["claim"]][held["says"]],
            doi=f"10.99999/s{pmid}",
            **held | {"links": "".join(LINK.format(*each) for each in held["links"])},
        )


@pytest.fixture(scope="module")
def watching(tmp_path_factory):
    """A workspace in which the article is watched."""
    root = tmp_path_factory.mktemp("sequences")
    (root / "queries").mkdir()
    (root / "night.md").write_text(ARTICLE, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        patch.delenv("ASSAY_HOME", raising=False)
        patch.setenv("XDG_DATA_HOME", str(root / "data"))
        assert main(["watch", "night.md", "--offline", "-q"]) == 0
    return root


class Workspace:
    """Runs commands in one workspace, and gives what they print as JSON."""

    def __init__(self, root, capsys, monkeypatch):
        self.root, self._capsys, self._patch = root, capsys, monkeypatch

    def __call__(self, *words):
        self._patch.chdir(self.root)
        self._capsys.readouterr()
        assert main([*words, "--json"]) == 0
        return json.loads(self._capsys.readouterr().out)

    def copy(self, name):
        """Return a copy of it as it is now."""
        root = self.root.with_name(name)
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(self.root, root)
        return Workspace(root, self._capsys, self._patch)

    def add(self, studies, pmids):
        """Put records into the library."""
        text = "".join(map(studies.render, sorted(pmids)))
        path = self.root / "new.xml"
        path.write_text(f"<PubmedArticleSet>{text}</PubmedArticleSet>", "utf-8")
        if pmids:
            self("library", "add", "new.xml")

    def check(self):
        return self("check", "night.md", "--offline")["claims"]

    def digest(self):
        return self("digest", "--offline", "--all")["digest"]


@pytest.fixture
def told(capsys, monkeypatch, tmp_path, watching):
    """Return a copy of that workspace."""
    shutil.copytree(watching, tmp_path / "now")
    return Workspace(tmp_path / "now", capsys, monkeypatch)


def verdicts(claims):
    return [(c["verdict"]["label"], c["verdict"]["certainty"]) for c in claims]


def verdict(weighing):
    return (weighing["label"], weighing["certainty"])


def sentences(claim):
    """Return what a check shows of each record that speaks, with its standing."""
    shown = {}
    for each in claim["evidence"]:
        if each["stance"] != "neutral":
            record = each["record"]
            name = record["pmid"] or record["doi"]
            shown.setdefault(name, set()).add((each["sentence"], record["standing"]))
    return shown


def check_moves(moves, before, checked, changed):
    """Hold each move to what was told last and to what a check says now."""
    for move in moves:
        number = move["watched"]["id"] - 1
        claim, after = checked[number], move["after"]
        assert verdict(move["before"]) == before[number]
        assert verdict(after) == verdict(claim["verdict"])
        assert after["reason"] == claim["verdict"]["reason"]
        shown = sentences(claim)
        voices = {
            v["work"]["pmid"] or v["work"]["doi"]: (v["sentence"], v["standing"])
            for v in after["voices"]
        }
        assert set(voices) == set(shown)
        assert all(said in shown[name] for name, said in voices.items())
        assert after["causes"]
        assert {cause["work"]["pmid"] for cause in after["causes"]} <= changed


def check_causes(moves, past, studies, changed):
    """Leave out each study that is said to have moved a verdict by itself."""
    for move in moves:
        number, before = move["watched"]["id"] - 1, verdict(move["before"])
        parts = 1 + (before[0] == move["after"]["label"])
        for cause in move["after"]["causes"]:
            if cause["kind"] == "study" and cause["alone"]:
                rest = past.copy("rest")
                rest.add(studies, changed - studies.same_as(cause["work"]["pmid"]))
                without = verdicts(rest.check())[number]
                assert without[:parts] == before[:parts]


def check_sequence(told, seed, steps, *, by_leaving_out):
    studies = Studies(seed)
    before = verdicts(told("watch")["claims"])
    for _ in range(steps):
        past = told.copy("past") if by_leaving_out else None
        changed = {pmid for _ in range(2) for pmid in studies.change()}
        told.add(studies, changed)
        moves = told.digest()["moves"]
        checked = told.check()
        now = verdicts(told("watch")["claims"])
        assert now == verdicts(checked)
        other = {at for at in range(len(now)) if now[at] != before[at]}
        assert {move["watched"]["id"] - 1 for move in moves} == other
        check_moves(moves, before, checked, changed)
        if past:
            check_causes(moves, past, studies, changed)
        before = now
    again = told.digest()
    assert (again["moves"], again["fallen"]) == ([], [])


@pytest.mark.parametrize("seed", range(4))
def test_a_digest_says_what_a_check_says(told, seed):
    check_sequence(told, seed, 3, by_leaving_out=False)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4, 44))
def test_what_moved_a_verdict_gives_that_of_before_when_it_is_left_out(told, seed):
    check_sequence(told, seed, 8, by_leaving_out=True)
