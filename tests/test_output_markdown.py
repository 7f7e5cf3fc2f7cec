"""The report as Markdown: only our own words make structure."""

import re
from dataclasses import replace

from hypothesis import given, settings
from markdown_it import MarkdownIt

from assay.output.html import render_html
from assay.output.markdown import render_markdown
from tests import sample
from tests.test_output_clean import ANY, NASTY
from tests.test_output_html import told

PAGE = render_markdown(sample.REPORT)


def rendered(text):
    page = MarkdownIt("commonmark").enable("table").enable("strikethrough")
    return page.render(text)


def tags(html):
    return re.findall(r"</?(\w+)", html)


def test_no_html_is_live_and_no_address_is_ours_but_the_three_sites():
    html = rendered(PAGE)
    assert set(tags(html)) <= {
        *(
            "h1",
            "h2",
            "h3",
            "p",
            "ol",
            "ul",
            "li",
            "strong",
            "em",
            "s",
            "a",
            "blockquote",
        ),
        *("table", "thead", "tbody", "tr", "th", "td"),
    }
    for address in re.findall(r'href="([^"]*)"', html):
        assert re.match(
            r"https://(pubmed\.ncbi\.nlm|pmc\.ncbi\.nlm|doi)\.(nih\.gov|org)/", address
        )
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


@settings(max_examples=80)
@given(ANY | NASTY, ANY | NASTY)
def test_no_structure_comes_from_what_is_shown(text, other):
    plain = told("x", "y")
    hostile = told(f"x{text}", f"y{other}")
    assert tags(rendered(render_markdown(hostile))) == tags(
        rendered(render_markdown(plain))
    )


def test_the_report_says_what_counts():
    assert "**✓ Supported** (moderate certainty) — Two randomised trials" in PAGE
    assert "~~Velora cures insomnia in every patient~~ · **retracted — not" in PAGE
    assert "*(assay’s summary, not the authors’ words)*" in PAGE
    assert "> This is not medical advice." in PAGE
    assert "## Not everything was searched" in PAGE
    assert "| randomised trial | 2 | 2 | 0 | 1 |" in PAGE
    assert "courtesy of the U.S. National Library of Medicine" in PAGE


def test_an_article_without_claims_is_a_report_too():
    text = render_markdown(sample.EMPTY)
    assert "No claim that can be checked was found." in text
    assert "## The claims" not in text
    assert "- Nothing." in text
    untitled = replace(sample.EMPTY, article=replace(sample.ARTICLE, title=""))
    assert render_markdown(untitled).startswith("# velora.html\n")


def test_the_report_is_as_it_was(golden):
    golden("report.md", PAGE)


def test_a_search_says_in_which_words_a_service_was_asked():
    log = replace(sample.LOGS[0], query="velora[tiab]", sent="search=velora")
    report = replace(sample.REPORT, searched=(replace(log, translation=log.sent),))
    text = render_markdown(report)
    assert "  - Sent as: search=velora" in text
    assert "Read by the service as" not in text
    page = render_html(report)
    assert "<dt>Sent as</dt>" in page
    assert "search=velora" in page
    same = replace(report, searched=(replace(log, sent=log.query),))
    assert "Sent as" not in render_markdown(same) + render_html(same)
