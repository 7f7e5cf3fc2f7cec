"""Articles as a person has them: any format, any encoding, any wrapping."""

import hashlib
import json

import pytest

from assay.claims.article import MAX_BYTES, parse_article
from assay.errors import ArticleError


def read(text, name="article.txt", **more):
    body = text if isinstance(text, bytes) else text.encode("utf-8")
    return parse_article(body, name=name, **more)


def blocks(article):
    return [(b.kind, article.text[b.start : b.end]) for b in article.blocks]


def sentences(article):
    return [article.text[s.start : s.end] for s in article.sentences]


# --- plain text --------------------------------------------------------------------


def test_a_plain_text_keeps_its_text_title_headings_and_items():
    text = (
        "Can Moss Tea Help?\n\nWhat Is Moss Tea?\nMoss tea is a drink. It is warm.\n\n"
        "The points:\n- It calms\n- It warms the hands.\n"
    )
    article = read(text)
    assert article.text == text
    assert article.title == "Can Moss Tea Help?"
    assert blocks(article) == [
        ("title", "Can Moss Tea Help?"),
        ("heading", "What Is Moss Tea?"),
        ("paragraph", "Moss tea is a drink. It is warm."),
        ("paragraph", "The points:"),
        ("item", "It calms"),
        ("item", "It warms the hands."),
    ]
    assert article.media_type == "text/plain"
    assert article.sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_a_text_that_begins_with_a_paragraph_has_no_title():
    article = read("Moss tea is a drink.\nMoss tea is also warm.\n")
    assert article.title == ""
    assert [kind for kind, _ in blocks(article)] == ["paragraph", "paragraph"]


def test_hard_wrapped_lines_are_one_paragraph_and_offsets_stay_those_of_the_file():
    text = (
        "Moss tea has been drunk in the mountains for a long time, and people\n"
        "there say that it helps them to rest. No study has looked at that so\n"
        "far, as the plant grows slowly and is protected in many places today.\n"
        "\n"
        "A second paragraph follows here, and it is wrapped at the same column\n"
        "as the first one was.\n"
    )
    article = read(text)
    assert article.text == text
    assert len(article.blocks) == 2
    assert sentences(article)[1] == (
        "No study has looked at that so\n"
        "far, as the plant grows slowly and is protected in many places today."
    )


def test_one_paragraph_a_line_stays_one_paragraph_a_line():
    lines = [
        "Moss tea is drunk in the mountains by shepherds and their dogs alike.",
        "It is bitter.",
        "Some people add honey to it, which makes it taste a little better, and milk.",
        "Nobody knows who drank it first.",
        "Others leave it in the cup.",
    ]
    assert [t for _, t in blocks(read("\n".join(lines)))] == lines


def test_a_single_line_is_an_article_of_one_sentence():
    assert sentences(read("Moss tea helps you sleep")) == ["Moss tea helps you sleep"]


def test_lines_that_are_all_short_are_not_all_headings():
    article = read("Moss tea helps you sleep\nMoss tea cures a cold\n")
    assert {kind for kind, _ in blocks(article)} == {"paragraph"}


def test_line_ends_of_every_system_become_one_kind():
    article = read("Moss tea.\r\n\r\nTea.\rLeaf.\u2028Root.")
    assert article.text == "Moss tea.\n\nTea.\nLeaf.\nRoot."


def test_invisible_characters_go_and_typography_stays():
    article = read(
        "It so\u00adothes\u200b “some” people’s\u00a0nerves\u202e \x1b[31mtoo."
    )
    assert article.text == "It soothes “some” people’s\u00a0nerves too."


def test_the_claims_of_the_seed_articles_stand_where_their_offsets_say(shared):
    lines = (shared / "kratom/claims-dev.jsonl").read_text("utf-8").splitlines()
    for claim in map(json.loads, lines):
        path = shared / "articles" / claim["article"]
        article = read(path.read_bytes(), path.name)
        assert article.text == path.read_bytes().decode()
        anchor = claim["anchor"]
        at = article.text.find(anchor, claim["char_offset"])
        assert at >= 0
        assert any(
            s.start <= at and at + len(anchor) <= s.end for s in article.sentences
        )


def test_the_headings_of_the_second_seed_article_are_found(shared):
    path = shared / "articles/001_c6e40379ad06ab30.txt"
    kinds = [b.kind for b in read(path.read_bytes(), path.name).blocks]
    assert (kinds.count("heading"), kinds.count("item")) == (3, 3)


# --- what cannot be read -----------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "PNG picture"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "JPEG picture"),
        (b"PK\x03\x04" + b"word/document.xml" + bytes(50), "Word document"),
        (b"PK\x03\x04" + bytes(50), "ZIP archive"),
        (b"\x1f\x8b\x08" + bytes(50), "gzip archive"),
        (b"\x7fELF" + bytes(range(256)) * 4, "program"),
        (bytes(range(256)) * 20, "cannot be decoded"),
        (b"... !!! ??? 123", "no sentence"),
        (b"a" * (MAX_BYTES + 1), "too large"),
    ],
)
def test_what_is_no_article_is_named_with_what_to_do(body, words):
    with pytest.raises(ArticleError) as caught:
        read(body, "thing.txt")
    message = str(caught.value)
    assert message.startswith("thing.txt")
    assert words in message
    assert message.endswith(".")
    assert "\n" not in message


def test_an_article_of_the_largest_size_is_read():
    assert read(b"Moss tea calms. " * (MAX_BYTES // 16)).sentences


@pytest.mark.parametrize(
    "body",
    [
        b'<?xml version="1.0"?>\n<!DOCTYPE PubmedArticleSet>\n<PubmedArticleSet>',
        b"\nPMID- 90000001\nOWN - NLM\n",
        b"TY  - JOUR\nTI  - Tea\n",
        b"@article{tea, title = {Tea}}",
    ],
)
def test_a_file_of_records_is_no_article(body):
    with pytest.raises(ArticleError, match="assay library add"):
        parse_article(body, name="records")
