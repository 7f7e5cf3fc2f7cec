"""`assay replay`: repeat what a bundle holds, and say whether it comes out the same."""

from pathlib import Path
from typing import Annotated

import typer

from assay import __version__
from assay.cli.files import write_output
from assay.cli.progress import show_progress
from assay.cli.repeating import repeat
from assay.cli.session import ERROR, Session
from assay.edge.bundle import OUTCOME, read_bundle
from assay.edge.bundle_file import open_container
from assay.errors import UsageError
from assay.output.clean import one_line
from assay.output.replay import (
    Replay,
    find_difference,
    render_replay_json,
    say_replay,
)

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: assay replay evidence.assay")
def replay(
    ctx: typer.Context,
    *,
    bundle: Annotated[
        Path,
        typer.Argument(
            metavar="BUNDLE",
            help="A file that --bundle or `assay bundle` wrote.",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FOLDER",
            help="Write what came out here into a folder, to be compared.",
            show_default=False,
        ),
    ] = None,
) -> int:
    """Repeat a bundle without any network, and say whether it comes out the same.

    Nothing is asked but the bundle: no service, no library, none of your settings. The
    status is 0 where every report is the same to the byte, else 1, and the first
    difference is shown. A bundle that is damaged or was changed is refused.
    """
    session: Session = ctx.obj
    if output is not None and not output.is_dir():
        raise UsageError(f"There is no folder {output}.")
    with open_container(bundle) as container, show_progress(session, "Repeating"):
        packed = read_bundle(container)
        came = repeat(packed)
        manifest = container.manifest
    found = Replay(
        bundle=one_line(bundle.name),
        whole=manifest.whole,
        made_by=one_line(manifest.assay),
        here=__version__,
        command=one_line(manifest.command),
        parts=len(manifest.parts),
        outcome=tuple(sorted(packed.outcome)),
        difference=find_difference(packed.outcome, came),
    )
    for name, content in came.items() if output else ():
        path = Path(str(output)) / name.removeprefix(OUTCOME)
        write_output(session, path, content.decode())
    if session.as_json:
        session.write(render_replay_json(found))
    else:
        session.write("".join(f"{line}\n" for line in say_replay(found)))
    return ERROR if found.difference else 0
