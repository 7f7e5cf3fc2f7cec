"""Names of languages as MEDLINE writes them, for services that use two letters."""

_CODES = """
af:afr ar:ara az:aze be:bel bg:bul bn:ben bs:bos ca:cat cs:cze cy:wel da:dan de:ger
el:gre en:eng eo:epo es:spa et:est eu:baq fa:per fi:fin fr:fre ga:gle gl:glg he:heb
hi:hin hr:hrv hu:hun hy:arm id:ind is:ice it:ita ja:jpn ka:geo kk:kaz ko:kor ky:kir
la:lat lt:lit lv:lav mk:mac ml:mal mn:mon ms:may nb:nob nl:dut nn:nno no:nor pl:pol
pt:por ro:rum ru:rus sk:slo sl:slv sq:alb sr:srp sv:swe sw:swa ta:tam te:tel th:tha
tl:tgl tr:tur uk:ukr ur:urd uz:uzb vi:vie zh:chi
"""
CODES = dict(pair.split(":") for pair in _CODES.split())
"""ISO 639-1 to ISO 639-2/B, which MEDLINE uses."""


def three_letters(code: str) -> str:
    """Return a language's three letters; what is not known stays as it is.

    >>> three_letters("en"), three_letters("pt-BR"), three_letters("tok")
    ('eng', 'por', 'tok')
    """
    return CODES.get(code.lower().partition("-")[0], code)
