"""`--explain` of `assay check`: for every claim, or every step for one of them."""

import re
from typing import Any

from typer.core import TyperCommand

from assay.errors import UsageError
from assay.model import Finding, Report

OPTION = "--explain"
EVERY = "*"
"""Value of the option where no claim is named."""
SHOWN = 8
"""Most claims that an error names."""


class ExplainCommand(TyperCommand):
    """A command whose `--explain` may stand with a claim and without."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the words, an `--explain` without a claim made one for every claim."""
        return super().parse_args(ctx, complete(args))


def complete(args: list[str]) -> list[str]:
    """Return the words of the command line with a value behind every `--explain`.

    >>> complete(["a.txt", "--explain"]), complete(["--explain", "3", "a.txt"])
    (['a.txt', '--explain=*'], ['--explain', '3', 'a.txt'])
    >>> complete(["--explain", "--json"]), complete(["--explain", "-"])
    (['--explain=*', '--json'], ['--explain=*', '-'])
    """
    end = args.index("--") if "--" in args else len(args)
    done = []
    for at, word in enumerate(args):
        alone = at + 1 >= end or args[at + 1].startswith("-")
        mine = word == OPTION and at < end
        done.append(f"{OPTION}={EVERY}" if mine and alone else word)
    return done


def choose_claim(report: Report, asked: str) -> int:
    """Return the number, from 1, of the claim that is asked about.

    Args:
        asked: its number in the report, or words that stand in it or its sentence.

    Raises:
        UsageError: no claim has them, or several have.
    """
    count = len(report.findings)
    if not count:
        raise UsageError("No claim was found in the article, so none can be explained.")
    if re.fullmatch(r"\d+", asked.strip()):
        if 1 <= int(asked) <= count:
            return int(asked)
        known = f"1 to {count}" if count > 1 else "one only"
        raise UsageError(f"There is no claim {asked}; the article has {known}.")
    found = _find(report, asked)
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(
            f"No claim of the article holds the words “{asked}”; "
            + (f"they are numbered 1 to {count}." if count > 1 else "it has one only.")
        )
    named = ", ".join(map(str, found[:SHOWN])) + (" …" if found[SHOWN:] else "")
    raise UsageError(f"“{asked}” fits several claims ({named}). Say one number.")


def _find(report: Report, asked: str) -> list[int]:
    """Return the claims that hold the words: in a row, else in their own text each."""
    wanted = _plain(asked)
    numbered = list(enumerate(report.findings, 1))
    for texts in (_own, _sentence):
        found = [n for n, f in numbered if wanted in _plain(texts(f))]
        if found:
            return found
    words = wanted.split()
    return [n for n, f in numbered if set(words) <= set(_plain(_own(f)).split())]


def _own(finding: Finding) -> str:
    return finding.claim.text


def _sentence(finding: Finding) -> str:
    return finding.claim.sentence


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[\w'’-]+", text.casefold()))
