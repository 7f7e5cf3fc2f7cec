"""docs/reference/ is what the program says of itself, and says all of it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assay.cli import COMMANDS
from assay.cli.frame import build_group, load_command
from assay.cli.reference import render_pages
from assay.cli.session import STATUSES
from assay.edge.packaged import packaged_names
from assay.edge.settings import KEYS

FOLDER = Path(__file__).parent.parent / "docs/reference"
PAGES = render_pages()


def every_command():
    yield "assay", build_group(COMMANDS)
    waiting = [
        (f"assay {name}", load_command(name, module))
        for name, (module, _) in COMMANDS.items()
    ]
    while waiting:
        path, command = waiting.pop()
        yield path, command
        inner = getattr(command, "commands", {})
        waiting += [(f"{path} {name}", each) for name, each in inner.items()]


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_up_to_date(name):
    page = (FOLDER / name).read_text(encoding="utf-8")
    assert page == PAGES[name], "run: python -m assay.cli.reference"


def test_every_command_and_option_is_described():
    page = PAGES["cli.md"]
    for path, command in every_command():
        if path != "assay":
            assert f"# {path}\n" in page
            assert command.epilog, f"{path} has no example"
        for param in command.params:
            if not getattr(param, "hidden", False):
                assert param.help, f"{path} {param.name} has no help"
                assert param.metavar is not None, f"{path} {param.name}: no metavar"
                assert all(f"`{word}`" in page for word in param.opts if "-" in word)


def test_every_status_setting_and_shape_is_described():
    assert all(f"| {status} |" in PAGES["exit-status.md"] for status in STATUSES)
    assert all(f"`{name}`" in PAGES["settings.md"] for name in KEYS)
    assert all(key.variable in PAGES["settings.md"] for key in KEYS.values())
    schemas = [name.partition(".")[0] for name in packaged_names("schemas")]
    assert len(schemas) > 5
    assert all(f"`assay/{name}/1`" in PAGES["json.md"] for name in schemas)


def test_links_between_the_pages_lead_somewhere():
    headings = [line for line in PAGES["json.md"].splitlines() if line[:1] == "#"]
    anchors = {
        "".join(
            c
            for c in line.strip("# ").lower().replace(" ", "-")
            if c.isalnum() or c == "-"
        )
        for line in headings
    }
    assert "json.md#assays-errors" in PAGES["exit-status.md"]
    assert "assays-errors" in anchors


def test_the_pages_can_be_written_with_one_command(tmp_path):
    command = [sys.executable, "-m", "assay.cli.reference", str(tmp_path)]
    subprocess.run(command, check=True, env=dict(os.environ))
    written = {
        path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()
    }
    assert {name: written[name] for name in PAGES} == PAGES
