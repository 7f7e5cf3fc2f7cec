"""What became of a verdict over time is drawn without colour, script or network."""

import io
import json
import re
from dataclasses import replace

import pytest
from rich.console import Console

from assay.cli import main
from assay.cli.history import choose_watched
from assay.digest.model import Move
from assay.edge.state_file import open_state
from assay.edge.watch_file import put_weighings, write_watched
from assay.errors import UsageError
from assay.model import Certainty, Label
from assay.notice import Standing
from assay.output.digest_moves import say_cause_quotes
from assay.output.history import build_history
from assay.output.history_html import render_history_html
from assay.output.history_json import render_history_json
from assay.output.history_markdown import render_history_markdown
from assay.output.history_picture import (
    AXIS,
    BAND,
    HEIGHT,
    LEFT,
    MOST,
    WIDTH,
    choose_moments,
    draw_history,
)
from assay.output.history_terminal import print_histories, print_history
from assay.output.words import OWN_WORDS
from tests.digest_sample import make_watched, weigh
from tests.history_sample import AGAINST, FOR, HISTORY, WATCHED, WEIGHINGS
from tests.sample import HOSTILE
from tests.test_output_html import Reader


def shown(history, width=None, many=False):
    """Return what is printed: to a pipe, or to a terminal of so many columns."""
    file = io.StringIO()
    terminal = {"width": width, "force_terminal": True, "no_color": True}
    console = Console(file=file, highlight=False, **(terminal if width else {}))
    if many:
        print_histories((history,), console)
    else:
        print_history(history, console)
    return re.sub(r"\x1b\[[0-9;]*m", "", file.getvalue())


def test_the_views_are_the_golden_ones(golden):
    golden("history.txt", shown(HISTORY))
    golden("history-60.txt", shown(HISTORY, 60))
    golden("history.md", render_history_markdown(HISTORY))
    golden("history.html", render_history_html(HISTORY))


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_terminal(width):
    lines = shown(HISTORY, width).splitlines()
    assert max(map(len, lines)) <= width
    assert len(shown(HISTORY, width, many=True).splitlines()) == 1


def test_each_change_of_the_verdict_stands_with_what_made_it():
    said = shown(HISTORY)
    assert said.count("◆") == 2
    assert "because of PMID 90000022 (randomised trial, n = 84)." in said
    assert "because PMID 90000022 (randomised trial, n = 84) was retracted." in said
    assert "New: PMID 90000023 (cohort, n = 1,200); the verdict stays." in said
    assert "1 work taken back, not counted" in said


def test_one_line_tells_which_way_a_verdict_went():
    assert shown(HISTORY, many=True).startswith(
        "  11  ? → ✗ → ?  Insufficient evidence since 2026-11-23  Velora root"
    )


def test_a_claim_that_was_never_weighed_is_told_so():
    nothing = build_history(WATCHED, ())
    assert "not weighed yet" in shown(nothing)
    assert "not weighed yet" in shown(nothing, many=True)
    assert "not weighed yet" in render_history_markdown(nothing)
    assert "<svg" not in render_history_html(nothing)
    assert json.loads(render_history_json(nothing))["moments"] == []


def test_the_page_asks_nothing_of_the_network_and_can_be_read_without_the_picture():
    page = render_history_html(HISTORY)
    read = Reader(page)
    assert {tag for tag, _ in read.elements}.isdisjoint({"script", "img", "iframe"})
    policy = next(m for m in read.all("meta") if "http-equiv" in m)
    assert policy["content"].startswith("default-src 'none'")
    (picture,) = read.all("svg")
    assert picture["role"] == "img"
    text = " ".join(read.text)
    assert "4 weighings, the oldest first." in text
    assert len(read.all("tr")) == 1 + len(WEIGHINGS)


def test_nothing_from_outside_acts():
    voice = FOR._replace(sentence=HOSTILE)
    watched = make_watched(1, HOSTILE, HOSTILE)
    told = build_history(
        watched, (weigh(1, "2026-01-01", Label.MIXED, Certainty.LOW, HOSTILE, voice),)
    )
    read = Reader(render_history_html(told))
    assert {tag for tag, _ in read.elements}.isdisjoint({"script", "img"})
    assert all(a["href"].startswith(("#", "https://pubmed.")) for a in read.all("a"))
    assert "\x1b" not in render_history_html(told) + render_history_markdown(told)
    assert "<script" not in render_history_markdown(told)


def test_for_stands_above_against_hangs_below_and_nothing_leaves_the_picture():
    drawing = draw_history(HISTORY)
    assert len(drawing.signs) == len(WEIGHINGS)
    assert len(drawing.moved) == 2
    for rect in drawing.rects:
        assert LEFT <= rect.x <= rect.x + rect.width <= WIDTH
        assert 0 < rect.y <= rect.y + rect.height <= HEIGHT
        below = rect.style == "contradicted"
        assert rect.y == AXIS + BAND if below else rect.y + rect.height == AXIS


def test_of_many_weighings_the_ends_and_what_moved_are_drawn_and_the_rest_is_told():
    labels = [Label.MIXED] * 20 + [Label.SUPPORTED] * 20
    many = build_history(
        WATCHED,
        [
            weigh(11, f"2026-01-{at % 28 + 1:02}", label, Certainty.LOW, "So.", FOR)
            for at, label in enumerate(labels)
        ],
    )
    drawn = choose_moments(many.moments)
    assert len(drawn) == MOST
    assert (drawn[0], drawn[-1]) == (many.moments[0], many.moments[-1])
    assert many.moments[20] in drawn
    assert draw_history(many).left_out == 40 - MOST
    assert "28 weighings in between not drawn" in render_history_html(many)


# --- by the command -------------------------------------------------------------------


@pytest.fixture
def assay(capsys, monkeypatch, tmp_path):
    """Run one command in a workspace of its own, where two claims are watched."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "queries").mkdir()
    state = tmp_path / "cache/state.db"
    other = make_watched(0, "Velora tea tires", "morning.md")
    write_watched(state, [(WATCHED, ""), (other, "")])
    with open_state(state) as db:
        put_weighings(db, [replace(each, claim=1) for each in WEIGHINGS])

    def run(*words):
        status = main([str(word) for word in words])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


@pytest.mark.parametrize("asked", ["1", "root is more", "LEAF velora"])
def test_a_claim_is_found_by_its_number_or_by_words_of_it(assay, asked):
    status, out, _ = assay("history", asked)
    assert status == 0
    assert out.count("◆") == 2


def test_without_a_claim_each_has_one_line(assay):
    status, out, _ = assay("history")
    assert status == 0
    assert [line.split()[0] for line in out.splitlines()] == ["1", "2"]
    assert len(json.loads(assay("history", "--json")[1])["claims"]) == 2


def test_a_history_goes_to_files_and_to_json(assay, tmp_path):
    status, out, err = assay(
        "history", "1", "-o", "h.html", "-o", "h.md", "-o", "h.json", "-q"
    )
    assert (status, out, err) == (0, "", "")
    assert (tmp_path / "h.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    assert (tmp_path / "h.md").read_text("utf-8").startswith("# Velora root")
    told = json.loads(assay("history", "1", "--json")[1])
    assert told == json.loads((tmp_path / "h.json").read_text("utf-8"))
    assert [m["moved"] for m in told["moments"]] == [False, False, True, True]


@pytest.mark.parametrize("asked", ["7", "nothing like it"])
def test_an_unknown_claim_is_answered_with_what_there_is(assay, asked):
    status, _, err = assay("history", asked)
    assert status == 2
    assert "1 (“Velora root is more sedating than valora leaf”, evening-tea.md)" in err


def test_words_that_fit_several_claims_are_asked_about_again(assay):
    status, _, err = assay("history", "velora")
    assert status == 2
    assert "fits several claims" in err


def test_a_dropped_claim_keeps_its_history(assay):
    assert assay("watch", "--drop", "1")[0] == 0
    assert assay("history", "1")[1].count("◆") == 2
    assert len(assay("history")[1].splitlines()) == 1


def test_where_nothing_is_watched_it_is_said_how(assay):
    assert assay("watch", "--drop", "evening-tea.md", "--drop", "2")[0] == 0
    assert "assay watch ARTICLE" in assay("history")[1]
    with pytest.raises(UsageError, match="assay watch ARTICLE"):
        choose_watched((), "1")


def test_a_file_needs_a_claim(assay):
    assert assay("history", "-o", "h.html")[0] == 2


def test_of_many_claims_none_is_named_where_none_fits():
    every = tuple(make_watched(n, f"Velora sedates {n}") for n in range(1, 9))
    with pytest.raises(UsageError) as told:
        choose_watched(every, "milk")
    assert str(told.value).endswith("`assay history` lists what is watched.")


def test_words_mean_the_claim_that_is_watched_still():
    once, now = make_watched(1, "Velora sedates"), make_watched(2, "Velora sedates")
    every = (once, now)
    assert choose_watched(every, "sedates", live=(now,)) is now
    assert choose_watched(every, "1", live=(now,)) is once
    assert choose_watched((once,), "sedates") is once
    with pytest.raises(UsageError, match="fits several"):
        choose_watched(every, "sedates", live=every)


def test_a_summary_of_ours_is_never_quoted_as_the_authors_words():
    ours = {AGAINST.sentence: "They were equally sedated."}

    def told(weighing):
        return replace(
            weighing,
            voices=tuple(
                v._replace(sentence=ours[v.sentence], own_words=True)
                if v.sentence in ours
                else v
                for v in weighing.voices
            ),
            causes=tuple(
                c._replace(sentence=ours[c.sentence]) for c in weighing.causes
            ),
        )

    weighings = tuple(map(told, WEIGHINGS))
    moved = [m for m in build_history(WATCHED, weighings).moments if m.quotes]
    before, after = weighings[-2:]
    move = Move(watched=WATCHED, before=before, after=after)
    quotes = [*say_cause_quotes(move), *(q for m in moved for q in m.quotes)]
    assert len(quotes) == 3
    for quote in quotes:
        assert quote.endswith(f": They were equally sedated. ({OWN_WORDS})")


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (Standing.CONCERN, "n = 84) got an expression of concern; the verdict stays."),
        (Standing.CORRECTED, "n = 84) was corrected; the verdict stays."),
        (Standing.UNKNOWN, "What the same works say has changed; the verdict stays."),
    ],
)
def test_a_notice_that_moves_no_verdict_is_told_as_a_notice(standing, said):
    before = WEIGHINGS[2]
    voices = (AGAINST._replace(standing=standing), *before.voices[1:])
    after = replace(before, when="2026-10-05", voices=voices, causes=())
    assert build_history(WATCHED, (before, after)).moments[-1].why.endswith(said)
