"""Markdown as articles: its words without its markup."""

from importlib.resources import files

import pytest

from assay.claims.article import parse_article

TEXT = """---
title: "Moss Tea and Rest"
layout: post
---
Moss tea is a *drink* of the **mountains**, see
[the guide](https://example.org/a_b "title") or <https://example.org>.

What Is in It
-------------

1. Moss, from `stones`
2. Water
   that is clean

   A second paragraph of the item.

> It calms me, said one
> shepherd.

| Part | Use |
|------|-----|
| leaf | tea |

![a cup](cup.png)

```
code is not read
```

<div class="note"><p>This note &amp; its words stay.</p></div>
<script>alert("this does not")</script>

Tea <b>warms</b> 3 \\* 4 people &lt; 5.<!-- nor this -->
"""


def blocks(text, name="tea.md", **more):
    article = parse_article(text.encode(), name=name, **more)
    return [(b.kind, article.text[b.start : b.end]) for b in article.blocks]


def test_markup_goes_and_words_stay():
    assert blocks(TEXT) == [
        ("title", "Moss Tea and Rest"),
        (
            "paragraph",
            "Moss tea is a drink of the mountains, see the guide or"
            " https://example.org.",
        ),
        ("heading", "What Is in It"),
        ("item", "Moss, from stones"),
        ("item", "Water that is clean"),
        ("item", "A second paragraph of the item."),
        ("quote", "It calms me, said one shepherd."),
        ("table", "Part | Use"),
        ("table", "leaf | tea"),
        ("paragraph", "This note & its words stay."),
        ("paragraph", "Tea warms 3 * 4 people < 5."),
    ]


@pytest.mark.parametrize("name", ["tea.txt", "tea", "tea.html", "standard input"])
def test_markdown_is_known_by_its_look(name):
    article = parse_article(TEXT.encode(), name=name, media_type="text/plain")
    assert article.media_type == "text/markdown"


def test_a_heading_gives_the_title_where_no_front_matter_does():
    article = parse_article(b"# Moss *Tea*\n\nIt calms people.\n", name="tea.md")
    assert article.title == "Moss Tea"
    assert article.text == "Moss Tea\n\nIt calms people."


def test_plain_text_called_markdown_keeps_its_lines():
    text = "Moss Tea\n\nIt calms people.\nIt warms them.\n- a cup is enough\n"
    article = parse_article(text.encode(), name="tea.md", media_type="text/markdown")
    assert article.text == text


def test_plain_text_with_dashes_and_stars_is_not_markdown():
    text = "Moss Tea\n\n* It calms people.\n* It warms 2 * 3 of them.\n# 1 in town\n"
    assert parse_article(text.encode(), name="tea.txt").text == text


def test_the_example_that_ships_is_read():
    name = "kratom-evening-tea.md"
    body = (files("assay") / "data" / "examples" / name).read_bytes()
    article = parse_article(body, name=name)
    kinds = [block.kind for block in article.blocks]
    assert (kinds.count("title"), kinds.count("heading")) == (1, 4)
    assert 350 <= len(article.text.split()) <= 450
    assert "written for assay's demonstration" in article.text


@pytest.mark.parametrize("piece", ["[", "![", "*a_ ", "a**b", "[a](", "<a ", "`a``"])
def test_overlong_markup_is_read_as_words(piece):
    text = "# Moss tea\n\nIt **calms** people.\n\n" + piece * (200_000 // len(piece))
    assert blocks(text)[:2] == [
        ("title", "Moss tea"),
        ("paragraph", "It calms people."),
    ]
