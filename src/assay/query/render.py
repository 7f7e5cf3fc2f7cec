"""Tree → text in PubMed's syntax: the same as it was written, or in one plain form."""

from assay.query.tree import (
    Chain,
    Group,
    Leaf,
    Lost,
    Node,
    Range,
    Tag,
    Term,
    split_runs,
)


def render_query(node: Node) -> str:
    """Return a tree as it was written, but for white space and the form of quotes.

    >>> from assay.query.parse import parse_query
    >>> render_query(parse_query('( tea|"green  tea" [ti])  sleep').tree)
    '(tea | "green tea"[ti]) sleep'
    """
    match node:
        case Group():
            return f"({render_query(node.body)}){_tag(node.tag)}"
        case Chain():
            signs = ("", *(f" {j.written}".rstrip() + " " for j in node.joins))
            pairs = zip(signs, node.parts, strict=True)
            return "".join(sign + render_query(part) for sign, part in pairs)
        case _:
            return _leaf(node)


def render_plain(node: Node) -> str:
    """Return a tree with every operator spelt out and every parenthesis it needs.

    Read from left to right or by any other rule, it means the same. Tags behind
    parentheses, which PubMed ignores, and doubled parentheses are left out.

    >>> from assay.query.parse import parse_query
    >>> render_plain(parse_query("tea coffee | (cacao) NOT milk").tree)
    '((tea coffee) OR cacao) NOT milk'
    """
    return _plain(node)[0]


def _plain(node: Node) -> tuple[str, str]:
    """Return the text and what combines it: "" for a single clause."""
    match node:
        case Group():
            return _plain(node.body)
        case Chain():
            runs = split_runs(node)
            text, how = _plain(runs[0][1][0])
            for operator, parts in runs[1:]:
                same = operator if operator != "NOT" else ""
                pieces = [_wrapped(text, how, same or "NOT")]
                pieces += [_wrapped(*_plain(part), same) for part in parts]
                text, how = f" {operator} ".join(pieces), operator
            return text, how
        case Term() if not node.quoted and not node.tag and " " in node.text:
            return node.text, "words"
        case _:
            return _leaf(node), ""


def _wrapped(text: str, how: str, inside: str) -> str:
    return text if how in {"", inside} else f"({text})"


def _leaf(node: Leaf) -> str:
    match node:
        case Term():
            text = f'"{node.text}"' if node.quoted else node.text
            return text + _tag(node.tag)
        case Range():
            mark = '"' if node.quoted else ""
            first = f"{mark}{node.first}{mark}{_tag(node.first_tag)}"
            blank = " " if node.first_tag else ""
            return f"{first}{blank}:{blank}{mark}{node.last}{mark}{_tag(node.tag)}"
        case Lost():
            return node.text


def _tag(tag: Tag | None) -> str:
    if tag is None:
        return ""
    return f"[{tag.name}:{tag.modifier}]" if tag.modifier else f"[{tag.name}]"
