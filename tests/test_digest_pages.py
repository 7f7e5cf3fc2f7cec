"""A digest in Markdown, HTML and a terminal: whole, in order, deaf to what it shows."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.digest.model import Digest, Heading, Quote, heading_of
from assay.model import Design
from assay.notice import Standing
from assay.output.clean import one_line
from assay.output.digest_html import render_digest_html, render_digest_index
from assay.output.digest_json import parse_digest_json, render_digest_json
from assay.output.digest_markdown import render_digest_markdown
from assay.output.digest_page import SHOWN, build_moved
from assay.output.digest_terminal import print_digest
from assay.output.digest_words import find_alarms, say_quiet, say_subject
from tests import digest_sample as sample
from tests.sample import HOSTILE
from tests.test_output_clean import ANY, NASTY
from tests.test_output_html import Reader
from tests.test_output_markdown import rendered, tags
from tests.test_output_terminal import SGR, acting, shown

FULL, QUIET, FAILED = (
    sample.full_digest(),
    sample.quiet_digest(),
    sample.failed_digest(),
)
HEADINGS = [heading_of(digest) for digest in (FAILED, FULL, QUIET)]
PAGES = {
    "full": render_digest_html(FULL),
    "quiet": render_digest_html(QUIET),
    "failed": render_digest_html(FAILED),
    "index": render_digest_index(HEADINGS, feed=True),
}
EXAMPLES = "../../docs/digest-examples/"
"""From tests/golden: what the documentation shows of every channel."""
OUTSIDE = {
    "title": 1, "authors": 1, "journal": 1, "article": 1, "name": 1, "said_by": 1,
    "version": 1, "text": 0, "sentence": 0, "reason": 0, "why": 0, "what": 0,
    "what_to_do": 0, "where": 0, "problem": 0, "query": 0, "queries": 0, "source": 0,
}  # fmt: skip
"""The fields that others write, in two groups, that each get one of two texts."""


def told(text, other):
    """Return the full digest, every word from outside one of these two texts."""
    words = (text, other)

    def swap(value, key=""):
        if isinstance(value, dict):
            return {name: swap(each, name) for name, each in value.items()}
        if isinstance(value, list):
            return [swap(each, key) for each in value]
        if isinstance(value, str) and key in OUTSIDE:
            return words[OUTSIDE[key]]
        return value

    return parse_digest_json(json.dumps(swap(json.loads(render_digest_json(FULL)))))


def every_view(digest):
    """Return a digest in all formats, tags and signs taken away."""
    html = "".join(Reader(render_digest_html(digest)).text)
    plain = shown(print_digest, digest)
    return [" ".join(view.split()) for view in (
        html, render_digest_markdown(digest).replace("\\", ""), plain,
    )]  # fmt: skip


# --- what all pages say ---------------------------------------------------------------


def test_failures_come_first_then_notices_moves_new_works_and_the_receipt():
    for view in every_view(FULL):
        places = [
            view.index(words)
            for words in (
                "Europe PMC could not be searched",
                "A gap is made up for",
                "Data could not be found",
                "because of PMID 90000010",
                "Velora tea before bed",
                "Sources that failed",
            )
        ]
        assert places == sorted(places)


def test_every_sentence_of_a_failure_is_on_every_page():
    for digest in (FULL, FAILED):
        for view in every_view(digest):
            for line in find_alarms(digest):
                assert line.replace("(", "").replace(")", "") in view.replace(
                    "(", ""
                ).replace(")", "")


def test_a_quiet_digest_is_one_line_and_a_failed_one_is_not():
    line = say_quiet(QUIET)
    assert shown(print_digest, QUIET) == f"{line}\n"
    assert render_digest_markdown(QUIET).splitlines()[2:] == [line]
    assert line in PAGES["quiet"]
    for view in every_view(FAILED):
        assert "Nothing new" not in view
        assert "0 records" not in view


def test_an_item_without_title_or_abstract_is_told_as_such():
    for view in every_view(FULL):
        assert "[title not recorded]" in view
        assert "No sentence can be shown: no abstract of it is recorded." in view


def test_what_was_seen_in_animals_is_never_told_as_if_in_people():
    work = replace(sample.TRIAL, design=Design.ANIMAL)
    items = (replace(FULL.items[0], work=work),)
    for view in every_view(replace(FULL, items=items, moves=())):
        assert f"the watched claim “{sample.SEDATES}”, in animals." in view


def test_a_title_of_nothing_but_hidden_signs_is_no_title():
    items = (replace(FULL.items[0], work=replace(sample.TRIAL, title=" \u202e\x00 ")),)
    for view in every_view(replace(FULL, items=items)):
        assert "[title not recorded]" in view


def test_the_mover_is_marked_once_on_the_side_of_now():
    html = PAGES["full"]
    assert html.count("moved the verdict") == 2
    for view in every_view(FULL):
        assert view.count("moved the verdict") == 2
    before, now = build_moved(sample.MOVED_BY_STUDY).columns
    marked = [s.moved for c in (before, now) for g in c.groups for s in g.shown]
    assert marked == [False, False, False, True, False]


def test_what_is_no_longer_weighed_is_shown_beside_what_is():
    after = replace(sample.MOVED_BY_STUDY.after, voices=(sample.MOVER,))
    move = replace(sample.MOVED_BY_STUDY, after=after)
    for view in every_view(replace(FULL, moves=(move,), items=())):
        assert "Before, and no longer weighed" in view
        assert view.count("90000001") >= 2


@pytest.mark.parametrize("number", [0, 1, 2000])
def test_no_item_is_left_out_whatever_their_number(number):
    items = tuple(
        replace(FULL.items[3], work=sample.make_work(1000 + n, f"Study {n:04} of it"))
        for n in range(number)
    )
    digest = sample.quiet_digest(items=items)
    noun = {0: "Nothing new", 1: "1 new study"}.get(number, "2,000 new studies")
    for view in every_view(digest):
        assert noun in view
        assert len(set(re.findall(r"Study \d{4} of it", view))) == number


def test_no_voice_is_left_out_but_folds_away():
    many = tuple(
        sample.make_voice(sample.make_work(2000 + n, f"Voice {n:03}"), stance, "So.")
        for n, stance in enumerate(list(type(sample.FOR.stance)) * 30)
    )
    after = replace(sample.MOVED_BY_STUDY.after, voices=(*many, sample.MOVER))
    move = replace(sample.MOVED_BY_STUDY, after=after)
    digest = replace(FULL, moves=(move,), items=())
    html, markdown, plain = every_view(digest)
    for view, pattern in (
        (html, r"Voice \d{3}"), (markdown, r"Voice \d{3}"), (plain, r"PMID 900020\d\d"),
    ):  # fmt: skip
        found = set(re.findall(pattern, view))
        assert len(found) == (120 if pattern[0] == "V" else 100)
    now = build_moved(move).columns[1]
    against = next(group for group in now.groups if group.name == "Against")
    assert against.shown[0].moved
    assert (len(against.shown), len(against.folded)) == (SHOWN, 31 - SHOWN)


def test_every_page_is_the_same_twice():
    for digest in (FULL, QUIET, FAILED):
        again = parse_digest_json(render_digest_json(digest))
        assert render_digest_html(again) == render_digest_html(digest)
        assert render_digest_markdown(again) == render_digest_markdown(digest)


# --- nothing acts ---------------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(ANY | NASTY, ANY | NASTY)
def test_no_element_and_no_attribute_comes_from_what_is_shown(text, other):
    plain, hostile = told("x", "y"), told(f"x{text}", f"y{other}")
    assert (
        Reader(render_digest_html(hostile)).elements
        == Reader(render_digest_html(plain)).elements
    )


@settings(max_examples=30, deadline=None)
@given(ANY | NASTY, ANY | NASTY)
def test_no_structure_of_markdown_comes_from_what_is_shown(text, other):
    plain, hostile = told("x", "y"), told(f"x{text}", f"y{other}")
    assert tags(rendered(render_digest_markdown(hostile))) == tags(
        rendered(render_digest_markdown(plain))
    )


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1) | NASTY)
def test_a_title_is_bold_whatever_it_begins_and_ends_with(text):
    item = replace(FULL.items[3], work=replace(sample.PREPRINT, title=text))
    page = rendered(render_digest_markdown(sample.quiet_digest(items=(item,))))
    assert page.count("<strong>") == 2, one_line(text)


@settings(max_examples=30, deadline=None)
@given(NASTY, NASTY)
def test_no_text_moves_the_cursor(text, other):
    digest = told(f"x{text}", f"y{other}")
    for width in (None, 60, 120):
        assert not acting(shown(print_digest, digest, width))


def test_the_hostile_text_is_shown_letter_by_letter():
    digest = told(f"x{HOSTILE}", f"y{HOSTILE}")
    page = render_digest_html(digest)
    text = "".join(Reader(page).text)
    for words in ("<script>alert(1)</script>", "{{7*7}}", "{% raw %}", "]]> &lt;b&gt;"):
        assert words in text
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert "<script" not in page


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
@settings(max_examples=30, deadline=None)
def test_no_address_is_made_of_anything_but_a_sound_identifier(pmid, doi, pmcid):
    work = replace(sample.TRIAL, pmid=pmid, doi=doi, pmcid=pmcid, names=(pmid, doi))
    digest = replace(
        FULL, items=(replace(FULL.items[0], work=work),), moves=(), fallen=()
    )
    for attributes in Reader(render_digest_html(digest)).all("a"):
        assert re.fullmatch(ADDRESS, attributes["href"])


# --- the HTML pages -------------------------------------------------------------------

ADDRESS = (
    r"#[a-z]+|index\.html|feed\.atom|\d{4}-\d\d-\d\d-\d{4}\.html|https://"
    r"(pubmed\.ncbi\.nlm\.nih\.gov|doi\.org|pmc\.ncbi\.nlm\.nih\.gov)/[\w./%~-]+"
)
each_page = pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
CSS = files("assay.data.templates").joinpath("digest.css").read_text("utf-8")


@each_page
def test_the_page_asks_nothing_of_the_network_and_nothing_acts(page):
    read = Reader(page)
    assert not re.search(r"\b(src|srcset|poster|action|ping|background)=", page)
    assert "url(" not in page
    assert "@import" not in page
    assert {tag for tag, _ in read.elements}.isdisjoint(
        {"script", "img", "iframe", "object", "embed", "form", "base", "video", "audio"}
    )
    hrefs = {link["href"] for link in read.all("link")}
    assert hrefs <= {"data:,", "feed.atom"}
    policy = next(m for m in read.all("meta") if "http-equiv" in m)
    assert policy["content"].startswith("default-src 'none'; style-src 'unsafe-inline'")
    for tag, attributes in read.elements:
        assert not any(name.startswith("on") or name == "style" for name in attributes)
        if tag == "a":
            assert re.fullmatch(ADDRESS, attributes["href"])


@each_page
def test_ids_headings_and_landmarks_are_sound(page):
    read = Reader(page)
    ids = [a["id"] for _, a in read.elements if "id" in a]
    assert len(ids) == len(set(ids))
    wanted = {a["href"][1:] for a in read.all("a") if a["href"].startswith("#")}
    named = " ".join(a.get("aria-labelledby", "") for _, a in read.elements).split()
    assert wanted | set(named) <= set(ids)
    levels = [int(tag[1]) for tag, _ in read.elements if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    for before, after in pairwise(levels):
        assert after <= before + 1
    names = [tag for tag, _ in read.elements]
    for landmark in ("header", "main", "footer"):
        assert names.count(landmark) == 1
    assert read.all("html") == [{"lang": "en"}]
    assert read.all("a")[0] == {"class": "skip", "href": "#main"}


def test_the_style_of_a_digest_has_no_colour_of_its_own():
    """So that the contrast that is tested for the report holds for it too."""
    assert not re.search(r"#[0-9a-f]{3}|rgb|hsl|oklch", CSS)
    pairs = set(re.findall(r"color: var\(--([\w-]+)\)", CSS))
    assert pairs <= {"soft", "ink", "link", "alarm", "tone"}
    grounds = set(re.findall(r"background: var\(--([\w-]+)\)", CSS))
    assert grounds <= {"paper", "band", "card"}


def test_what_is_retracted_is_struck_out_and_said_in_words():
    inside = " ".join(t for path, t in Reader(PAGES["full"]).inside if "del" in path)
    assert "Velora cures insomnia in every patient" in inside
    assert "All 30 patients were tired." in inside
    assert "retracted — not counted" in PAGES["full"]


def test_that_notices_were_not_asked_for_is_said_and_is_no_alarm():
    item = replace(FULL.items[0], standing=Standing.UNKNOWN)
    digest = Digest(number=1, made=sample.MADE, items=(item,))
    for view in every_view(digest):
        assert view.count("Notices not fully checked.") == 1
    assert 'class="standing"' not in render_digest_html(digest)


def test_a_retraction_notice_is_not_struck_out_for_nobody_took_it_back():
    item = replace(FULL.items[0], standing=Standing.NOTICE)
    page = render_digest_html(Digest(number=1, made=sample.MADE, items=(item,)))
    assert "retraction notice — not counted" in page
    assert "<del" not in page


def test_that_no_study_speaks_of_a_claim_is_said_once():
    move = sample.MOVED_BY_STUDY
    reason = "No study was found that speaks of it."
    bare = replace(move.before, voices=(), reason=reason)
    digest = Digest(number=1, made=sample.MADE, moves=(replace(move, before=bare),))
    for view in every_view(digest):
        assert view.count(reason) == 1
        assert "No study spoke of it" not in view


def test_a_sentence_of_ours_is_never_a_quotation():
    own = FULL.items[1].quote.text
    inside = [path for path, text in Reader(PAGES["full"]).inside if text == own]
    assert inside
    assert not any("blockquote" in path for path in inside)
    quote = Quote("It did.", own_words=False)
    page = render_digest_html(
        replace(FULL, items=(replace(FULL.items[1], quote=quote),))
    )
    assert "“It did.”" in page


def test_the_index_leads_to_every_digest_the_newest_first():
    read = Reader(PAGES["index"])
    links = [a["href"] for a in read.all("a") if a["href"].startswith("2026")]
    assert links == [
        "2026-11-23-0004.html",
        "2026-11-23-0003.html",
        "2026-11-23-0002.html",
    ]
    assert "feed.atom" in PAGES["index"]
    assert "feed.atom" not in render_digest_index(HEADINGS)
    assert "There is none yet." in render_digest_index([])
    many = [Heading(n, sample.MADE, "x", 0, 0, 0, 0) for n in range(1500, 0, -1)]
    assert render_digest_index(many).count('.html"') == 1500


@settings(max_examples=30, deadline=None)
@given(ANY | NASTY, st.text(max_size=12))
def test_the_index_is_deaf_to_titles_and_days(title, made):
    page = render_digest_index([Heading(3, made, f"x{title}", 1, 0, 0, 0)])
    plain = render_digest_index([Heading(3, "2026", "x", 1, 0, 0, 0)])
    links = [a["href"] for a in Reader(page).all("a")]
    assert all(re.fullmatch(r"#main|[\w.%~-]*-0003\.html", link) for link in links)
    names = [tag for tag, _ in Reader(page).elements]
    assert names == [tag for tag, _ in Reader(plain).elements]


# --- the terminal ---------------------------------------------------------------------


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_terminal(width):
    for digest in (FULL, FAILED, QUIET):
        for line in SGR.sub("", shown(print_digest, digest, width)).splitlines():
            assert len(line) <= width


def test_a_terminal_shows_before_and_now_side_by_side():
    text = SGR.sub("", shown(print_digest, FULL, 120))
    [line] = [line for line in text.splitlines() if "± Mixed" in line]
    assert line.index("± Mixed (low certainty)") < line.index("✗ Contradicted")


def test_a_pipe_gets_no_colour_and_no_wrapping():
    text = shown(print_digest, FULL)
    assert "\x1b" not in text
    assert "─" not in text
    for line in find_alarms(FULL):
        assert f"  ! {line}\n" in text
    assert f"{say_subject(FULL)}\n" in text
    assert "https://pubmed.ncbi.nlm.nih.gov/90000010/\n" in text


# --- examples for the documentation ---------------------------------------------------


def test_the_examples_of_the_documentation_are_what_is_written(golden):
    golden(f"{EXAMPLES}digest.md", render_digest_markdown(FULL))
    golden(f"{EXAMPLES}digest.html", PAGES["full"])
    golden(f"{EXAMPLES}index.html", PAGES["index"])
    golden(f"{EXAMPLES}digest.json", render_digest_json(FULL))
    golden("digest.txt", shown(print_digest, FULL))
    golden("digest-quiet.md", render_digest_markdown(QUIET))
    golden("digest-failed.md", render_digest_markdown(FAILED))


def test_the_examples_say_what_a_quiet_digest_is():
    folder = Path(__file__).parent.parent / "docs/digest-examples"
    text = (folder / "README.md").read_text(encoding="utf-8")
    assert f"\n> {say_quiet(QUIET)}\n" in text


def test_only_the_page_in_html_needs_the_template_engine():
    """A quiet run by another channel must stay small."""
    code = (
        "import sys\n"
        "import assay.output.digest_words, assay.output.digest_json\n"
        "import assay.output.digest_markdown, assay.output.digest_terminal\n"
        "heavy = {'jinja2', 'numpy', 'pandas', 'tantivy', 'onnxruntime', 'rapidfuzz'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_smallest_digest_is_a_page_too():
    digest = Digest(number=1, made="")
    for view in every_view(digest):
        assert "Nothing new: no query was due." in view
