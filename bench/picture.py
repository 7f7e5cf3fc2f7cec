"""A drawing of how figures grow with the number of records: an SVG of lines.

Both axes are by powers of ten. Each line has its own shape of mark, so that colour is
never needed.
"""

import math
from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT = 640, 330
LEFT, RIGHT, TOP, BOTTOM = 74, 190, 40, 44
MARKS = (
    '<circle cx="{x}" cy="{y}" r="4"/>',
    '<rect x="{a}" y="{b}" width="8" height="8"/>',
    '<path d="M{x} {b}L{c} {d}L{a} {d}Z"/>',
    '<path d="M{x} {b}L{c} {y}L{x} {d}L{a} {y}Z"/>',
    '<path d="M{a} {b}L{c} {d}M{a} {d}L{c} {b}" stroke-width="2"/>',
)
COLOURS = ("#1b5e8c", "#9a4f00", "#3d6b21", "#6b3f8f", "#8c1b3a")

Points = Sequence[tuple[float, float]]


def draw_growth(title: str, unit: str, lines: Mapping[str, Points]) -> str:
    """Return a drawing of lines by their names; points are (records, value).

    >>> "<svg" in draw_growth("t", "ms", {"a": [(10, 1.0), (100, 2.0)]})
    True
    """
    shown = {name: sorted(points) for name, points in lines.items() if points}
    xs = [x for points in shown.values() for x, _ in points] or [1, 10]
    ys = [y for points in shown.values() for _, y in points] or [1, 10]
    across, up = _span(xs), _span(ys)
    parts = [_text(LEFT, 20, title, "start", 15), _text(LEFT - 8, 36, unit, "end")]
    parts += _axes(across, up)
    ends = _spread([_y(points[-1][1], up) for points in shown.values()])
    for at, ((name, points), end) in enumerate(zip(shown.items(), ends, strict=True)):
        placed = [(_x(x, across), _y(y, up)) for x, y in points]
        colour = COLOURS[at % len(COLOURS)]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in placed)
        parts.append(
            f'<g fill="{colour}" stroke="{colour}">'
            f'<path d="M{path}" fill="none" stroke-width="2"/>'
            + "".join(_mark(at, x, y) for x, y in placed)
            + "</g>"
        )
        parts.append(_text(WIDTH - RIGHT + 14, end + 4, name, "start", 12, colour))
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, "records", "middle"))
    inside = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'role="img" font-family="sans-serif">\n<title>{escape(title)}</title>\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n{inside}\n</svg>\n'
    )


def _span(values: Sequence[float]) -> tuple[int, int]:
    """Return the powers of ten between which positive values lie."""
    low = math.floor(math.log10(min(values)))
    return low, max(low + 1, math.ceil(math.log10(max(values))))


def _x(value: float, span: tuple[int, int]) -> float:
    share = (math.log10(value) - span[0]) / (span[1] - span[0])
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _y(value: float, span: tuple[int, int]) -> float:
    share = (math.log10(value) - span[0]) / (span[1] - span[0])
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _axes(across: tuple[int, int], up: tuple[int, int]) -> list[str]:
    parts = []
    for power in range(across[0], across[1] + 1):
        x = _x(10**power, across)
        parts.append(_line(x, TOP, x, HEIGHT - BOTTOM))
        parts.append(_text(x, HEIGHT - BOTTOM + 16, f"{10**power:,}", "middle"))
    for power in range(up[0], up[1] + 1):
        y = _y(10.0**power, up)
        parts.append(_line(LEFT, y, WIDTH - RIGHT, y))
        parts.append(_text(LEFT - 8, y + 4, f"{10.0**power:,g}", "end"))
    return parts


def _spread(heights: Sequence[float], room: float = 15) -> list[float]:
    """Return heights moved down as far as they would lie upon each other."""
    found = list(heights)
    last = -math.inf
    for at in sorted(range(len(found)), key=found.__getitem__):
        found[at] = last = max(found[at], last + room)
    return found


def _mark(at: int, x: float, y: float) -> str:
    places = {"x": x, "y": y, "a": x - 4, "b": y - 4, "c": x + 4, "d": y + 4}
    told = {name: f"{place:.1f}" for name, place in places.items()}
    return MARKS[at % len(MARKS)].format(**told)


def _line(x: float, y: float, to_x: float, to_y: float) -> str:
    return f'<path d="M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}" stroke="#ddd"/>'


def _text(
    x: float, y: float, words: str, anchor: str, size: int = 11, colour: str = "#333"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" '
        f'fill="{colour}">{escape(words)}</text>'
    )
