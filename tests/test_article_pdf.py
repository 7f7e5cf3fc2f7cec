"""PDF articles: paragraphs, headings, running heads, and files that hold no text."""

import zlib

import pytest

from assay.claims.article import parse_article
from assay.errors import ArticleError
from tests.pdf_writer import assembled, write_pdf

BODY = [
    (72, 720, 11, "Moss tea is a drink of the mountains, and its prepa-"),
    (72, 706, 11, "ration takes a day. People who live there say it calms."),
    (72, 680, 11, "Another paragraph begins here. It was written by a well-"),
    (72, 666, 11, "known herder (and his dog) in the “cold” season."),
    (72, 640, 14, "What Is in It?"),
    (72, 620, 11, "• Moss, which is gathered in the morning by the shepherds."),
    (72, 606, 11, "• Water, which keeps the moss and its preparation moist."),
]
TITLE = (72, 750, 22, "Moss Tea and Rest")


def blocks(body, name="tea.pdf", **more):
    article = parse_article(body, name=name, **more)
    return [(b.kind, article.text[b.start : b.end]) for b in article.blocks]


def refused(body):
    with pytest.raises(ArticleError) as caught:
        parse_article(body, name="tea.pdf")
    assert str(caught.value).startswith("tea.pdf: ")
    return str(caught.value)


def test_lines_become_paragraphs_headings_and_items_with_words_made_whole():
    assert blocks(write_pdf([[TITLE, *BODY]])) == [
        ("title", "Moss Tea and Rest"),
        (
            "paragraph",
            "Moss tea is a drink of the mountains, and its preparation takes a day."
            " People who live there say it calms.",
        ),
        (
            "paragraph",
            "Another paragraph begins here. It was written by a well-known herder"
            " (and his dog) in the “cold” season.",
        ),
        ("heading", "What Is in It?"),
        ("item", "Moss, which is gathered in the morning by the shepherds."),
        ("item", "Water, which keeps the moss and its preparation moist."),
    ]


def test_an_item_with_a_small_bullet_and_two_lines_is_one_item():
    lines = [
        TITLE,
        (72, 720, 14, "1. What Is in It?"),
        (72, 700, 7, "•"),
        (82, 700, 11, "Moss, which is gathered early in the morning by the"),
        (82, 686, 11, "shepherds and their dogs."),
        (72, 660, 11, "Nobody else is up at that hour, as the nights are cold."),
    ]
    assert blocks(write_pdf([lines]))[1:] == [
        ("heading", "1. What Is in It?"),
        (
            "item",
            "Moss, which is gathered early in the morning by the shepherds and their"
            " dogs.",
        ),
        ("paragraph", "Nobody else is up at that hour, as the nights are cold."),
    ]


def test_a_pdf_is_known_by_its_bytes_whatever_its_name_and_media_type_say():
    body = b"\n" + write_pdf([[TITLE, *BODY]])
    article = parse_article(body, name="tea.html", media_type="text/html")
    assert (article.media_type, article.title) == (
        "application/pdf",
        "Moss Tea and Rest",
    )


def test_running_heads_and_page_numbers_are_left_out():
    def page(number):
        words = f"Page text number {'one two three'.split()[number - 1]} is here."
        return [
            (72, 810, 9, "Journal of Invented Results"),
            (72, 600, 11, words),
            (290, 30, 9, f"Page {number} of 3"),
        ]

    assert [text for _, text in blocks(write_pdf([page(1), page(2), page(3)]))] == [
        "Page text number one is here.",
        "Page text number two is here.",
        "Page text number three is here.",
    ]


def test_a_sentence_that_runs_over_the_page_end_is_one_sentence():
    first = [
        (72, 600, 11, "The shepherds say that moss tea, when it is drunk warm and")
    ]
    second = [(72, 600, 11, "slowly, helps them to rest through the cold nights.")]
    assert len(blocks(write_pdf([first, second]))) == 1


def test_the_title_that_the_file_names_is_taken_when_none_stands_out():
    assert blocks(write_pdf([BODY[:4]], title="Moss Tea"))[0] == ("title", "Moss Tea")
    untitled = write_pdf([BODY[:4]], title="Microsoft Word - draft2.docx")
    assert blocks(untitled)[0][0] == "paragraph"


def test_a_pdf_without_text_is_refused():
    assert "holds no text" in refused(write_pdf([[]]))


def test_a_scanned_pdf_is_called_so():
    pixel = (
        b"q 500 0 0 700 40 40 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q"  # a picture
    )
    assert "is scanned" in refused(write_pdf([[]], extra=pixel))


def test_an_encrypted_pdf_is_called_so():
    whole = write_pdf([[TITLE, *BODY]])
    keys = b"/O <" + b"41" * 32 + b"> /U <" + b"43" * 32 + b">"
    locked = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 %s >> /ID [<61> <61>] "
    body = whole.replace(b"/Info 4 0 R", locked % keys + b"/Info 4 0 R")
    assert "is encrypted" in refused(body)


def test_a_broken_pdf_is_called_so():
    assert "is broken" in refused(b"%PDF-1.7\n" + bytes(range(256)) * 4)


def test_a_pdf_of_too_many_pages_is_refused():
    kids = b"5 0 R " * 1001
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
    tree = b"<< /Type /Pages /Count 1001 /Kids [" + kids + b"] >>"
    catalog = b"<< /Type /Catalog /Pages 2 0 R >>"
    assert "pages" in refused(assembled([catalog, tree, b"null", b"<< >>", page]))


def test_a_pdf_that_unpacks_to_very_much_is_refused():
    drawn = b"BT /F1 11 Tf 72 700 Td (Moss tea calms.) Tj ET\n" * 1_500_000
    packed = zlib.compress(drawn)
    stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream"
    body = assembled([b"<< >>", stream % (len(packed), packed)])
    assert "unpacks to more than 60 MB" in refused(body)
