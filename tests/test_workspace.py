"""Which folder is the workspace, and where its things lie."""

from pathlib import Path

import pytest

from assay.edge.workspace import data_folder, find_workspace
from assay.errors import UsageError


@pytest.fixture
def places(tmp_path):
    """Make a project with queries/, a folder deep in it, and three others."""
    for name in ("project/queries", "project/deep/down", "asked", "home", "here"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


def environ(places, **more):
    return {"HOME": str(places / "home"), **more}


def test_what_was_asked_for_beats_everything(places):
    env = environ(places, ASSAY_HOME=str(places / "home"))
    found = find_workspace(str(places / "asked"), env, places / "project/deep")
    assert found.root == places / "asked"
    assert "--workspace" in found.chosen


def test_assay_home_beats_what_is_found(places):
    env = environ(places, ASSAY_HOME=str(places / "asked"))
    found = find_workspace("", env, places / "project/deep/down")
    assert found.root == places / "asked"
    assert "ASSAY_HOME" in found.chosen


def test_the_nearest_folder_upward_with_queries_is_the_workspace(places):
    found = find_workspace("", environ(places), places / "project/deep/down")
    assert found.root == places / "project"


def test_a_file_called_queries_makes_no_workspace(places):
    (places / "project/deep/queries").write_text("")
    found = find_workspace("", environ(places), places / "project/deep/down")
    assert found.root == places / "project"


def test_otherwise_it_is_the_users_data_folder(places):
    env = environ(places, XDG_DATA_HOME=str(places / "data"))
    found = find_workspace("", env, places / "here", platform="linux")
    assert found.root == places / "data" / "assay"
    assert not found.root.exists()


@pytest.mark.parametrize(
    ("platform", "env", "folder"),
    [
        ("linux", {"HOME": "/h"}, "/h/.local/share/assay"),
        ("linux", {"HOME": "/h", "XDG_DATA_HOME": "/x"}, "/x/assay"),
        ("linux", {"HOME": "/h", "XDG_DATA_HOME": "x"}, "/h/.local/share/assay"),
        ("darwin", {"HOME": "/h"}, "/h/Library/Application Support/assay"),
        ("win32", {"HOME": "/h", "LOCALAPPDATA": "/l"}, "/l/assay"),
        ("win32", {"HOME": "/h"}, "/h/AppData/Local/assay"),
    ],
)
def test_the_data_folder_follows_the_platforms_rules(platform, env, folder):
    assert data_folder(env, platform) == Path(folder)


def test_a_workspace_need_not_exist_yet_but_its_parent_must(places):
    found = find_workspace("new", environ(places), places / "here")
    assert found.root == places / "here" / "new"
    with pytest.raises(UsageError, match="no folder"):
        find_workspace("a/b/c", environ(places), places / "here")
    (places / "file").write_text("")
    with pytest.raises(UsageError, match="is a file"):
        find_workspace("../file", environ(places), places / "here")


def test_everything_that_assay_keeps_lies_in_the_cache_folder(places):
    found = find_workspace("", environ(places), places / "project")
    kept = (found.http_db, found.library, found.state_db)
    assert [str(path.relative_to(found.root)) for path in kept] == [
        "cache/http.db",
        "cache/library",
        "cache/state.db",
    ]
