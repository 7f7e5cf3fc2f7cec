"""Laws of reading that hold for any bytes: our errors only, exact slices, an end."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assay.claims.article import parse_article
from assay.claims.article_parts import clean_characters
from assay.errors import ArticleError
from tests.pdf_writer import write_pdf
from tests.test_article_html import PAGE
from tests.test_article_markdown import TEXT

PDF = write_pdf(
    [
        [(72, 750, 20, "Moss Tea"), (72, 700, 11, "Moss tea calms the nerves of")],
        [
            (72, 700, 11, "people who live in the mountains. It is warm."),
            (9, 9, 9, "2"),
        ],
    ]
)
PLAIN = "Moss Tea\n\nMoss tea calms.\n- It warms the\n  hands.\n\nThe End\n" * 5
SEEDS = {
    "tea.html": PAGE.encode(),
    "tea.md": TEXT.encode(),
    "tea.pdf": PDF,
    "tea.txt": PLAIN.encode("utf-16"),
}
DAMAGE = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.integers(0, 200),
        st.one_of(
            st.binary(max_size=20),
            st.sampled_from(
                [
                    b"<",
                    b"</",
                    b"<!--",
                    b"[[",
                    b"\xff\xfe",
                    b"\n\n",
                    b"endstream",
                    b"<p>",
                ]
            ),
        ),
    ),
    max_size=6,
)


def damaged(body, wounds):
    """Return `body` with pieces cut out and others put in."""
    for where, length, patch in wounds:
        at = int(where * len(body))
        body = body[:at] + patch + body[at + length :]
    return body


def check_laws(body, name, **more):
    article, message = None, ""
    try:
        article = parse_article(body, name=name, **more)
    except ArticleError as error:
        message = str(error)
    if article is None:
        assert message.startswith(name)
        assert "\n" not in message
        return
    text, at = article.text, 0
    assert text == clean_characters(text)
    assert article.sentences
    for block in article.blocks:
        assert at <= block.start < block.end <= len(text)
        inside = text[block.start : block.end]
        assert inside == inside.strip()
        at = block.end
    blocks = iter(article.blocks)
    block, at = next(blocks), 0
    for span in article.sentences:
        while span.start >= block.end:
            block = next(blocks)
        assert at <= span.start < span.end
        assert block.start <= span.start < span.end <= block.end
        assert text[span.start : span.end].strip() == text[span.start : span.end]
        at = span.end


@given(
    st.one_of(st.binary(max_size=3000), st.text(max_size=1000).map(str.encode)),
    st.sampled_from(["a", "a.html", "a.md", "a.pdf", "a.txt"]),
    st.sampled_from(["", "text/html", "text/markdown", "application/pdf", "x"]),
    st.sampled_from(["", "utf-8", "utf-16", "shift_jis", "rot13", "\0"]),
)
def test_random_bytes_give_an_article_or_our_error(body, name, media_type, charset):
    check_laws(body, name, media_type=media_type, charset=charset)


@pytest.mark.parametrize("name", SEEDS)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(wounds=DAMAGE)
def test_a_damaged_article_gives_an_article_or_our_error(name, wounds):
    check_laws(damaged(SEEDS[name], wounds), name)


@pytest.mark.parametrize("name", SEEDS)
@pytest.mark.parametrize("share", [0.05, 0.2, 0.5, 0.8, 0.95, 0.999])
def test_an_article_cut_short_gives_an_article_or_our_error(name, share):
    check_laws(SEEDS[name][: int(share * len(SEEDS[name]))], name)


@pytest.mark.long
@pytest.mark.parametrize("name", SEEDS)
@settings(
    suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=3000
)
@given(wounds=DAMAGE)
def test_a_damaged_article_gives_an_article_or_our_error_many_times(name, wounds):
    check_laws(damaged(SEEDS[name], wounds), name)


@pytest.mark.parametrize("name", SEEDS)
def test_the_laws_are_tried_on_whole_articles_too(name):
    article = parse_article(SEEDS[name], name=name)
    assert len(article.sentences) >= 3
    check_laws(SEEDS[name], name)


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "<p>",
            "<b><p>a ",
            "<span>tea ",
            "tea is<br>",
            "tea<sup>1</sup>",
            "<",
            "&amp",
        ),
        *("<td>tea<td>", "<a href=x>tea</a> ", "<ul><li>tea ", "<!-- ", "a=1 "),
        *("tea is\n", "T\n", "- a\n", "[", "| a |\n", ">\n- ", "\n\n", ".", "\t", "a"),
    ],
)
@pytest.mark.parametrize("head", ["<html><body><p>", "# Tea\n\n**a** ", "Tea\n\n"])
def test_much_of_one_thing_comes_to_an_end(head, piece):
    check_laws((head + piece * (100_000 // len(piece))).encode(), "tea")
