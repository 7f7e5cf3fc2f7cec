"""Web pages as articles: the article's words in order, and nothing around them."""

import pytest

from assay.claims.article import parse_article
from assay.errors import ArticleError

ARTICLE = """
<h1 class="entry-title">Can moss tea help?</h1>
<p>Many people drink moss tea in the evening because they <b>believe</b> that it will
help them to sleep.<sup><a href="#r1">[1]</a></sup> It is a <a href="x">common</a>
habit<sup>2</sup> in the 10<sup>6</sup> valleys.</p>
<p>Yes, it can.</p>
<h2>What is in it?</h2>
<ul><li>Tea contains caffeine, which keeps you awake.</li><li><p>Short item</p></li>
<li>Deep: <ul><li>inner one is here</li></ul></li></ul>
<p>No trial has tested it so far.&nbsp;Some peo&shy;ple say it does.</p>
<blockquote><p>"I like tea," said one shepherd who drank it for years.</p></blockquote>
<table><tr><th>Part</th><th>Use</th></tr><tr><td>Leaf</td><td>Tea</td></tr></table>
<p>Line one is about tea.<br>Line two is about moss<br>and about fern.</p>
<div>A paragraph that is not in a p element but in a div, as some editors write.</div>
<h3>The end</h3><p>Talk to your doctor before you change your habits, because some teas
interact with medicines that you may take.</p>
"""
WORDS = [
    ("title", "Can moss tea help?"),
    (
        "paragraph",
        "Many people drink moss tea in the evening because they believe that it will"
        " help them to sleep. It is a common habit in the 106 valleys.",
    ),
    ("paragraph", "Yes, it can."),
    ("heading", "What is in it?"),
    ("item", "Tea contains caffeine, which keeps you awake."),
    ("item", "Short item"),
    ("item", "Deep:"),
    ("item", "inner one is here"),
    ("paragraph", "No trial has tested it so far. Some people say it does."),
    ("quote", '"I like tea," said one shepherd who drank it for years.'),
    ("table", "Part | Use"),
    ("table", "Leaf | Tea"),
    ("paragraph", "Line one is about tea."),
    ("paragraph", "Line two is about moss and about fern."),
    (
        "paragraph",
        "A paragraph that is not in a p element but in a div, as some editors write.",
    ),
    ("heading", "The end"),
    (
        "paragraph",
        "Talk to your doctor before you change your habits, because some teas interact"
        " with medicines that you may take.",
    ),
]
PAGE = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>Can moss tea help? | Herb Site</title>
<script>var a = "<p>no</p>";</script><style>p {{ color: red }}</style></head><body>
<header><a href="/">Herb Site</a><nav><ul><li><a href="/">Home</a></li>
<li><a href="/b">All the many posts of it</a></li></ul></nav></header>
<div id="cookie-banner">We use cookies to improve your experience. Accept all</div>
<main><article class="post">{ARTICLE}</article>
<div class="related"><h3>Related posts</h3><a href=1>Reasons to drink fern tea</a></div>
<section id="comments"><p>Great! Moss tea cured my insomnia in a week.</p></section>
</main><aside class="sidebar"><p>Sign up to our newsletter today.</p></aside>
<footer><p>Copyright Herb Site.</p></footer></body></html>"""


def blocks(source, **more):
    body = source if isinstance(source, bytes) else source.encode()
    article = parse_article(body, name=more.pop("name", "tea.html"), **more)
    return [(b.kind, article.text[b.start : b.end]) for b in article.blocks]


def test_a_page_becomes_its_article_in_order_without_what_is_around_it():
    assert blocks(PAGE) == WORDS


def test_a_bare_fragment_is_read_too():
    assert blocks(ARTICLE) == WORDS


@pytest.mark.parametrize(
    "more",
    [
        {"name": "tea.txt", "media_type": "text/plain"},
        {"name": "tea.md", "media_type": "text/markdown"},
        {"name": "tea.pdf", "media_type": "application/pdf"},
    ],
)
def test_a_wrong_name_or_media_type_does_not_hide_a_page(more):
    assert blocks(PAGE, **more) == WORDS


def test_plain_text_called_html_is_read_as_plain_text():
    text = "Moss Tea\n\nMoss tea calms the nerves, if 3 < 5 and 5 > 3."
    article = parse_article(text.encode(), name="tea.html", media_type="text/html")
    assert article.media_type == "text/plain"
    assert article.text == text


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("<title>Moss tea | Herb Site</title>", ""),
        ("<title>Moss tea - Herb Site</title>", "<h1></h1>"),
        (
            "<meta property='og:title' content='Moss tea'><title>x</title>",
            "<h1>Site</h1><h1>Moss tea</h1>",
        ),
        ("<title>Herb Site</title>", "<h1>Moss  tea</h1>"),
        ("<title>Moss tea - Herb Site</title>", "<h1>Herb Site</h1><h2>Moss tea¶</h2>"),
    ],
)
def test_the_title_is_the_articles_and_not_the_sites(head, body):
    text = "<p>Moss tea is an old drink that calms the nerves of people.</p>"
    page = f"<!doctype html><html><head>{head}</head><body>{body}{text}</body></html>"
    article = parse_article(page.encode(), name="x")
    assert article.title == "Moss tea"
    assert article.text.startswith("Moss tea\n\n")


def test_an_old_page_laid_out_by_a_table_is_read():
    found = blocks(
        "<html><head><title>Moss tea</title></head><body><table><tr><td>"
        "<a href=1>Home</a></td><td><font size=5>Moss tea</font><br><br>Moss tea is an"
        " old drink of the mountains. People there say that it calms the nerves and"
        " brings sleep to those who lie awake at night with their worries.<br><br>"
        "No trial has tested it so far.<p>Talk to your doctor.</td></tr></table></body>"
    )
    assert found[0] == ("title", "Moss tea")
    assert [text for _, text in found][-2:] == [
        "No trial has tested it so far.",
        "Talk to your doctor.",
    ]


def test_what_a_page_hides_is_not_read():
    assert blocks(
        "<html><body><p>Moss tea calms the nerves.</p><p hidden>Buy moss now.</p>"
        "<p style='display: none'>Buy fern now.</p><p aria-hidden=true>x y z</p>"
        "<script>buy()</script></body></html>"
    ) == [("paragraph", "Moss tea calms the nerves.")]


def test_a_large_page_is_read_without_the_slow_way():
    rows = "<p>Moss tea is <b>warm</b>. It calms.</p>" * 30_000
    assert len(blocks(f"<html><body>{rows}</body></html>")) == 30_000


STUBS = {
    "consent": (
        "<h1>Before you continue</h1><p>We value your privacy. We and our partners use"
        " cookies to process personal data.</p><button>Accept all</button>"
    ),
    "consent notice": "<p>We use cookies and ask for your consent to store them, "
    "for our partners and their partners, and for much else besides.</p>" * 40,
    "JavaScript": "<div id=root></div><script src=app.js></script>",
    "filled in by JavaScript": "<noscript>You need to enable JavaScript to run this"
    " app.</noscript><div id=root></div><script></script>",
    "log in": "<h1>Moss tea</h1><p>Moss tea has become popular.</p><p>Subscribe to"
    " continue reading this article. Already a subscriber? Sign in.</p>",
    "browser and a person": "<h1>One moment</h1><p>Checking your browser before you"
    " go on to the site. Verify you are human.</p>",
    "not there": "<h1>404</h1><p>The page was not found on this server.</p>",
    "no article text": "<html><body><div></div></body></html>",
}


@pytest.mark.parametrize("words", STUBS)
def test_a_page_that_is_no_article_is_named_with_what_to_do(words):
    with pytest.raises(ArticleError) as caught:
        blocks(f"<!doctype html><html><body>{STUBS[words]}</body></html>")
    assert words in str(caught.value)
    assert "browser" in str(caught.value)


def test_a_cookie_banner_on_an_article_does_not_hide_it():
    banner = "<div class=banner><p>We use cookies. Accept all cookies?</p></div>"
    assert blocks(PAGE.replace("<main>", banner + "<main>")) == WORDS


def test_a_short_article_beside_signs_of_other_things_is_read():
    page = (
        "<html><body><noscript>Please enable JavaScript.</noscript><article><h1>Moss"
        " cookies</h1><p>Cookies made with moss calm the nerves of those who eat them,"
        " shepherds say. A cookie in the evening is said to help people fall asleep"
        " sooner and to keep them asleep until the morning.</p></article></body></html>"
    )
    assert len(blocks(page)) == 2
