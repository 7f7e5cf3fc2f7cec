"""PubMed's languages: their names and the three letters that records have for them.

The codes are NLM's, of MARC (https://www.nlm.nih.gov/bsd/language_table.html).
"""

_NAMES = """
afr Afrikaans, alb Albanian, amh Amharic, ara Arabic, arm Armenian, aze Azerbaijani,
ben Bengali, bos Bosnian, bul Bulgarian, cat Catalan, chi Chinese, cze Czech,
dan Danish, dut Dutch, eng English, epo Esperanto, est Estonian, fin Finnish,
fre French, geo Georgian, ger German, gla Scottish Gaelic, gre Greek, heb Hebrew,
hin Hindi, hrv Croatian, hun Hungarian, ice Icelandic, ind Indonesian, ita Italian,
jpn Japanese, kin Kinyarwanda, kor Korean, lat Latin, lav Latvian, lit Lithuanian,
mac Macedonian, mal Malayalam, mao Maori, may Malay, mul Multiple languages,
nor Norwegian, per Persian, pol Polish, por Portuguese, pus Pushto,
rum Romanian, rus Russian, san Sanskrit, slo Slovak, slv Slovenian, spa Spanish,
srp Serbian, swe Swedish, tha Thai, tur Turkish, ukr Ukrainian, und Undetermined,
urd Urdu, vie Vietnamese, wel Welsh
"""

CODES: dict[str, str] = {
    name.strip().lower(): code
    for code, _, name in (
        part.strip().partition(" ") for part in _NAMES.replace("\n", " ").split(",")
    )
}
"""Name in small letters → code."""


def language_codes(text: str) -> tuple[str, ...]:
    """Return the codes of a language's name, its first letters, or its code.

    PubMed takes the name or its first three letters, and the code. () for what is none.

    >>> language_codes("Japanese"), language_codes("ger"), language_codes("xx")
    (('jpn',), ('ger',), ())
    """
    low = text.strip().lower()
    if low in CODES.values():
        return (low,)
    if len(low) < 3:
        return ()
    if low in CODES:
        return (CODES[low],)
    if len(low) > 3:
        return ()
    return tuple(code for name, code in CODES.items() if name.startswith(low))
