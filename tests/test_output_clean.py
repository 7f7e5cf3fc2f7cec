"""Text from outside is shown, and never obeyed."""

import json
import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assay.output.clean import clean, escape_json, escape_markdown, one_line
from assay.output.links import find_links
from assay.record import Record
from tests.sample import HOSTILE

ANY = st.text(st.characters(codec=None, exclude_categories=()))
NASTY = st.lists(
    st.sampled_from(
        [
            *("\x1b[31m", "\x1b]0;t\x07", "\x1b]8;;", "\x1b", "\x9b", "\u202e", "\x00"),
            *(
                "<script>",
                "</p>",
                "<!--",
                "&lt;",
                "]]>",
                "[x](javascript:y)",
                "![",
                "`",
            ),
            *("{{7*7}}", "{%", "\n", "\r", "\t", " ", "# ", "- ", "1. ", "1) ", "---"),
            *("https://example.org", "www.example.org", "a@example.org", "<a@b.org>"),
            *("|", "~~", "**", "_", "\\", "$$", ":tada:", "> ", "+ ", "=", "word", "é"),
            *("\ud800", "\ufffe", "\u2028", "[a]: b", "[^1]", "&#60;", "\x85"),
        ]
    ),
    max_size=12,
).map("".join)


@given(ANY | NASTY)
def test_nothing_that_acts_is_left(text):
    kinds = {unicodedata.category(c) for c in clean(text).replace("\n", "")}
    assert not kinds & {"Cc", "Cs", "Zl", "Zp"}
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", clean(text))
    assert "\n" not in one_line(text)
    clean(text).encode("utf-8")


@given(st.lists(ANY | NASTY, max_size=4))
def test_cleaning_twice_changes_nothing(texts):
    for text in map(clean, texts):
        assert clean(text) == text


def test_the_words_of_a_hostile_text_stay():
    for word in ("alert", "onerror", "link", "evil", "raw", "quoted", "code", "end"):
        assert word in clean(HOSTILE)
        assert word in escape_markdown(HOSTILE)


def test_an_unclosed_sequence_does_not_swallow_the_text():
    assert clean("a\x1b]0;the rest is here") == "a0;the rest is here"


@given(ANY | NASTY)
def test_markdown_shows_the_words_and_nothing_else(text):
    for prefix, tag in (("", "p"), ("- ", "li"), ("x ", "p"), ("> ", "blockquote")):
        line = escape_markdown(text)
        page = MarkdownIt("commonmark").enable("table").enable("strikethrough")
        html = page.render(f"{prefix}{line}\n")
        tags = set(re.findall(r"<(\w+)", html))
        allowed = {tag, "p", "ul"} if prefix == "- " else {tag, "p"}
        assert tags <= allowed
    shown = page.renderInline(line)
    plain = re.sub("&lt;", "<", re.sub("&gt;", ">", re.sub("&quot;", '"', shown)))
    assert plain.replace("&amp;", "&") == one_line(text)


@given(NASTY)
def test_markdown_holds_no_bare_address(text):
    line = escape_markdown(text)
    assert not re.search(r"(?<!\\)://", line)
    assert not re.search(r"www\.|(?<!\\)@", line)


@given(ANY | NASTY)
def test_json_keeps_the_value_and_hides_nothing(text):
    written = escape_json(json.dumps([text], ensure_ascii=False))
    assert json.loads(written) == [text]
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", written)


@given(ANY | NASTY, ANY | NASTY, ANY | NASTY)
def test_every_address_is_one_of_three_sites_and_safe_to_quote(pmid, doi, pmcid):
    for number in (pmid, f"9000{pmid}"):
        record = Record(
            source="x", pmid=number, doi=f"10.99999/{doi}", pmcid=f"PMC{pmcid}"
        )
        for link in find_links(record):
            assert re.fullmatch(
                r"https://(pubmed\.ncbi\.nlm\.nih\.gov|doi\.org|pmc\.ncbi\.nlm\.nih\.gov)"
                r"/[A-Za-z0-9/._~%-]+",
                link.address,
            )
