"""Shared fixtures: loopback only, golden pages, and the shared data where present."""

import socket
from pathlib import Path

import pytest

from tests.standin.services import serve_service

HERE = Path(__file__).parent
SHARED = HERE.parent.parent / "shared"


def pytest_addoption(parser):
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite tests/golden"
    )
    parser.addoption("--long", action="store_true", help="run the full versions too")


def pytest_collection_modifyitems(config, items):
    if config.getoption("--long"):
        return
    skip = pytest.mark.skip(reason="the long version: run with --long")
    for item in items:
        if "long" in item.keywords:
            item.add_marker(skip)


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch):
    """Refuse every connection that leaves this machine."""
    connect = socket.socket.connect

    def guarded(self, address):
        host = address[0] if isinstance(address, tuple) else ""
        if self.family != socket.AF_UNIX and host not in {
            "127.0.0.1",
            "::1",
            "localhost",
        }:
            raise AssertionError(f"a test tried to reach {host}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def notice_services():
    """Serve Crossref and OpenAlex, which a check asks about notices; give addresses."""
    with serve_service("crossref") as crossref, serve_service("openalex") as openalex:
        yield {"ASSAY_CROSSREF": crossref.url, "ASSAY_OPENALEX": openalex.url}


@pytest.fixture(autouse=True)
def _own_world(monkeypatch, tmp_path):
    """Keep tests from the person's own settings, keys and library."""
    for name in (
        "NCBI_API_KEY",
        "ASSAY_EMAIL",
        "ASSAY_TOOL",
        "ASSAY_HOME",
        "ASSAY_EUTILS",
        "OPENALEX_API_KEY",
        "ASSAY_OPENALEX_CREDITS",
        "ASSAY_EUROPEPMC",
        "ASSAY_OPENALEX",
        "ASSAY_CROSSREF",
        "ASSAY_CLINICALTRIALS",
        "ASSAY_DOAJ",
        "ASSAY_UNPAYWALL",
        "ASSAY_SMTP_PASSWORD",
        "ASSAY_WEBHOOK",
        "ASSAY_SLACK_WEBHOOK",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg-data"))


@pytest.fixture
def with_notices(monkeypatch, notice_services, _own_world):
    """Let Crossref and OpenAlex be asked about notices, as `assay check` does."""
    for name, address in notice_services.items():
        monkeypatch.setenv(name, address)


@pytest.fixture
def shared():
    """Return the folder of shared data, or skip the test where it is not present."""
    if not (SHARED / "data").is_dir():
        pytest.skip("needs ../shared/data, which is not part of the repository")
    return SHARED / "data"


@pytest.fixture
def golden(request):
    """Compare text with tests/golden/NAME; rewrite it with --update-golden."""

    def check(name, text):
        path = HERE / "golden" / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return check
