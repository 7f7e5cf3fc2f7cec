"""The silent damages of a query: what PubMed would search in place of what was meant.

PubMed answers nearly every text with a plausible count and without a word about what
it left out (protocols B1 to B4). A lint says what, where, and what to write instead.
"""

import re
from collections.abc import Iterable, Iterator

from assay.query.clauses import field_of
from assay.query.fields import WITH_PROXIMITY
from assay.query.lint_codes import CODES, Level, Lint
from assay.query.lint_structure import lint_structure
from assay.query.lint_terms import lint_leaf
from assay.query.lint_text import lint_text
from assay.query.parse import Fault, parse_query
from assay.query.translation import Reading
from assay.query.tree import Chain, Group, Leaf, Lost, Node, Term, find_leaves

__all__ = ["CODES", "Level", "Lint", "fix_query", "lint"]

_ROUNDS = 20
"""How often a query is mended and read again, at most."""


def lint(text: str, reading: Reading | None = None) -> tuple[Lint, ...]:
    """Return what of a query does not do what it seems to, by place.

    `reading` is PubMed's answer, where there is one: it alone knows which phrases its
    index lacks.

    >>> [(one.code, one.start, one.fix) for one in lint("tea[ti] AND NOT milk[ti]")]
    [('double-operator', 8, 'NOT')]
    """
    tree, faults = parse_query(text)
    found = [*lint_text(text), *_faults(text, tree, faults)]
    if tree is not None:
        leaves = tuple(find_leaves(tree))
        structured = _is_structured(tree, leaves)
        for leaf in leaves:
            found += lint_leaf(leaf, structured=structured)
        found += _outside_stars(tree, text)
        found += lint_structure(tree, text)
        found += _from_answer(leaves, reading) if reading is not None else ()
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (one.start, one.end)))


def fix_query(text: str) -> str:
    """Return a query with everything mended that has a sure fix.

    What has none stays as it is: `lint` still tells of it.

    >>> fix_query("(tea OR milk)[ti] AND insomni∗[tiab]")
    '(tea[ti] OR milk[ti]) AND insomni*[tiab]'
    """
    for _ in range(_ROUNDS):
        fixes = [one for one in lint(text) if one.fix is not None]
        mended = _mended(text, fixes)
        if mended == text:
            break
        text = mended
    return text


def _mended(text: str, fixes: Iterable[Lint]) -> str:
    """Return a text with the fixes made, the inner of two that overlap."""
    chosen: list[Lint] = []
    for one in sorted(fixes, key=lambda one: (one.end - one.start, one.start)):
        if all(one.end <= other.start or other.end <= one.start for other in chosen):
            chosen.append(one)
    for one in sorted(chosen, key=lambda one: -one.start):
        text = text[: one.start] + (one.fix or "") + text[one.end :]
    return text


def _faults(text: str, tree: Node | None, faults: Iterable[Fault]) -> Iterator[Lint]:
    """Yield what is wrong with a query's form."""
    groups = {g.tag.start: g for g in _groups(tree) if g.tag} if tree else {}
    for fault in faults:
        code, message, start, end = fault
        group = groups.get(start) if code == "group-tag" else None
        spread = _distributed(text, group) if group else None
        if group and spread:
            yield Lint(code, message, group.start, group.end, spread)
        elif code == "double-operator" and text[start:end].split() == ["AND", "NOT"]:
            yield Lint(*fault, "NOT")
        else:
            yield Lint(*fault)


def _groups(node: Node) -> Iterator[Group]:
    match node:
        case Group():
            yield node
            yield from _groups(node.body)
        case Chain():
            for part in node.parts:
                yield from _groups(part)


def _distributed(text: str, group: Group) -> str | None:
    """Return a group with its tag behind each term; None when one has a tag already."""
    leaves = tuple(find_leaves(group))
    if group.tag is None or not all(isinstance(n, Term) and not n.tag for n in leaves):
        return None
    written = text[group.tag.start : group.tag.end]
    fixed = text[group.start : group.tag.start].rstrip()
    for leaf in reversed(leaves):
        at = leaf.end - group.start
        fixed = fixed[:at] + written + fixed[at:]
    return fixed


def _is_structured(tree: Node, leaves: tuple[Leaf, ...]) -> bool:
    tagged = any(not isinstance(leaf, Lost) and leaf.tag for leaf in leaves)
    return tagged or any(
        join.written for chain in _all_chains(tree) for join in chain.joins
    )


def _all_chains(node: Node) -> Iterator[Chain]:
    match node:
        case Group():
            yield from _all_chains(node.body)
        case Chain():
            yield node
            for part in node.parts:
                yield from _all_chains(part)


def _outside_stars(tree: Node, text: str) -> Iterator[Lint]:
    """Yield stars right behind a phrase's closing quote."""
    for leaf in find_leaves(tree):
        bare = isinstance(leaf, Term) and leaf.quoted and leaf.tag is None
        if bare and text[leaf.end : leaf.end + 1] == "*":
            message = "A * behind the quotes is lost; put it inside them."
            fix = f'{text[leaf.start : leaf.end - 1].rstrip()}*"'
            yield Lint("star-outside", message, leaf.start, leaf.end + 1, fix)


def _from_answer(leaves: tuple[Leaf, ...], reading: Reading) -> Iterator[Lint]:
    """Yield what only PubMed's answer can tell."""
    lost = {_plain(phrase) for phrase in reading.quoted_not_found}
    gone = {_plain(phrase) for phrase in reading.phrases_not_found}
    for leaf in leaves:
        if not isinstance(leaf, Term):
            continue
        plain = _plain(leaf.text)
        if plain in lost and leaf.quoted:
            yield _not_indexed(leaf)
        elif plain in gone:
            message = f"PubMed did not find {leaf.text} and searched without it."
            yield Lint("term-not-found", message, leaf.start, leaf.end)


def _not_indexed(leaf: Term) -> Lint:
    message = (
        "PubMed's index lacks this phrase; it searched for the single words. "
        f'"{leaf.text}"[tiab:~0] finds them side by side.'
    )
    fix = None
    if leaf.tag and field_of(leaf) in WITH_PROXIMITY and "*" not in leaf.text:
        fix = f'"{leaf.text}"[{leaf.tag.name}:~0]'
    return Lint("phrase-not-indexed", message, leaf.start, leaf.end, fix)


def _plain(text: str) -> str:
    bare = re.sub(r"\[[^\]]*\]", "", text)
    return " ".join(re.sub(r"[^\w*]+", " ", bare.lower()).split())
