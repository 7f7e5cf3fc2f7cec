"""Claims are watched with their first verdict, and weighed again as a check weighs."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from assay.cli import main
from assay.cli.fetching import open_fetcher
from assay.cli.kept_article import parse_kept, render_article
from assay.cli.session import Session
from assay.cli.watch_search import WATCH, find_window, search_watched
from assay.cli.weighing import choose_standing
from assay.cli.weighing_gate import find_gate, look_at_watched
from assay.digest.asked import Mark
from assay.digest.following import (
    LONGEST,
    choose_queries,
    find_bearings,
    is_same,
    join_queries,
)
from assay.digest.model import CauseKind
from assay.digest.voices import weighing_of
from assay.digest.windows import move_mark
from assay.edge.lease import Lease
from assay.edge.state_file import open_state
from assay.edge.store import open_library
from assay.edge.used_works import read_uses, read_works
from assay.edge.watch_file import (
    last_weighings,
    put_weighings,
    read_article_text,
    read_watched,
    read_weighings,
    write_note,
)
from assay.errors import UsageError
from assay.model import Certainty, Label, Stance
from assay.notice import Standing
from assay.output.kept_report import parse_kept_report
from assay.search import SearchLog
from tests.digest_sample import make_watched
from tests.standin import serve
from tests.test_drift import build, find

ARTICLE = """# Kratom at night

Kratom cures insomnia. It has been linked to liver injury in some users.
Talk to your doctor before you try it, above all if you take other medicines.
"""
CURES = "Kratom cures insomnia"
LIVER = "Kratom has been linked to liver injury in some users"
TRIAL = "90000901"
XML = """<PubmedArticleSet><PubmedArticle>
<MedlineCitation Status="Publisher" Owner="NLM">
<PMID Version="1">90000901</PMID><DateRevised>{day}</DateRevised>
<Article PubModel="Print">
<Journal><JournalIssue CitedMedium="Print"><PubDate><Year>2024</Year></PubDate>
</JournalIssue><Title>Journal of Invented Results</Title></Journal>
<ArticleTitle>Kratom for insomnia: a randomised controlled trial.</ArticleTitle>
<Abstract><AbstractText Label="METHODS" NlmCategory="METHODS">We randomly assigned 484
adults with insomnia to kratom or placebo.</AbstractText>
<AbstractText Label="RESULTS" NlmCategory="RESULTS">Kratom did not improve insomnia
compared with placebo.</AbstractText></Abstract>
<PublicationTypeList><PublicationType UI="D016449">Randomized Controlled Trial
</PublicationType></PublicationTypeList></Article>{links}</MedlineCitation><PubmedData>
<History><PubMedPubDate PubStatus="entrez">{day}</PubMedPubDate></History>
<ArticleIdList><ArticleId IdType="pubmed">90000901</ArticleId></ArticleIdList>
</PubmedData></PubmedArticle></PubmedArticleSet>
"""
RETRACTED = """<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn">
<RefSource>J Invent Results</RefSource><PMID Version="1">90000902</PMID>
</CommentsCorrections></CommentsCorrectionsList>"""
NOW = datetime.now(UTC) + timedelta(days=7)


def write_trial(path, links=""):
    now = datetime.now(UTC)
    day = f"<Year>{now.year}</Year><Month>{now.month}</Month><Day>{now.day}</Day>"
    text = XML.format(day=day, links=links).replace("\n<Pub", "<Pub")
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def watching(tmp_path_factory):
    """A workspace in which an article is watched: its first weighings cost seconds."""
    root = tmp_path_factory.mktemp("watching")
    (root / "queries").mkdir()
    (root / "night.md").write_text(ARTICLE, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        patch.delenv("ASSAY_HOME", raising=False)
        patch.setenv("XDG_DATA_HOME", str(root / "data"))
        words = ["check", "night.md", "--offline", "-q", "-o", "night.json"]
        words += ["-o", "night.html", "-o", "night-report.md"]
        assert main(words) == 0
        assert main(["watch", "night.md", "--offline", "-q"]) == 0
    return root


@pytest.fixture
def assay(capsys, monkeypatch, tmp_path, watching):
    """Run one command in a copy of that workspace."""
    root = tmp_path / "copy"
    shutil.copytree(watching, root)
    monkeypatch.chdir(root)
    capsys.readouterr()

    def run(*words):
        status = main([str(word) for word in words])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    run.root, run.state = root, root / "cache/state.db"
    return run


@pytest.fixture
def empty(assay):
    """The same where nothing is watched and no report was made."""
    shutil.rmtree(assay.root / "cache")
    return assay


def look(assay, *, keep=True, **more):
    """Look at the watched claims as a digest does, and keep what it would keep."""
    with Session() as session:
        told = {"now": NOW, "number": 1, **more}
        watched, last = read_watched(assay.state), last_weighings(assay.state)
        if told.pop("online", False):
            told["getter"] = open_fetcher(session, refresh=True, record=False)
        weighed = look_at_watched(session, watched, last, **told)
    if keep:
        with open_state(assay.state) as db:
            put_weighings(db, weighed.weighings)
        for name, value in weighed.notes:
            write_note(assay.state, name, value)
    return weighed


def texts(rows):
    return [row.claim.text for row in rows]


# --- what is watched ------------------------------------------------------------------


def test_all_claims_that_can_be_checked_are_watched_with_their_verdicts(assay):
    assert texts(read_watched(assay.state)) == [CURES, LIVER]
    status, out, _ = assay("watch")
    assert status == 0
    assert out.splitlines()[0] == "Kratom at night (night.md): 2 claims"
    assert "   1  Kratom cures insomnia\n      ? Insufficient evidence, 20" in out
    assert assay("watch", "--list")[1] == out
    first = read_weighings(assay.state, 1)[0]
    assert (first.label, first.digest, first.causes) == (Label.INSUFFICIENT, 0, ())


def test_the_works_of_first_verdicts_are_used_from_then_on(assay):
    works = [each.work for each in read_works(assay.state)]
    assert works
    voices = [
        v.work.key for w in last_weighings(assay.state).values() for v in w.voices
    ]
    assert {work.key for work in works} >= set(voices)
    uses = read_uses(assay.state, voices[0])
    assert {(use.kind, use.name) for use in uses} == {("report", "night.md")}


def test_the_same_article_again_doubles_nothing_and_says_what_is_new(assay):
    text = ARTICLE + "\nKratom eases the craving of opioid withdrawal.\n"
    (assay.root / "night.md").write_text(text, encoding="utf-8")
    status, out, err = assay("watch", "night.md", "--offline")
    assert status == 0
    assert "1 claim of night.md watched from now on, 2 watched already, 1 cannot" in err
    assert out.count(", new\n") == 1
    assert [one.id for one in read_watched(assay.state)] == [1, 2, 3]
    err = assay("watch", "night.md", "--offline")[2]
    assert "No new claim of night.md, 3 watched already, 1 cannot" in err


def test_only_some_claims_can_be_watched(empty):
    assert empty("watch", "night.md", "--offline", "--claim", "liver injury")[0] == 0
    assert texts(read_watched(empty.state)) == [LIVER]
    assert empty("watch", "night.json", "--claim", "1")[0] == 0
    assert texts(read_watched(empty.state)) == [LIVER, CURES]


@pytest.mark.parametrize(
    ("claim", "said"),
    [("3", "Claim 3 cannot be watched."), ("9", "no claim 9"), ("milk", "“milk”")],
)
def test_a_claim_that_cannot_be_watched_is_answered_plainly(assay, claim, said):
    status, _, err = assay("watch", "night.json", "--claim", claim)
    assert status == 2
    assert said in err


def test_an_article_without_a_claim_is_answered_plainly(assay):
    (assay.root / "empty.md").write_text("# Tea\n\nWhat a day.\n", encoding="utf-8")
    status, _, err = assay("watch", "empty.md", "--offline")
    assert status == 2
    assert "no claim that can be checked" in err


def test_what_is_watched_as_json(assay):
    told = json.loads(assay("watch", "--json")[1])
    assert [each["id"] for each in told["claims"]] == [1, 2]
    assert {each["state"] for each in told["claims"]} == {"watched"}
    assert told["claims"][0]["verdict"]["label"] == "insufficient"
    assert told["claims"][0]["queries"]


def test_claims_are_dropped_by_number_and_by_article(assay):
    status, out, err = assay("watch", "--drop", "2")
    assert (status, out.count("dropped")) == (0, 1)
    assert "`assay history NUMBER` still tells what was" in err
    assert [one.id for one in read_watched(assay.state)] == [1]
    assert assay("watch", "--drop", "night.md")[0] == 0
    assert read_watched(assay.state) == ()
    assert "No claim is watched yet." in assay("watch")[1]
    status, _, err = assay("watch", "--drop", "1")
    assert (status, "no claim is watched" in err) == (2, True)


def test_what_is_not_watched_cannot_be_dropped_and_nothing_is(assay):
    status, _, err = assay("watch", "--drop", "1", "--drop", "milk.md")
    assert status == 2
    assert "Claims: 1, 2; articles: night.md." in err
    assert len(read_watched(assay.state)) == 2


@pytest.mark.parametrize(
    "words", [("night.md", "--example"), ("night.md", "--list"), ("--claim", "1")]
)
def test_words_that_contradict_each_other_are_refused(assay, words):
    assert assay("watch", *words)[0] == 2


# --- a report -------------------------------------------------------------------------


def test_a_report_is_watched_with_its_own_verdicts_which_the_library_bears_out(empty):
    report = json.loads((empty.root / "night.json").read_text("utf-8"))
    assert empty("watch", "night.json")[0] == 0
    watched = read_watched(empty.state)
    assert texts(watched) == [CURES, LIVER]
    last = last_weighings(empty.state)
    for one, claim in zip(watched, report["claims"][:2], strict=True):
        weighing = last[one.id]
        assert str(weighing.label) == claim["verdict"]["label"]
        assert weighing.reason == claim["verdict"]["reason"]
        told = {e["record"]["title"] for e in claim["evidence"] if e["weight"]}
        assert {v.work.title or None for v in weighing.voices if v.weight} == told
    weighed = look(empty)
    assert (weighed.claims, weighed.moves) == (2, ())


def test_a_report_that_cannot_name_its_records_is_weighed_now(empty):
    path = empty.root / "night.json"
    report = json.loads(path.read_text("utf-8"))
    for each in report["claims"][1]["evidence"]:
        each["record"] |= {"pmid": None, "doi": None, "pmcid": None}
    path.write_text(json.dumps(report), encoding="utf-8")
    status, _, err = empty("watch", "night.json")
    assert status == 0
    assert "1 claim rests on records that the report cannot name" in err
    assert last_weighings(empty.state)[2].voices[0].work.key.startswith("doi:")


@pytest.mark.parametrize("name", ["night.html", "night-report.md"])
def test_a_report_for_people_is_refused_and_it_is_said_which_file_can_be(assay, name):
    status, _, err = assay("watch", name, "--offline")
    assert status == 2
    assert "assay check ARTICLE -o report.json" in err


@pytest.mark.parametrize(
    "text", ["{}", "[]", "tea", '{"schema": "assay/check/1"}', "\x00", '{"schema": 5}']
)
def test_what_is_no_report_is_refused_with_what_to_do(text):
    with pytest.raises(UsageError, match="report\\.json"):
        parse_kept_report(text, "x.json", "2026-11-23")


# --- weighed again --------------------------------------------------------------------


def test_a_study_that_is_added_moves_the_verdict_as_a_check_does_and_is_named(
    assay, tmp_path
):
    trial = write_trial(tmp_path / "trial.xml")
    assert assay("library", "add", trial)[0] == 0
    weighed = look(assay)
    (move,) = weighed.moves
    assert move.watched.claim.text == CURES
    assert (move.before.label, move.after.label) == (
        Label.INSUFFICIENT,
        Label.CONTRADICTED,
    )
    (cause,) = move.after.causes
    assert (cause.kind, cause.work.pmid, cause.alone) == (CauseKind.STUDY, TRIAL, True)
    assert cause.work.size == 484
    assert cause.sentence.endswith("did not improve insomnia compared with placebo.")
    assert move.after in weighed.weighings
    (bearing,) = weighed.bearings[f"pmid:{TRIAL}"]
    assert (bearing.claim, bearing.stance) == (1, Stance.CONTRADICTS)
    assert weighed.sentences[f"pmid:{TRIAL}"].text == cause.sentence
    assert TRIAL in {used.work.pmid for used in weighed.used}

    report = json.loads(assay("check", "night.md", "--offline", "--json")[1])
    last = last_weighings(assay.state)
    for number, claim in enumerate(report["claims"][:2], 1):
        assert claim["verdict"]["label"] == str(last[number].label)
        assert claim["verdict"]["certainty"] == str(last[number].certainty)

    assert assay("library", "add", write_trial(trial, RETRACTED))[0] == 0
    (back,) = look(assay, number=2).moves
    (cause,) = back.after.causes
    assert (cause.kind, cause.standing) == (CauseKind.NOTICE, Standing.RETRACTED)
    status, out, _ = assay("history", "1")
    assert (status, out.count("◆")) == (0, 2)


def test_a_notice_that_was_known_stays_where_nobody_can_be_asked(assay):
    last = last_weighings(assay.state)[2]
    fallen = replace(
        last,
        voices=tuple(
            v._replace(standing=Standing.RETRACTED, counted=False) for v in last.voices
        ),
        label=Label.INSUFFICIENT,
        certainty=Certainty.VERY_LOW,
    )
    with open_state(assay.state) as db:
        put_weighings(db, [fallen])
    weighed = look(assay)
    assert [m.watched.id for m in weighed.moves] == []
    (again,) = [w for w in weighed.weighings if w.claim == 2] or [fallen]
    assert {v.standing for v in again.voices} == {Standing.RETRACTED}


def test_it_is_told_how_far_the_weighing_is_at_every_claim(assay):
    heard = []
    look(assay, tell=lambda done, total, what: heard.append((what, done, total)))
    whats = ("Weighing watched claims", "Finding what moved verdicts")
    assert heard == [(what, done, 2) for what in whats for done in range(2)]


def test_a_long_weighing_keeps_the_lease_of_its_run(assay, monkeypatch):
    renewed, renew = [], Lease.renew

    def counted(lease):
        renewed.append(lease)
        renew(lease)

    monkeypatch.setattr(Lease, "renew", counted)
    assert assay("digest", "--offline")[0] == 0
    claims = len(read_watched(assay.state))
    assert len(renewed) >= 2 * claims


def test_a_notice_that_one_claim_knows_of_is_known_to_all(assay):
    last = last_weighings(assay.state)[2]
    gone = tuple(
        v._replace(standing=Standing.RETRACTED, counted=False) for v in last.voices
    )
    nothing = {"label": Label.INSUFFICIENT, "certainty": Certainty.VERY_LOW}
    with open_state(assay.state) as db:
        put_weighings(db, [replace(last, voices=gone, **nothing)])
    shutil.copy(assay.root / "night.md", assay.root / "later.md")
    assert assay("watch", "later.md", "--offline", "-q")[0] == 0
    later = last_weighings(assay.state)[4]
    assert later.label is last.label, "its own marks tell of no notice"
    (move,) = look(assay).moves
    assert (move.watched.id, move.after.label) == (4, Label.INSUFFICIENT)
    assert {cause.kind for cause in move.after.causes} <= {
        CauseKind.NOTICE,
        CauseKind.TOGETHER,
    }


def test_other_words_and_another_claim_change_what_is_weighed_with(assay):
    watched = read_watched(assay.state)
    with Session() as session, open_library(assay.root / "cache/library") as library:
        gates = [find_gate(session, library, watched)]
        gates.append(find_gate(session, library, watched[:1]))
        (assay.root / "vocabulary.toml").write_text("[moonleaf]\n", encoding="utf-8")
        gates.append(find_gate(session, library, watched))
    assert len(set(gates)) == 3


def test_a_word_that_enters_the_vocabulary_loses_no_study(empty):
    """The claim named it by the article's own words before, as a check did."""
    (empty.root / "leaf.txt").write_text("Moonleaf improves insomnia.\n")
    trial = write_trial(empty.root / "trial.xml")
    trial.write_text(trial.read_text().replace("Kratom", "Moonleaf"))
    assert empty("library", "add", trial)[0] == 0
    assert empty("watch", "leaf.txt", "--offline")[0] == 0
    before = last_weighings(empty.state)[1]
    assert before.label is Label.CONTRADICTED
    table = '[moonleaf]\nkind = "exposure"\nlabel = "moonleaf"\nwords = ["moonleaf"]\n'
    (empty.root / "vocabulary.toml").write_text(table, encoding="utf-8")
    weighed = look(empty)
    assert (weighed.weighings, weighed.moves, weighed.problems) == ((), (), ())


def test_weighed_again_nothing_moves_and_then_no_engine_is_loaded(assay):
    first = look(assay)
    assert (first.weighings, first.moves, first.problems) == ((), (), ())
    assert first.claims == 2
    assert dict(first.notes)
    code = """if True:
    import sys
    from datetime import UTC, datetime
    from assay.cli.session import Session
    from assay.cli.weighing_gate import look_at_watched
    from assay.edge.watch_file import last_weighings, read_watched
    with Session() as session:
        state = session.workspace.state_db
        weighed = look_at_watched(
            session, read_watched(state), last_weighings(state), now=datetime.now(UTC)
        )
    assert weighed.claims == 2 and not weighed.notes
    heavy = "numpy pandas tantivy onnxruntime tokenizers jinja2".split()
    print([name for name in heavy if name in sys.modules])
    """
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=assay.root,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")


# --- searched for ---------------------------------------------------------------------


@pytest.fixture
def server(monkeypatch, tmp_path, with_notices):
    body = write_trial(tmp_path / "served.xml").read_bytes()
    with serve(body) as running:
        monkeypatch.setenv("ASSAY_EUTILS", running.url)
        yield running


def test_a_new_study_is_searched_for_in_one_request_and_moves_the_verdict(
    assay, server
):
    weighed = look(assay, online=True)
    assert [m.watched.claim.text for m in weighed.moves] == [CURES]
    (asked,) = weighed.asked
    assert (asked.query, asked.source, asked.found) == (WATCH, "pubmed", 1)
    assert asked.whole
    mark = move_mark(None, asked, NOW)
    searches = [r for r in server.requests if r.program == "esearch"]
    assert 1 <= len(searches) <= len(join_queries(_queries(assay))) + 1

    again = look(assay, online=True, marks=(mark,))
    assert (again.moves, again.notes) == ((), ())
    assert again.asked[0].window.first >= asked.window.first


def _queries(assay):
    return [query for one in read_watched(assay.state) for query in one.queries]


def test_a_search_that_failed_is_a_problem_and_its_gap_is_made_up(assay, server):
    server.fail("bad-key-400", path="esearch", times=99)
    weighed = look(assay, online=True)
    (asked,) = weighed.asked
    assert asked.failed
    assert asked.found is None
    assert weighed.problems
    assert weighed.moves == ()

    mark = move_mark(None, asked, NOW)
    assert (mark.until, bool(mark.problem)) == ("", True)
    server.plans.clear()
    later = look(assay, online=True, marks=(mark,))
    assert later.asked[0].made_up
    assert [m.watched.claim.text for m in later.moves] == [CURES]


def test_nothing_is_asked_without_a_getter(assay):
    with open_library(assay.root / "cache/library") as library:
        watched = read_watched(assay.state)
        news = search_watched(
            library, watched, {}, None, (), now=NOW, sources=("pubmed",)
        )
    assert (news.asked, news.problems, news.nobody_answers) == ((), (), False)


def test_a_claim_that_is_new_is_searched_for_from_its_first_weighing_on():
    now = datetime(2026, 11, 30, 6, tzinfo=UTC)
    old, new = (replace(make_watched(n, "Tea"), added=f"2026-11-{d}T06:00:00+00:00")
                for n, d in ((1, "02"), (2, "24")))  # fmt: skip
    began, until = "2026/10/19", "2026-11-23T06:00:00+00:00"
    mark = Mark(WATCH, "pubmed", WATCH, began, until, until)
    first = find([build(1)])
    march = weighing_of(first, 2, "2026-03-15T06:00:00+00:00", "")

    assert find_window([old], {}, None, now).first == began
    assert find_window([old], {}, mark, now) == ("2026/11/09", began)
    assert find_window([old, new], {}, mark, now).first == "2026/11/09"
    assert find_window([old, new], {2: march}, mark, now).first == "2026/03/01"
    assert find_window([old], {1: march}, mark, now).first == "2026/11/09"
    assert find_window([old], {}, mark, now, since="2025").first == "2025/01/01"


@pytest.mark.parametrize(
    ("own", "now", "past", "chosen"),
    [
        (Standing.SOUND, None, None, Standing.SOUND),
        (Standing.SOUND, None, Standing.RETRACTED, Standing.RETRACTED),
        (Standing.RETRACTED, Standing.UNKNOWN, None, Standing.RETRACTED),
        (Standing.SOUND, Standing.UNKNOWN, None, Standing.UNKNOWN),
        (Standing.SOUND, Standing.CONCERN, Standing.RETRACTED, Standing.CONCERN),
        (Standing.SOUND, Standing.RETRACTED, Standing.SOUND, Standing.RETRACTED),
    ],
)
def test_a_notice_stays_until_somebody_who_was_asked_says_otherwise(
    own, now, past, chosen
):
    assert choose_standing(own, now, past) is chosen


# --- the small parts ------------------------------------------------------------------


def test_queries_are_joined_into_few_and_each_is_in_exactly_one():
    queries = [f'"word {n}"[tiab]' for n in range(500)]
    joined = join_queries(queries)
    assert all(len(each) <= LONGEST for each in joined)
    assert len(joined) < 5
    for query in queries:
        assert sum(f"({query})" in each for each in joined) == 1


def test_what_only_narrows_another_query_is_not_asked_beside_it():
    logs = [SearchLog(source="pubmed", query="(a) AND (b)")]
    assert choose_queries(("(a) AND (b)", "a"), logs) == ("(a) AND (b)",)
    assert choose_queries(("(a) AND (b) AND (c)", "(a) AND (b)", "a"), ()) == ("a",)


def test_the_kept_article_is_the_article(assay):
    text = read_article_text(assay.state, 1)
    article = parse_kept(text, "night.md")
    assert article.name == "night.md"
    assert render_article(article) == text


def test_what_was_taken_back_bears_on_nothing():
    watched = make_watched(1, "Zorvel improves sleep")
    fallen = find([build(1, standing=Standing.RETRACTED), build(2)])
    bearings, quotes = find_bearings([(watched, fallen)])
    assert set(bearings) == set(quotes) == {"pmid:90000002"}


def test_a_service_that_could_not_be_asked_is_no_difference():
    sound = weighing_of(find([build(1)]), 1, "2026", "1")
    unknown = weighing_of(find([build(1, standing=Standing.UNKNOWN)]), 1, "2027", "1")
    corrected = weighing_of(
        find([build(1, standing=Standing.CORRECTED)]), 1, "2027", "1"
    )
    assert is_same(sound, unknown)
    assert not is_same(sound, corrected)
