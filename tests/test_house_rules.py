"""The structure of the code base, checked: sizes, layers, purity, docstrings."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

SRC = Path(__file__).parent.parent / "src/assay"
FILES = sorted(SRC.rglob("*.py"))

MAX_LINES = 400
LAYERS = (  # a file may import from its own folder and from the lines above
    ("errors",),
    ("record", "schedule"),
    ("search", "notice"),
    ("model",),
    ("text", "dates", "ids"),
    ("query",),
    ("sources",),
    ("library", "claims"),
    ("evidence",),
    ("digest",),
    ("output",),
    ("exchange",),
    ("workflows",),
    ("edge",),
    ("cli",),
    ("__init__", "__main__"),
)
OUTSIDE = {  # modules that touch the outside world: only below `edge` and `cli`
    "httpx", "os", "pathlib", "random", "shutil", "smtplib", "socket", "sqlite3",
    "subprocess", "tempfile", "time", "urllib.request",
}  # fmt: skip


def part(path):
    """Return the first name under the package: 'sources' for sources/pubmed.py."""
    first = path.relative_to(SRC).parts[0]
    return first.removesuffix(".py")


def level(name):
    return next(i for i, names in enumerate(LAYERS) if name in names)


def imports(path):
    """Yield the dotted names that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def by_name(path):
    return str(path.relative_to(SRC))


each_file = pytest.mark.parametrize("path", FILES, ids=by_name)


@each_file
def test_files_stay_small(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


@each_file
def test_imports_go_one_way(path):
    inside = {n for n in imports(path) if n.startswith("assay.")}
    parts = {n.split(".")[1] for n in inside} - {part(path)}
    known = {p for p in parts if any(p in names for names in LAYERS)}
    upward = {p for p in known if level(p) >= level(part(path))}
    assert not upward, f"{by_name(path)} must not import {sorted(upward)}"


def test_no_import_cycles_inside_a_folder_either():
    modules = {".".join(p.relative_to(SRC.parent).with_suffix("").parts) for p in FILES}
    graph = {}
    for path in FILES:
        name = ".".join(path.relative_to(SRC.parent).with_suffix("").parts)
        wanted = set(imports(path)) | {f"{n}.__init__" for n in imports(path)}
        graph[name] = (wanted & modules) - {name}
    TopologicalSorter(graph).prepare()  # raises CycleError with the path


@each_file
def test_only_the_edge_touches_the_world(path):
    if level(part(path)) < level("edge"):
        assert not OUTSIDE & set(imports(path))


@each_file
def test_no_import_hides_inside_a_function(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    hidden = [
        n.lineno
        for function in functions
        for n in ast.walk(function)
        if isinstance(n, ast.Import | ast.ImportFrom)
    ]
    assert not hidden, f"{by_name(path)}: lines {hidden}"


@each_file
def test_public_things_have_docstrings(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "module"
    for node in tree.body:
        is_def = isinstance(node, ast.FunctionDef | ast.ClassDef)
        if is_def and not node.name.startswith("_"):
            assert ast.get_docstring(node), node.name


@each_file
def test_types_need_no_hidden_imports(path):
    assert "typing.TYPE_CHECKING" not in set(imports(path)), "mend the layers instead"


def test_one_file_knows_the_http_library():
    users = {by_name(p) for p in FILES if "httpx" in set(imports(p))}
    assert users <= {"edge/fetch.py", "edge/page.py", "edge/download.py"}
