"""The pages that a newcomer reads: their commands run, their tables hold."""

import ast
import importlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from contextlib import ExitStack
from pathlib import Path

import pytest

from assay.claims.article import parse_article
from assay.claims.find import find_claims
from assay.claims.vocabulary import parse_vocabulary
from assay.cli import COMMANDS
from assay.cli.frame import build_group, load_command
from assay.edge.packaged import read_packaged_text
from assay.evidence.design import WEIGHTS
from assay.evidence.mismatch import FLAGS
from assay.evidence.reading import read_record
from assay.evidence.stance import RULES, judge_line
from assay.record import Record, Section
from tests.standin import serve
from tests.standin.__main__ import OTHERS
from tests.standin.services import serve_service

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(
    page.relative_to(ROOT).as_posix()
    for page in (
        *ROOT.glob("*.md"),
        *DOCS.rglob("*.md"),
        *(ROOT / name / "README.md" for name in ("bench", "cache", "queries")),
        ROOT / "tests/standin/README.md",
    )
)
VERDICT = DOCS / "explanation/how-a-verdict-is-reached.md"
STANDIN_PAGE = "docs/how-to/try-the-client-without-pubmed.md"

_FENCE = re.compile(
    r"^(?P<indent> *)(?:<!-- file: (?P<file>\S+) -->\n\s*)?```(?P<kind>\w*)\n"
    r"(?P<body>.*?)^ *```$",
    re.MULTILINE | re.DOTALL,
)


NEXT = "@@next@@"
"""Printed between two commands."""


def read(page):
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(text):
    """Yield (kind, file name, text) of every fenced block, without its indentation."""
    for found in _FENCE.finditer(text):
        indent = len(found["indent"])
        lines = (line[indent:] for line in found["body"].splitlines(keepends=True))
        yield found["kind"], found["file"], "".join(lines)


# --- the commands of the pages, run in order ------------------------------------------


def steps_of(page):
    """Yield ("file", name, text) and ("run", command, what it prints) in page order."""
    for kind, name, body in blocks(read(page)):
        if name:
            yield "file", name, body
        elif kind == "console":
            for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
                command, _, said = part.partition("\n")
                yield "run", command, said


def as_pattern(said):
    """Return a pattern for what a page shows: … is anything in a line, or any lines."""
    lines = []
    for line in said.splitlines():
        if line.strip() == "…":
            lines.append(r"(?:.*\n)*?")
        else:
            lines.append(".*?".join(map(re.escape, line.split("…"))) + r"\n")
    return re.compile("".join(lines))


SERVICES = (
    "ASSAY_EUTILS", "ASSAY_EUROPEPMC", "ASSAY_OPENALEX", "ASSAY_CROSSREF",
    "ASSAY_CLINICALTRIALS", "ASSAY_DOAJ", "ASSAY_UNPAYWALL",
)  # fmt: skip


def make_environ(folder):
    """Make this environment's `assay` and `python`; return a shell's variables."""
    place = folder / "bin"
    place.mkdir()
    for name, words in (("assay", "-m assay"), ("python", "")):
        file = place / name
        file.write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n')
        file.chmod(0o755)
    return {
        "PATH": f"{place}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "src"),
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder / "data"),
        "ASSAY_HOME": str(folder / "home"),
        **dict.fromkeys(SERVICES, "http://127.0.0.1:9/"),  # nobody answers there
        "PYTHONUTF8": "1",
        "LC_ALL": "C.UTF-8",
    }


def run_page(page, folder, ports=None):
    """Run a page's commands in one shell; return [(command, expected, printed)].

    `ports` are those to ask in place of the ones that the page names.
    """
    if not shutil.which("bash"):
        pytest.skip("the pages' commands are for bash, which is not installed")
    (folder / "home").mkdir()
    script, shown = ["exec 2>&1"], []
    for kind, name, text in steps_of(page):
        if kind == "file":
            script.append(f"cat > {shlex.quote(name)} <<'END-OF-FILE'")
            script.append(f"{text}END-OF-FILE")
        else:
            shown.append((name, text))
            command = name
            for told, real in (ports or {}).items():
                command = command.replace(told, real)
            script += [command, f"echo {NEXT}"]
    done = subprocess.run(
        ["bash", "-c", "\n".join(script)],
        cwd=folder / "home",
        env=make_environ(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        timeout=300,
        check=False,
    )
    printed = done.stdout.decode("utf-8").split(f"{NEXT}\n")
    assert len(printed) == len(shown) + 1, f"{page}: the shell ended early"
    return [(*each, said) for each, said in zip(shown, printed, strict=False)]


RUN = [
    page
    for page in PAGES
    if any(kind == "run" for kind, *_ in steps_of(page)) and page != STANDIN_PAGE
]


def compare(page, outcome):
    for command, expected, printed in outcome:
        assert as_pattern(expected).fullmatch(printed), (
            f"{page}: `{command}` printed\n{printed}\nand not\n{expected}"
        )


@pytest.mark.parametrize("page", RUN)
def test_every_command_of_the_page_prints_what_the_page_shows(page, tmp_path):
    compare(page, run_page(page, tmp_path))


def test_the_commands_for_the_stand_in_work_against_it(tmp_path):
    with ExitStack() as stack:
        servers = [stack.enter_context(serve())]
        servers += [stack.enter_context(serve_service(name)) for name in OTHERS]
        ports = {
            str(8123 + number): re.search(r":(\d+)/", server.url)[1]
            for number, server in enumerate(servers)
        }
        outcome = run_page(STANDIN_PAGE, tmp_path, ports)
    compare(STANDIN_PAGE, outcome)


def test_the_tutorial_is_among_the_pages_that_are_run():
    assert "docs/tutorial.md" in RUN
    assert sum(kind == "run" for kind, *_ in steps_of("docs/tutorial.md")) > 15


@pytest.mark.parametrize(
    ("said", "printed", "same"),
    [
        ("a … c\n", "a b c\n", True),
        ("a … c\n", "a b\n c\n", False),
        ("a\n…\nc\n", "a\nb\nb\nc\n", True),
        ("a\n…\nc\n", "a\nc\n", True),
        ("a\n", "a\nb\n", False),
        ("", "an error\n", False),
    ],
)
def test_the_ellipsis_stands_for_part_of_a_line_or_for_lines(said, printed, same):
    assert bool(as_pattern(said).fullmatch(printed)) is same


# --- commands, links and letters ------------------------------------------------------


def known_options():
    """Return the options of every command, by its words."""
    found = {}
    waiting = [((n,), load_command(n, module)) for n, (module, _) in COMMANDS.items()]
    while waiting:
        words, command = waiting.pop()
        found[words] = {option for p in command.params for option in p.opts}
        inner = getattr(command, "commands", {})
        waiting += [((*words, name), each) for name, each in inner.items()]
    own = {option for p in build_group(COMMANDS).params for option in p.opts}
    return {(): own, **found}


OPTIONS = known_options()


def commands_in(text):
    """Yield the words behind `assay` wherever a page shows a command."""
    shown = [body for kind, _, body in blocks(text) if kind in {"sh", "console"}]
    prose = _FENCE.sub("", text)
    shown += re.findall(r"`(assay [^`\n]+)`", prose)
    for line in "\n".join(shown).splitlines():
        for found in re.finditer(r"(?:^|[|;$(] ?|&& )assay ([^|;#>]*)", line):
            with_dots = found[1].replace("'", "").replace('"', "")
            yield with_dots.split()


@pytest.mark.parametrize("page", PAGES)
def test_every_command_and_option_that_a_page_shows_exists(page):
    if page == "CHANGELOG.md":
        pytest.skip("the changelog speaks of what once was")
    for words in commands_in(read(page)):
        path = tuple(words[:2]) if tuple(words[:2]) in OPTIONS else tuple(words[:1])
        if not words or words[0].startswith("-"):
            path = ()
        if words and words[0].isupper():
            continue  # "assay COMMAND --help" stands for any
        if path:
            assert path in OPTIONS, f"{page}: there is no `assay {' '.join(words)}`"
        given = {w.partition("=")[0] for w in words if re.match(r"--?[a-z]", w)}
        unknown = given - OPTIONS.get(path, set())
        assert not unknown, f"{page}: `assay {' '.join(words)}` has no {unknown}"


def anchors_of(text):
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", text), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", h.lower()).strip().replace(" ", "-") for h in headings
    }


@pytest.mark.parametrize("page", PAGES)
def test_every_relative_link_leads_somewhere(page):
    prose = re.sub(r"`[^`\n]*`", "", _FENCE.sub("", read(page)))
    for target in re.findall(r"\]\(([^)\s]+)\)", prose):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = ((ROOT / page).parent / path).resolve() if path else ROOT / page
        assert file.exists(), f"{page} links to {target}, which is not there"
        if anchor:
            assert anchor in anchors_of(file.read_text(encoding="utf-8")), target


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_a_heading_no_emoji_and_no_place_of_its_writers(page):
    text = read(page)
    assert re.search(r"^# \S", text, re.MULTILINE)
    signs = re.findall("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]", text)
    assert set(signs) <= {"✓", "✗"}
    assert not re.search(r"(?:^|[\s(`'\"])/(?:work|tmp)/", text, re.MULTILINE)


def test_the_index_leads_to_every_page():
    index = read("docs/index.md")
    for page in DOCS.rglob("*.md"):
        name = page.relative_to(DOCS).as_posix()
        assert name == "index.md" or f"]({name})" in index, (
            f"{name} is not in the index"
        )


# --- the tables of "how a verdict is reached" -----------------------------------------


def table(name):
    """Return the rows of a marked table, without its heading."""
    text = VERDICT.read_text(encoding="utf-8").partition(f"<!-- table: {name} -->\n")[2]
    lines = text.partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_page_lists_every_design_with_its_weight():
    shown = {design: float(weight) for design, weight, _ in table("designs")}
    assert shown == {design.value: weight for design, weight in WEIGHTS.items()}


def test_the_page_lists_every_flag_in_its_own_words():
    assert {code.strip("`"): message for code, message in table("flags")} == FLAGS


def test_the_page_has_an_example_for_every_relation():
    assert {relation.strip("`") for relation, *_ in table("relations")} == set(RULES)


@pytest.mark.parametrize(
    "row", table("relations"), ids=lambda row: f"{row[0]} {row[4]}".replace("`", "")
)
def test_each_example_gets_the_answer_that_the_page_shows(row):
    relation, said, found, answer, rule = (cell.strip("`") for cell in row)
    own = next(body for kind, _, body in blocks(read_verdict()) if kind == "toml")
    words = parse_vocabulary(read_packaged_text("vocabulary.toml"), own)
    claims = find_claims(parse_article(said.encode(), name="said.txt"), words)
    section = Section(found, label="RESULTS", category="RESULTS")
    record = Record(source="x", pmid="90000902", title="Lunaroot", abstract=(section,))
    study = read_record(record, words)
    [line] = [line for line in study.lines if line.place == "RESULTS"]
    [claim] = claims
    assert claim.frame.relation == relation
    judged = judge_line(claim, line, study, words)
    assert (judged.stance.value, judged.rule) == (answer, rule)


def read_verdict():
    return VERDICT.read_text(encoding="utf-8")


def numbers_of(module):
    """Return the public numbers that a module defines, with their values."""
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    assigned = [node for node in tree.body if isinstance(node, ast.Assign)]
    targets = [target for node in assigned for target in node.targets]
    names = {n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)}
    public = {name: getattr(module, name) for name in names if name[0] != "_"}
    return {n: v for n, v in public.items() if isinstance(v, int | float)}


def test_the_page_lists_every_number_that_decides_something():
    folder = ROOT / "src/assay/evidence"
    names = [f"evidence.{file.stem}" for file in sorted(folder.glob("[a-z]*.py"))]
    modules = {name: importlib.import_module(f"assay.{name}") for name in names}
    modules["workflows"] = importlib.import_module("assay.workflows")
    real = {
        f"{module}.{name}": float(value)
        for module in modules
        for name, value in numbers_of(modules[module]).items()
    }
    shown = {name.strip("`"): float(value) for name, value, _ in table("constants")}
    assert shown == real, f"bring the numbers of {VERDICT.name} up to date"


# --- README, dependencies -------------------------------------------------------------


def test_the_dependencies_page_lists_just_what_pyproject_names():
    project = tomllib.loads(read("pyproject.toml"))["project"]
    wanted = [project["dependencies"], project["optional-dependencies"]["test"]]
    text = read("docs/explanation/dependencies.md")
    for heading, requirements in zip(
        ("## At run time", "## For the tests"), wanted, strict=True
    ):
        part = text.partition(heading)[2].partition("\n## ")[0]
        shown = re.findall(r"^\| ([\w-]+) \|.+\|.+\|.+\|$", part, re.MULTILINE)[1:]
        named = {re.match(r"[\w-]+", each)[0] for each in requirements}
        assert set(shown) == named
        assert len(shown) == len(named)


def test_the_two_commands_of_the_readme_are_known_to_check():
    readme = read("README.md")
    assert "\npython3 check --demo\n" in readme
    assert "\npython3 check\n" in readme
    command = [sys.executable, str(ROOT / "check"), "--help"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "--demo" in said


def test_the_readme_claims_no_more_than_the_floors_hold():
    floors = json.loads(read("tests/eval/floors.json"))
    rows = re.findall(r"^\| .* \| (\d+) \|$", read("README.md"), re.MULTILINE)
    named = ("kratom-found", "kratom-accepted", "kratom-second-found")
    named += ("kratom-second-agreed",)
    *figures, reversed_ = map(int, rows)
    assert reversed_ == 0
    for name, figure in zip(named, figures, strict=True):
        assert figure <= floors[name], f"README.md: {name} is {floors[name]}"
