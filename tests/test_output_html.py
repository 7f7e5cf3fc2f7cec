"""The HTML report: whole, readable without script, and deaf to what it shows."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.model import Flag, Span
from assay.output.html import render_html
from assay.output.page import build_rows
from assay.record import Record, Section
from assay.search import Problem
from tests import sample
from tests.test_output_clean import ANY, NASTY

PAGE = render_html(sample.REPORT)
CSS = files("assay.data.templates").joinpath("report.css").read_text("utf-8")
VOID = {"meta", "link", "circle", "line", "path", "rect", "polygon"}


class Reader(HTMLParser):
    """Read a page as a browser does: elements in order, their text, and where."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.elements, self.text, self.open, self.inside = [], [], [], []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        assert len(attributes) == len(dict(attributes))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        assert tag in VOID
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)
        self.inside.append((tuple(self.open), data))

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")

    def unknown_decl(self, data):
        raise AssertionError(f"a declaration: {data}")

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


READ = Reader(PAGE)


def test_the_page_asks_nothing_of_the_network():
    assert not re.search(r"\b(src|srcset|poster|action|ping|background)=", PAGE.replace(
        "img src=x", ""))  # fmt: skip
    assert "url(" not in CSS
    assert "@import" not in CSS
    assert {tag for tag, _ in READ.elements}.isdisjoint(
        {"script", "img", "iframe", "object", "embed", "form", "base", "video", "audio"}
    )
    assert [link["href"] for link in READ.all("link")] == ["data:,"]
    policy = next(m for m in READ.all("meta") if "http-equiv" in m)
    assert policy["http-equiv"] == "Content-Security-Policy"
    assert policy["content"].startswith(
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    )


def test_no_attribute_acts_or_styles():
    for tag, attributes in READ.elements:
        assert not any(name.startswith("on") or name == "style" for name in attributes)
        if tag == "a":
            assert re.match(
                r"#[a-z]+(-\d+)?$|https://(pubmed\.ncbi\.nlm\.nih\.gov|doi\.org|"
                r"pmc\.ncbi\.nlm\.nih\.gov)/[\w./%~-]+$",
                attributes["href"],
            )


def test_every_id_is_met_once_and_every_inner_link_arrives():
    ids = [a["id"] for _, a in READ.elements if "id" in a]
    assert len(ids) == len(set(ids))
    wanted = {a["href"][1:] for a in READ.all("a") if a["href"].startswith("#")}
    named = " ".join(a.get("aria-labelledby", "") for _, a in READ.elements).split()
    assert wanted | set(named) <= set(ids)
    for number in range(1, len(sample.FINDINGS) + 1):
        assert {f"claim-{number}", f"mark-{number}"} <= wanted


def test_headings_go_down_one_step_at_a_time_from_a_single_h1():
    levels = [int(tag[1]) for tag, _ in READ.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    for before, after in pairwise(levels):
        assert after <= before + 1


def test_the_page_has_its_landmarks_and_says_its_language():
    tags = [tag for tag, _ in READ.elements]
    for landmark in ("header", "nav", "main", "footer"):
        assert tags.count(landmark) == 1
    assert READ.all("html") == [{"lang": "en"}]
    assert READ.all("a")[0] == {"class": "skip", "href": "#main"}
    for attributes in READ.all("section") + READ.all("nav"):
        assert "aria-labelledby" in attributes


def test_no_answer_is_told_by_colour_alone():
    for path, text in READ.inside:
        if path[-1:] == ("mark",):
            assert text.strip()
    for attributes in READ.all("a"):
        if attributes.get("class", "").startswith("chip"):
            at = PAGE.index(f'id="{attributes["id"]}"')
            assert re.search(r"(Supported|Contradicted|Mixed|Insufficient evidence|Not "
                             r"checkable)</span></a>", PAGE[at : at + 400])  # fmt: skip
    lines = re.findall(
        r"^mark\S* \{[^}]*text-decoration(?:-style)?: (\w+(?: \w+)?)", CSS, re.MULTILINE
    )
    kinds = [line.split()[-1] for line in lines]
    assert len(set(kinds)) == len(kinds) == 6


def luminance(colour):
    """Return the relative luminance of #rrggbb (WCAG 2.2)."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def palettes():
    light, dark = CSS.split("prefers-color-scheme: dark", 1)
    both = [
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", part)) for part in (light, dark)
    ]
    assert set(both[0]) == set(both[1])
    return both


@pytest.mark.parametrize("palette", palettes(), ids=["light", "dark"])
def test_every_pair_of_colours_is_readable(palette):
    tones = (
        "supported",
        "contradicted",
        "mixed",
        "insufficient",
        "unchecked",
        "several",
    )
    pairs = [(text, ground) for text in ("ink", "soft", "link")
             for ground in ("paper", "card", "band")]  # fmt: skip
    pairs += [(tone, f"{tone}-tint") for tone in tones]
    pairs += [(tone, ground) for tone in tones for ground in ("card", "paper")]
    pairs += [("card", tone) for tone in tones]
    pairs += [("ink", f"{tone}-tint") for tone in tones]
    pairs += [
        ("alarm", "card"),
        ("alarm", "alarm-tint"),
        ("alarm", "paper"),
        ("ink", "alarm-tint"),
    ]
    for text, ground in pairs:
        assert contrast(palette[text], palette[ground]) >= 4.5, (text, ground)
    assert contrast(palette["alarm-line"], palette["paper"]) >= 3


def test_marks_never_cross_and_lose_no_letter():
    rows = build_rows(sample.REPORT)
    for row, block in zip(rows, sample.ARTICLE.blocks, strict=True):
        text = "".join(piece.text for piece in row.pieces)
        assert text == sample.ARTICLE.text[block.start : block.end]
    numbers = [card.number for row in rows for card in row.cards]
    assert sorted(numbers) == list(range(1, len(sample.FINDINGS) + 1))


LENGTH = len(sample.ARTICLE.text)
SPANS = st.lists(
    st.tuples(st.integers(0, LENGTH), st.integers(0, LENGTH)), min_size=1, max_size=8
)


@settings(max_examples=60)
@given(SPANS)
def test_any_overlap_of_claims_gives_a_whole_page(spans):
    findings = tuple(
        replace(finding, claim=replace(finding.claim, clause=Span(*span)), evidence=())
        for finding, span in zip(sample.FINDINGS, spans, strict=False)
    )
    report = replace(sample.REPORT, findings=findings)
    rows = build_rows(report)
    for row, block in zip(rows, sample.ARTICLE.blocks, strict=False):
        text = "".join(piece.text for piece in row.pieces)
        assert text == sample.ARTICLE.text[block.start : block.end]
    assert sorted(card.number for row in rows for card in row.cards) == [
        *range(1, len(findings) + 1)
    ]
    chips = [
        chip.number for row in rows for piece in row.pieces for chip in piece.chips
    ]
    assert len(chips) == len(set(chips))
    read = Reader(render_html(report))
    ids = {a["id"] for _, a in read.elements if "id" in a}
    for attributes in read.all("a"):
        if attributes["href"].startswith("#"):
            assert attributes["href"][1:] in ids


def told(text, other):
    """Return a report in which every word from outside is one of these two texts."""
    record = Record(
        source=text, pmid="90000001", title=other, journal=text,
        abstract=(Section(text), Section(other)), population=other,
    )  # fmt: skip
    item = replace(sample.LATENCY, record=record, sentence=text, rule=other, why=text,
                   flags=(Flag(text, other, text, other),))  # fmt: skip
    finding = sample.FINDINGS[0]
    verdict = replace(finding.verdict, reason=text)
    report = sample.build_article((("paragraph", f"A {text}"), ("table", f"B {other}")))
    claim = replace(finding.claim, clause=Span(0, 1), text=other, sentence=text)
    finding = replace(
        finding, claim=claim, verdict=verdict, flags=(Flag(other, text, other, text),),
        evidence=(item,), queries=(text,), words=((other, (text,)),),
    )  # fmt: skip
    return replace(
        sample.REPORT,
        article=replace(report, title=f"C {text}", name=other),
        findings=(finding,),
        searched=(replace(sample.LOGS[0], source=text, query=other, translation="t"),),
        problems=(Problem(where=text, what=other, what_to_do=text),),
        library=((other, 1, text), ),
    )  # fmt: skip


def skeleton(report):
    """Return the elements and attributes of the page, and nothing that it says."""
    return Reader(render_html(report)).elements


@settings(max_examples=80)
@given(ANY | NASTY, ANY | NASTY)
def test_no_element_and_no_attribute_comes_from_what_is_shown(text, other):
    plain = told("x" * bool(text), "y" * bool(other))
    hostile = told(text, other)
    if not all(map(str.strip, (text, other))):
        plain, hostile = told("x", "y"), told(f"x{text}", f"y{other}")
    assert skeleton(hostile) == skeleton(plain)


def test_the_hostile_sample_is_shown_letter_by_letter():
    text = "".join(READ.text)
    for words in ("<script>alert(1)</script>", "{{7*7}}", "{% raw %}", "]]> &lt;b&gt;"):
        assert words in text
    assert "\x1b" not in PAGE
    assert "\u202e" not in PAGE
    assert 'onclick="alert' not in PAGE


def within(tag):
    return " ".join(text for path, text in READ.inside if tag in path)


def test_a_retracted_study_is_struck_out_and_labelled():
    assert "All 30 patients fell asleep at once." in within("del")
    assert "Velora cures insomnia in every patient" in within("del")
    assert "retracted — not counted" in "".join(READ.text)
    assert "expression of concern" in "".join(READ.text)


def test_a_summary_of_ours_is_labelled_and_never_a_quotation():
    assert sample.STARTER.sentences[0] not in within("blockquote")
    assert "assay’s summary, not the authors’ words" in "".join(READ.text)
    assert "https://example.org/velora" not in PAGE


def test_the_page_says_what_was_not_searched_before_the_article():
    text = "".join(READ.text)
    gap = text.index("no answer came within 30 seconds")
    assert gap < text.index("The article, claim by claim")
    assert "Not everything was searched" not in render_html(sample.EMPTY)


def test_the_page_says_that_it_is_not_medical_advice_and_thanks_nlm():
    text = "".join(READ.text)
    assert text.count("This is not medical advice.") == 2
    assert "courtesy of the U.S. National Library of Medicine" in text


def test_the_picture_and_its_table_count_the_same():
    shapes = [tag for tag, _ in READ.elements if tag in {"circle", "path"}]
    cells = re.findall(r"<td>(\d+)</td>", PAGE)
    assert len(shapes) == sum(map(int, cells)) == 14
    assert "randomised trial: 2 for, 2 against, 0 with limits, 1 neutral" in PAGE


def test_an_article_without_claims_is_a_page_too():
    text = "".join(Reader(render_html(sample.EMPTY)).text)
    assert "No claim that can be checked was found." in text
    assert "Nothing here." in text


def test_the_page_is_the_same_twice_and_as_it_was(golden):
    assert render_html(sample.REPORT) == PAGE
    golden("report.html", PAGE)
