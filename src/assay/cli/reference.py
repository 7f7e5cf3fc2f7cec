"""Writes docs/reference/ from the program itself: `python -m assay.cli.reference`.

A test fails when a page is not what this module would write.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import dedent
from typing import Any

from assay import errors
from assay.cli import COMMANDS
from assay.cli.frame import SHARED_PANEL, build_group, load_command
from assay.cli.reference_json import render_schemas
from assay.cli.reference_syntax import render_syntax
from assay.cli.session import STATUSES
from assay.edge import workspace
from assay.edge.channels import CHANNELS, open_channel
from assay.edge.digest_keys import DIGEST_KEYS
from assay.edge.second_reader_settings import READER_KEYS
from assay.edge.secrets import SECRETS
from assay.edge.settings import KEYS

MADE = "<!-- Written by `python -m assay.cli.reference`; change it there. -->"


def render_pages() -> dict[str, str]:
    """Return every page of docs/reference/ by its file name."""
    pages = {
        "cli.md": _commands(),
        "settings.md": _settings(),
        "exit-status.md": _statuses(),
        "json.md": render_schemas(),
        "search-syntax.md": render_syntax(),
    }
    return {name: f"{MADE}\n\n{page}" for name, page in pages.items()}


def _commands() -> str:
    top = build_group(COMMANDS)
    parts = [
        "# The command line",
        f"{top.help}",
        *_examples(top.epilog),
        "Help with any command: `assay COMMAND --help`. Completion of words in your "
        "shell: `assay --install-completion`.",
        "## Options of every command",
        "They stand before or after the command's name.",
        _rows(_of_panel(top.params, shared=True)),
        "`assay` alone has these besides:",
        _rows(_of_panel(top.params, shared=False)),
    ]
    for name, (module, _) in COMMANDS.items():
        parts += _command(load_command(name, module), f"assay {name}", 2)
    return "\n\n".join(parts) + "\n"


def _command(command: Any, path: str, depth: int) -> Iterator[str]:
    """Yield a command's parts; Any, for typer's releases differ in click's place."""
    yield f"{'#' * depth} {path}"
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = _of_panel(command.params, shared=False)
    inner = getattr(command, "commands", {})
    words = [path, *(["[OPTIONS]"] if options else []), *map(_argument, arguments)]
    yield f"```\n{' '.join([*words, *(['[COMMAND]'] if inner else [])])}\n```"
    yield "\n\n".join(_folded(part) for part in str(command.help).split("\n\n"))
    if arguments or options:
        yield _rows([*arguments, *options])
    yield from _examples(command.epilog)
    for name, each in inner.items():
        yield from _command(each, f"{path} {name}", depth + 1)


def _of_panel(params: Sequence[Any], *, shared: bool) -> list[Any]:
    """Return the options that can be seen and are, or are not, shared by all."""
    return [
        param
        for param in params
        if param.param_type_name == "option"
        and not param.hidden
        and (param.rich_help_panel == SHARED_PANEL) is shared
    ]


def _argument(param: Any) -> str:
    name = param.metavar + ("…" if param.nargs != 1 else "")
    return name if param.required else f"[{name}]"


def _rows(params: Sequence[Any]) -> str:
    lines = ["| | |", "|---|---|"]
    for param in params:
        if param.param_type_name == "argument":
            name = f"`{_argument(param)}`"
        else:
            words = ", ".join(f"`{word}`" for word in param.opts)
            name = f"{words} {param.metavar or ''}".strip()
        lines.append(f"| {name} | {_cell(param.help)}{_default(param)} |")
    return "\n".join(lines)


def _default(param: Any) -> str:
    shown = param.show_default and param.default not in {None, False, ""}
    many = isinstance(param.default, list | tuple)
    return f" Default: {param.default}." if shown and not many else ""


def _examples(epilog: str | None) -> Iterator[str]:
    """Yield the examples of a help text as a block of code, and what else it says."""
    lines = filter(None, map(str.strip, (epilog or "").splitlines()))
    found = [re.sub(r"^Example: ", "", line) for line in lines]
    calls = [line for line in found if line.startswith("assay ")]
    if calls:
        yield "\n".join(["```", *calls, "```"])
    yield from (line for line in found if line not in calls and line != "Examples:")


def _settings() -> str:
    rows = [
        f"| `{name}` | `{key.variable}` | {key.must_be} | {_cell(key.purpose)} |"
        for name, key in KEYS.items()
    ]
    return f"""# Settings

Settings come from environment variables or from the file `assay.toml` in the
workspace. The variable wins. An unknown key in the file is an error.

| in `assay.toml` | variable | must be | what for |
|---|---|---|---|
{chr(10).join(rows)}

All values are texts in quotes:

```toml
email = "you@example.org"
tool = "assay"
```

The API key and the e-mail address are sent to NCBI's servers with each request and go
nowhere else: into no report, no recording, no log and no message. `NO_COLOR`, set to
anything, turns colours off.

## Second readers

`assay check --reader NAME` asks the reader of the table `[readers.NAME]`
([recipe](../how-to/use-a-second-reader.md)). Its `kind` is `onnx` or `openai`.

{_readers()}

## Digests

`assay digest` goes by the table `[digest]`, which may be absent:

```toml
[digest]
to = ["html", "atom", "email"]
queries = ["kratom-sleep"]
title = "Kratom and sleep, weekly"
time_zone = "Europe/Berlin"

[digest.email]
from = "assay@example.org"
to = ["you@example.org"]
host = "smtp.example.org"
user = "you"
```

{_digest()}

Passwords and secret addresses are not kept in the file, which refuses them. They come
from the environment, else from the keyring of the system (`pip install
"assay[keyring]"`; then `keyring set assay USER` for the password, with the user of
`[digest.email]`, or with the variable's name in place of `USER` for the others):

| variable | what it holds |
|---|---|
{_secrets()}

## The workspace

It is, in this order: the folder named by `--workspace`; the folder that `ASSAY_HOME`
names; the nearest folder, from the current one upward, that holds `queries/`; the
user's data folder (`$XDG_DATA_HOME/assay` or `~/.local/share/assay`,
`~/Library/Application Support/assay` on macOS, `%LOCALAPPDATA%\\assay` on Windows).
It is made when something is first written to it.

```
{_table_of(workspace)}
```
"""


def _readers() -> str:
    tables = []
    for kind, keys in READER_KEYS.items():
        head = [f'With `kind = "{kind}"`:', "", "| key | must be | what for |"]
        rows = [
            f"| `{name}`{' (needed)' if key.needed else ''} | {_cell(key.must_be)} "
            f"| {_cell(key.purpose)} |"
            for name, key in keys.items()
        ]
        tables.append("\n".join([*head, "|---|---|---|", *rows]))
    return "\n\n".join(tables)


def _digest() -> str:
    tables = []
    for name, keys in DIGEST_KEYS.items():
        head = [f"In `[{name}]`:", "", "| key | must be | what for |", "|---|---|---|"]
        rows = [
            f"| `{key}`{' (needed)' if rule.needed else ''} | {_cell(rule.must_be)} "
            f"| {_cell(rule.purpose)} |"
            for key, rule in keys.items()
        ]
        tables.append("\n".join([*head, *rows]))
    head = ["The channels that `to` may name:", "", "| | |", "|---|---|"]
    channels = [f"| `{n}` | {_cell(open_channel(n).what)} |" for n in CHANNELS]
    return "\n\n".join(["\n".join([*head, *channels]), *tables])


def _secrets() -> str:
    return "\n".join(f"| `{name}` | {it.what} |" for name, it in SECRETS.items())


def _statuses() -> str:
    rows = [f"| {status} | {meaning} |" for status, meaning in STATUSES.items()]
    return f"""# Exit status

| status | meaning |
|---|---|
{chr(10).join(rows)}

A reader that closes the pipe early (`assay search tea | head`) is no error: 0.

With `--json`, an error is a JSON object on standard output as well
([its shape](json.md#assays-errors)), so that what reads standard output always gets
one JSON document. `--debug` adds the traceback on standard error. The kinds of errors:

```
{_table_of(errors)}
```
"""


def _table_of(module: object) -> str:
    """Return the second paragraph of a module's docstring, which is laid out."""
    return dedent((module.__doc__ or "").split("\n\n")[1]).rstrip()


def _cell(text: str | None) -> str:
    return _folded(text or "").replace("|", "\\|")


def _folded(text: str) -> str:
    return " ".join(text.split()).replace("\\[", "[")


def main() -> None:
    """Write the pages into the folder named, or into docs/reference."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/reference")
    for name, page in render_pages().items():
        (folder / name).write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
