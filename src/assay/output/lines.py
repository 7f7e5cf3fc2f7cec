"""One line for a terminal or a file, from text that others wrote."""

from rich.console import Console
from rich.text import Text

from assay.output.clean import one_line


def print_line(
    console: Console, text: str = "", start: str = "", style: str = ""
) -> None:
    """Print our own `start` and the cleaned `text`.

    In a terminal it is wrapped under itself; elsewhere it stays one line.
    """
    line = Text(one_line(text), style)
    if not console.is_terminal:
        console.print(Text(start) + line, soft_wrap=True, highlight=False)
        return
    pieces = line.wrap(console, max(console.width - len(start), 20)) or [Text()]
    for at, piece in enumerate(pieces):
        piece.rstrip()
        lead = Text(start if at == 0 else " " * len(start))
        console.print(lead + piece, highlight=False)
