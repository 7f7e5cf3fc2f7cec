"""Characters: every encoding that the web uses, and no damage in silence."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.claims.article import parse_article
from assay.claims.encoding import decode_text
from assay.errors import ArticleError

WESTERN = "Moss tea soothes people’s nerves “naïvely” – à la carte, for 5 €."
RUSSIAN = "Чай из мха успокаивает нервы и помогает людям уснуть ночью."
JAPANESE = "苔のお茶は神経を落ち着かせ、夜の眠りを助けると言われている。"


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
@pytest.mark.parametrize("text", [WESTERN, RUSSIAN, JAPANESE])
def test_a_byte_order_mark_is_believed_before_all_else(mark, encoding, text):
    assert decode_text(mark + text.encode(encoding), charset="koi8-r") == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (WESTERN, "utf-8"),
        (WESTERN, "windows-1252"),
        (RUSSIAN, "windows-1251"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "iso-8859-5"),
        (RUSSIAN, "utf-16-le"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc-jp"),
        (JAPANESE, "gb18030"),
    ],
)
def test_a_declared_encoding_is_used(text, encoding):
    assert decode_text(text.encode(encoding), charset=encoding.upper()) == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_recognised(encoding):
    assert decode_text(WESTERN.encode(encoding)) == WESTERN


@pytest.mark.parametrize(
    "said", ["iso-8859-1", "us-ascii", "windows-1251", "utf-7", "?"]
)
def test_utf_8_is_read_as_utf_8_whatever_is_declared(said):
    assert decode_text(WESTERN.encode(), charset=said) == WESTERN


@pytest.mark.parametrize("said", ["utf-16", "utf-32le", "shift_jis", "gb18030"])
def test_a_wrong_wide_encoding_does_no_harm(said):
    for text in ("Moss tea calms the nerves.", WESTERN):
        assert decode_text(text.encode(), charset=said) == text


def test_latin_1_means_windows_1252_as_on_the_web():
    body = WESTERN.encode("windows-1252")
    assert decode_text(body, charset="ISO-8859-1") == WESTERN
    assert decode_text(body) == WESTERN
    assert decode_text(body, charset="utf-8") == WESTERN


@pytest.mark.parametrize(
    "head",
    [
        '<meta charset="windows-1251">',
        "<META http-equiv=Content-Type content='text/html; charset=windows-1251'>",
        '<?xml version="1.0" encoding="windows-1251"?>',
    ],
)
def test_a_page_that_names_its_encoding_is_believed(head):
    page = f"{head}<html><body><p>{RUSSIAN}</p></body></html>"
    article = parse_article(page.encode("windows-1251"), name="tea.html")
    assert article.text == RUSSIAN


@pytest.mark.parametrize("charset", ["", "utf-8", "rot13", "base64", "nonsense"])
@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r", "shift_jis"])
def test_text_in_an_unnamed_encoding_is_refused_and_not_guessed(encoding, charset):
    text = JAPANESE if encoding == "shift_jis" else RUSSIAN
    with pytest.raises(ArticleError, match="UTF-8"):
        decode_text(text.encode(encoding) * 20, charset=charset)


def test_a_few_broken_bytes_stay_visible():
    body = (WESTERN * 30).encode() + b"\xff end"
    assert decode_text(body).endswith("\ufffd end")


@given(st.text())
def test_every_text_survives_utf_8(text):
    assert decode_text(b"\xef\xbb\xbf" + text.encode()) == text
