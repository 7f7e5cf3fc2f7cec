r"""Text as LaTeX writes it in a .bib file, and back.

Escaping is the least that BibTeX needs (UTF-8 stays). Reading knows accents, symbols
(pylatexenc's table) and the formatting that means nothing to a record; a command that
it does not know stays as it is, so that nothing of a title is lost.
"""

import re
import unicodedata
from functools import lru_cache

from pylatexenc import latex2text  # type: ignore[import-untyped]

_SPECIALS = {
    "\\": r"{\textbackslash}", "{": r"{\textbraceleft}", "}": r"{\textbraceright}",
    "~": r"{\textasciitilde}", "^": r"{\textasciicircum}", "&": r"\&", "%": r"\%",
    "$": r"\$", "#": r"\#", "_": r"\_",
}  # fmt: skip
_LIGATURES = ("``", "''", "--", "?`", "!`")
_SPECIAL = re.compile(r"[\\{}~^&%$#_]|(?<=`)`|(?<=')'|(?<=-)-|(?<=[?!])`")

_ACCENTS = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303",
    "=": "\u0304", ".": "\u0307", "u": "\u0306", "v": "\u030c", "H": "\u030b",
    "c": "\u0327", "d": "\u0323", "b": "\u0331", "k": "\u0328", "r": "\u030a",
}  # fmt: skip
_FORMATTING = {
    "emph", "textit", "textbf", "textrm", "textsf", "textsc", "texttt", "textnormal",
    "textup", "textsl", "textmd", "textsuperscript", "textsubscript", "mathrm",
    "mathit", "mathbf", "mathsf", "text", "mbox", "hbox", "ensuremath", "url", "path",
    "em", "it", "bf", "rm", "sf", "sc", "tt", "sl", "protect", "relax", "displaystyle",
    "noopsort", "uppercase", "boldsymbol", "hspace", "vphantom", "left", "right",
}  # fmt: skip
"""Commands that say how text looks: they go, what is in their braces stays."""

_OWN = {
    "textbraceleft": "{", "textbraceright": "}", "lbrace": "{", "rbrace": "}",
    "textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^",
    "textquotesingle": "'", "textquotedbl": '"', "textless": "<", "textgreater": ">",
    "textbar": "|", "textunderscore": "_", "i": "ı", "j": "ȷ", "newline": " ",
    "quad": " ", "qquad": " ", "textdollar": "$", "textpercent": "%",
}  # fmt: skip
_TOKEN = re.compile(
    r"""\\(?P<accent>['`^"~=.]|[uvHcdbkr](?![A-Za-z]))\s*
          (?:\{\s*(?P<inside>\\[ij](?![A-Za-z])(?:\{\})?|[^\W_])\s*\}
            |(?P<beside>\\[ij](?![A-Za-z])(?:\{\})?|[^\W_])
            |(?P<dotless>\{\\[ij]\}))
    | \\(?P<word>[A-Za-z]+)(?P<gap>\{\}|[ \t]+|)
    | \\(?P<sign>[^A-Za-z])
    | \$(?P<math>[^$]*)\$
    | (?P<brace>[{}])
    | (?P<tie>~)
    | (?P<ligature>---|--|``|''|\?`|!`)""",
    re.VERBOSE | re.DOTALL,
)
_SPACES = {",", ";", ":", " ", "\\", "\n", "/"}
_GONE = {"!", "-", "@"}
_READ = {"---": "—", "--": "–", "``": "“", "''": "”", "?`": "¿", "!`": "¡"}
_MATH = re.compile(r"[\\^_{}]|^\s*\S{1,3}\s*$")


def encode_latex(text: str) -> str:
    r"""Return text with everything escaped that BibTeX would obey.

    >>> print(encode_latex("50% of A & B_1 {x}"))
    50\% of A \& B\_1 {\textbraceleft}x{\textbraceright}
    """
    return _SPECIAL.sub(lambda m: _SPECIALS.get(m[0], f"{{}}{m[0]}"), text)


def decode_latex(text: str) -> str:
    r"""Return the text that LaTeX means; unknown commands stay as they are.

    >>> decode_latex(r"{\'E}tude of the {FDA}, 50\% of \alpha\ and \strange{x}")
    'Étude of the FDA, 50% of α and \\strangex'
    >>> decode_latex("100% of $K_i$ at $5 and $6")
    '100% of K_i at $5 and $6'
    """
    if not re.search(r"[\\{}$~`'-]", text):
        return text
    return (
        unicodedata.normalize("NFC", _TOKEN.sub(_read, text))
        if "\\" in text
        else (_TOKEN.sub(_read, text))
    )


def _read(match: re.Match[str]) -> str:
    kind = match.lastgroup
    if match["accent"]:
        letter = match["inside"] or match["beside"] or match["dotless"]
        bare = re.sub(r"[\\{}]", "", letter)
        return unicodedata.normalize("NFC", bare + _ACCENTS[match["accent"]])
    if match["word"]:
        return _word(match)
    if kind == "math":
        inner = match["math"]
        return decode_latex(inner) if _MATH.search(inner) else match[0]
    if kind == "sign":
        sign = match["sign"]
        return " " if sign in _SPACES else "" if sign in _GONE else _kept(sign)
    return "" if kind == "brace" else " " if kind == "tie" else _READ[match[0]]


def _kept(sign: str) -> str:
    """Return an escaped sign; one that LaTeX has no such escape for keeps its mark."""
    return sign if sign in "&%$#_{}" else f"\\{sign}"


def _word(match: re.Match[str]) -> str:
    name, gap = match["word"], match["gap"]
    if name in _FORMATTING:
        return ""
    symbol = _symbol(name)
    return symbol if symbol is not None else f"\\{name}{gap.replace('{}', '')}"


@lru_cache(maxsize=1024)
def _symbol(name: str) -> str | None:
    """Return the sign that a command without arguments stands for."""
    if name in _OWN:
        return _OWN[name]
    spec = _TABLE.get_macro_spec(name)
    meaning = getattr(spec, "simplify_repl", None)
    if isinstance(meaning, str) and 0 < len(meaning) <= 2 and "%" not in meaning:
        return meaning
    return None


_TABLE = latex2text.get_default_latex_context_db()
