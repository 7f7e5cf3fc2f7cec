"""The frame of the command line: commands loaded when used, options all of them share.

A command is a module with `app`, a typer application. The options below can stand
before or after the command's name; what was asked for lands in `Session.asked`.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from assay import __version__
from assay.cli.session import Session
from assay.text import fold

HELP = "Put the claims of health articles to the test against peer-reviewed research."
EXAMPLES = """Examples:
  assay check --example
  assay check article.html --output report.html
  assay search kratom-sleep

What assay shows is no medical advice."""

SHARED_PANEL = "Options of every command"
"""Heading of the shared options in every help text."""


def _keep(
    ctx: typer.Context, param: typer.CallbackParam, value: str | bool | None
) -> None:
    if value and isinstance(ctx.obj, Session):
        ctx.obj.asked[str(param.name)] = value


def _version(value: bool) -> None:
    if value:
        typer.echo(f"assay {__version__}")
        raise typer.Exit


def _help(ctx: typer.Context, value: bool) -> None:
    if value:
        if text := ctx.get_help():  # "" when typer has printed it by itself
            typer.echo(text)
        raise typer.Exit


def _shared(
    *,
    json: Annotated[
        bool,
        typer.Option("--json", help="Print JSON, errors too.", callback=_keep),
    ] = False,
    quiet: Annotated[
        bool,
        typer.Option("--quiet", "-q", help="Say nothing but errors.", callback=_keep),
    ] = False,
    workspace: Annotated[
        str,
        typer.Option(
            metavar="DIR",
            help="Folder of queries, settings and library.",
            callback=_keep,
            show_default=False,
        ),
    ] = "",
    no_color: Annotated[
        bool, typer.Option("--no-color", help="No colours.", callback=_keep)
    ] = False,
    debug: Annotated[
        bool,
        typer.Option("--debug", help="Show where an error arose.", callback=_keep),
    ] = False,
    api_base: Annotated[
        str, typer.Option(metavar="URL", hidden=True, callback=_keep)
    ] = "",
    help_: Annotated[
        bool,
        typer.Option(
            "--help", "-h", help="Show this and end.", is_eager=True, callback=_help
        ),
    ] = False,
) -> None:
    """Hold the options that every command has."""


def _top(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_version),
    ] = False,
) -> None:
    pass


class LazyCommand(TyperCommand):
    """A command's name and help, whose module is imported when it is used."""

    def __init__(self, name: str, module: str, summary: str) -> None:
        super().__init__(name, help=summary)
        self.module = module

    def make_context(
        self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any
    ) -> Any:
        """Return the context of the command itself, which is thus what is invoked."""
        command = load_command(str(self.name), self.module)
        return command.make_context(info_name, args, parent, **extra)


def load_command(name: str, module: str) -> TyperCommand | TyperGroup:
    """Import a command's module and return the command with the shared options."""
    command = typer.main.get_command(import_module(module).app)
    assert isinstance(command, TyperCommand | TyperGroup)
    command.name = name
    _share_options(command)
    return command


def build_group(commands: Mapping[str, tuple[str, str]]) -> TyperGroup:
    """Return `assay` itself; `commands` maps a name to (module, one-line help)."""
    app = typer.Typer(help=HELP, epilog=EXAMPLES)
    app.callback()(_top)
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    _share_options(group)
    for name, (module, summary) in commands.items():
        group.add_command(LazyCommand(name, module, summary))
    return group


def _share_options(command: TyperCommand | TyperGroup) -> None:
    paragraphs = (command.help or "").split("\n\n")
    command.help = "\n\n".join(map(fold, paragraphs))
    command.add_help_option = False  # ours stands among the shared options
    app = typer.Typer(add_completion=False)
    app.command()(_shared)
    for option in typer.main.get_command(app).params:
        option.expose_value = False  # `_keep` has it; the command's function does not
        option.rich_help_panel = SHARED_PANEL  # type: ignore[attr-defined]
        command.params.append(option)
    for option in command.params:
        if getattr(option, "is_flag", False):
            option.metavar = ""  # else the help text says <bool>
    for inner in getattr(command, "commands", {}).values():
        _share_options(inner)
