"""One normal form each for DOI, PMID, PMCID and NCT number; "" for what is none.

Normalising twice changes nothing more, so the forms can be compared and used as keys.
"""

import re
from urllib.parse import unquote

_RESOLVER = re.compile(
    r"(?:https?://)?(?:www\.)?(?:dx\.)?doi\.org/|(?:urn:|info:)?doi[:/]?\s*",
    re.IGNORECASE,
)
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\x00-\x1f\x7f]+")
_PREPRINT_VERSION = re.compile(
    r"(10\.(?:1101|64898)/(?:\d{4}\.\d\d\.\d\d\.)?\d{6,8})v\d+"
)
_PMID = re.compile(
    r"\s*(?:https?://(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|"
    r"ncbi\.nlm\.nih\.gov/pubmed)/|pmid\s*:?)?\s*0*([1-9][0-9]{0,8})/?\s*",
    re.IGNORECASE,
)
_PMCID = re.compile(r"(?<![A-Za-z0-9])PMC\s?0*([1-9][0-9]{0,9})(?![0-9])", re.I)
_NCT = re.compile(r"(?<![A-Za-z0-9])NCT[ :#-]{0,2}([0-9]{8})(?![0-9])", re.IGNORECASE)

_TRIAL_NUMBER = re.compile(
    r"""(?<![A-Za-z0-9])(?:
      NCT[ :#-]{0,2}\d{8}
    | ISRCTN[ :#-]{0,2}\d{8}
    | ACTRN[ :#-]{0,2}\d{14}
    | ChiCTR(?:-[A-Z]{2,6})?-?\d{8,10}
    | CTRI/\d{4}/\d{2,3}/\d{6}
    | DRKS[ :#-]{0,2}\d{8}
    | (?:JPRN-)?UMIN[ :#-]{0,2}\d{9}
    | (?:JPRN-)?j?RCTs?\d{9,10}
    | IRCT\d{8,16}(?:N\d{1,3})?
    | KCT\d{7}
    | PACTR\d{15,16}
    | RBR-[0-9a-z]{6,8}
    | SLCTR/\d{4}/\d{3}
    | TCTR\d{11}
    | NTR\d{3,5}
    | (?:EudraCT|EUCTR)?[ :#-]{0,2}20\d{2}-(?:00|5\d)\d{4}-\d{2}(?:-\d{2})?
    )(?![0-9])""",
    re.VERBOSE | re.IGNORECASE,
)
"""The forms of the registries in WHO's network (and EU CTIS, two digits longer)."""

_EU_NUMBER = re.compile(r"20\d{2}-(?:00|5\d)\d{4}-\d{2}(?:-\d{2})?$")
_SEPARATED = re.compile(r"^(?!RBR)([A-Z]+)[ :#-]+(?=[0-9])")


def normal_doi(text: str) -> str:
    """Return a DOI in lower case, without resolver, or "" when `text` is not one.

    Percent-signs are decoded; a full stop, comma, semicolon or unpaired bracket after
    it is dropped, and so is the version of a bioRxiv or medRxiv preprint.

    >>> normal_doi("https://doi.org/10.99999/ABC(1)2.")
    '10.99999/abc(1)2'
    >>> normal_doi("doi: 10.1101/2020.01.01.999999v2")
    '10.1101/2020.01.01.999999'
    >>> normal_doi("see page 10")
    ''
    """
    before = ""
    while text != before:
        before, text = text, _one_step(text)
    return text if _DOI.fullmatch(text) else ""


def _one_step(text: str) -> str:
    text = text.strip().lower()
    if match := _RESOLVER.match(text):
        text = text[match.end() :]
    decoded = unquote(text)
    text = text if "\ufffd" in decoded else decoded
    text = text.rstrip(".,;")
    if text.endswith(")") and text.count(")") > text.count("("):
        text = text[:-1]
    preprint = _PREPRINT_VERSION.fullmatch(text)
    return preprint[1] if preprint else text


def normal_pmid(text: str) -> str:
    """Return a PMID's digits without leading zeros, or "" when `text` is not one.

    >>> normal_pmid("PMID: 090000001"), normal_pmid("PMC90000001"), normal_pmid("0")
    ('90000001', '', '')
    """
    match = _PMID.fullmatch(text)
    return match[1] if match else ""


def normal_pmcid(text: str) -> str:
    """Return a PMCID with its letters and no version, or "" when there is none.

    >>> normal_pmcid("pmc-id: PMC9000001.2;"), normal_pmcid("9000001")
    ('PMC9000001', '')
    """
    match = _PMCID.search(text)
    return f"PMC{match[1]}" if match else ""


def normal_nct(text: str) -> str:
    """Return the first ClinicalTrials.gov number in `text`, or "" when there is none.

    >>> normal_nct("registered as nct 90000001"), normal_nct("NCT123")
    ('NCT90000001', '')
    """
    match = _NCT.search(text)
    return f"NCT{match[1]}" if match else ""


def find_trial_numbers(text: str) -> tuple[str, ...]:
    """Return the trial registration numbers in `text`, each once, in order.

    Letters are in capitals and joined to their digits; a European number stands alone.

    >>> find_trial_numbers("(NCT 90000001; ISRCTN99999999; EudraCT: 2099-000001-11)")
    ('NCT90000001', 'ISRCTN99999999', '2099-000001-11')
    """
    found = (_normal_trial_number(m[0]) for m in _TRIAL_NUMBER.finditer(text))
    return tuple(dict.fromkeys(found))


def _normal_trial_number(number: str) -> str:
    if match := _EU_NUMBER.search(number):
        return match[0]
    return _SEPARATED.sub(r"\1", number.upper())
