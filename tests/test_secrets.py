"""Secrets: the environment, else the keyring; never anywhere else."""

import sys
import threading
from base64 import b64encode
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

import assay.edge.secrets as module
from assay.cli import main
from assay.edge.deadline import within
from assay.edge.secrets import (
    SECRETS,
    SLACK,
    SMTP_PASSWORD,
    WEBHOOK,
    hide_words,
    read_secret,
    say_where,
)
from assay.errors import DeliveryError

keyring = pytest.importorskip("keyring")

CANARY = "c4nary-of-nobody"


class Kept(keyring.backend.KeyringBackend):
    """A keyring that lives as long as a test."""

    priority = 1

    def __init__(self, values):
        super().__init__()
        self.values = values

    def get_password(self, service, username):
        if isinstance(self.values, Exception):
            raise self.values
        return self.values.get((service, username))

    def set_password(self, service, username, password):
        self.values[service, username] = password


@pytest.fixture
def keep():
    """Put another keyring in the place of the person's own."""
    before = keyring.get_keyring()
    yield lambda values: keyring.set_keyring(Kept(values))
    keyring.set_keyring(before)


@pytest.mark.parametrize("name", SECRETS)
def test_the_environment_is_asked_first(keep, name):
    keep({("assay", name): "another"})
    assert read_secret(name, {name: f" {CANARY}\n"}) == CANARY


def test_the_keyring_knows_a_password_by_its_user(keep):
    keep({("assay", "me"): CANARY, ("assay", "you"): "another"})
    assert read_secret(SMTP_PASSWORD, {}, user="me") == CANARY


@pytest.mark.parametrize("name", [WEBHOOK, SLACK])
def test_the_keyring_knows_an_address_by_its_variable(keep, name):
    keep({("assay", name): f"{CANARY}\n"})
    assert read_secret(name, {name: "  "}) == CANARY


def missing(name, user=""):
    with pytest.raises(DeliveryError) as caught:
        read_secret(name, {}, user=user)
    assert caught.value.lasting
    assert caught.value.__suppress_context__
    return str(caught.value)


@pytest.mark.parametrize("name", SECRETS)
def test_what_is_nowhere_is_told_with_both_ways_to_set_it(keep, name):
    keep({})
    said = missing(name, "me@example.org")
    assert SECRETS[name].what in said.lower().replace("slack", "Slack")
    assert f"variable {name}" in said
    assert "keyring set assay" in said
    assert 'pip install "assay[keyring]"' in said
    assert "me@example.org" not in said


def test_without_the_package_the_environment_alone_counts(monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)  # as when it is not installed
    assert read_secret(WEBHOOK, {WEBHOOK: CANARY}) == CANARY
    assert 'pip install "assay[keyring]"' in missing(WEBHOOK)


def test_a_machine_without_a_keyring_is_told_so(keep):
    keep(keyring.errors.NoKeyringError("no backend"))
    assert "is not set, and this system has no keyring. Put it" in missing(SLACK)


@pytest.mark.parametrize(
    "error",
    [keyring.errors.KeyringLocked(CANARY), ValueError(CANARY), OSError(5, CANARY)],
)
def test_a_keyring_that_fails_is_told_without_its_words(keep, error):
    keep(error)
    said = missing(SMTP_PASSWORD, "me")
    assert "the keyring cannot be used" in said
    assert CANARY not in said


def test_a_keyring_that_waits_for_a_click_does_not_hold_up_a_run(monkeypatch, keep):
    clicked = threading.Event()
    monkeypatch.setattr(module, "KEYRING_WAITS", 0.05)
    monkeypatch.setattr(module, "_from_keyring", lambda _user: str(clicked.wait(20)))
    assert "the keyring did not answer (is it locked?)" in missing(WEBHOOK)
    clicked.set()


def test_work_within_its_time_gives_its_value_and_its_error():
    assert within(20, lambda: 5) == 5
    with pytest.raises(ZeroDivisionError):
        within(20, lambda: 1 // 0)


@pytest.mark.parametrize("name", SECRETS)
def test_each_secret_has_its_place(name):
    assert name in say_where(name)


@given(
    st.text("abC9 /@é", min_size=4, max_size=20),
    st.text(max_size=30),
    st.text(max_size=30),
)
def test_no_form_of_a_secret_is_left_in_a_text(secret, before, after):
    for form in (secret, quote(secret, safe=""), b64encode(secret.encode()).decode()):
        shown = hide_words(f"{before}{form}{after}", [secret])
        assert "(hidden)" in shown
        assert form not in shown.replace("(hidden)", "\0")


# --- through the command line ---------------------------------------------------------


@pytest.fixture
def assay(capsys, monkeypatch, tmp_path):
    """Run the command line in a workspace with secrets set; give all that it said."""
    for name in SECRETS:
        monkeypatch.setenv(name, f"https://{CANARY}.example/x")
    monkeypatch.setenv(SMTP_PASSWORD, CANARY)
    (tmp_path / "queries").mkdir()
    monkeypatch.chdir(tmp_path)

    def run(*words):
        status = main(words)
        said = capsys.readouterr()
        return status, said.out + said.err

    return run


@pytest.mark.parametrize(
    "text",
    [
        f'[digest.email]\npassword = "{CANARY}"',
        f'[digest.email]\nfrom = "{CANARY}"',
        f"[digest.email]\nfrom = {CANARY}",
        f'[digest.webhook]\naddress = "https://hooks.slack.com/services/{CANARY}"',
        f'[digest.webhook]\naddress = "http://{CANARY}.example/"',
        f'[digest.slack]\naddress = "{CANARY}"',
        f'[digest]\ntime_zone = "{CANARY}"',
        f'[digest]\ntoken = "{CANARY}"',
    ],
)
def test_a_file_that_is_refused_is_not_quoted_even_to_find_a_fault(
    assay, tmp_path, text, monkeypatch
):
    for name in SECRETS:  # so that it is not hidden as one of them
        monkeypatch.delenv(name)
    (tmp_path / "assay.toml").write_text(text)
    status, said = assay("search", "tea", "--debug")
    assert "assay.toml" in said
    assert status == 2
    assert CANARY not in said


def test_a_fault_that_quotes_a_password_or_an_address_is_told_without_them(
    assay, tmp_path, monkeypatch
):
    (tmp_path / "assay.toml").write_text(
        '[digest.email]\nfrom = "assay@example.org"\nto = ["ada@example.org"]\n'
    )

    def fail(*_args):
        raise ValueError(
            f"AUTH {CANARY} for ada@example.org at https://{CANARY}.example"
        )

    monkeypatch.setattr("assay.cli.queries.read_all_saved", fail)
    for words in (("queries",), ("queries", "--debug"), ("queries", "--json")):
        status, said = assay(*words)
        assert status == 1
        assert CANARY not in said
        assert "ada@example.org" not in said
