"""`assay check --reader NAME` as a person runs it, with readers on this machine."""

import json
import logging

import pytest

from assay.cli import main
from assay.edge import second_reader_endpoint as endpoint
from assay.edge.patience import Patience
from tests.chat import serve_chat
from tests.standin import serve
from tests.test_schemas import check
from tests.tiny_onnx import write_model

pytestmark = pytest.mark.usefixtures("with_notices")

KEY = "k3y-of-nobody-at-all"
ARTICLE = "# Tea\n\nKratom tea relieves pain.\n"
ONNX = """
[readers.local]
kind = "onnx"
model = "model.onnx"
tokenizer = "tokenizer.json"
labels = {entailment = "supports", contradiction = "contradicts", neutral = "silent"}
"""


@pytest.fixture
def assay(capsys, monkeypatch, tmp_path):
    """Run one command in a workspace of its own; return (status, output, errors)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASSAY_HOME", str(tmp_path))
    (tmp_path / "tea.md").write_text(ARTICLE, encoding="utf-8")

    def run(*words):
        status = main([str(word) for word in words])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


@pytest.fixture
def pubmed(monkeypatch):
    with serve() as server:
        monkeypatch.setenv("ASSAY_EUTILS", server.url)
        yield server


@pytest.fixture
def chat(monkeypatch, tmp_path):
    """Serve a model that the workspace's assay.toml names "mine"."""
    fast = Patience(attempts=2, first=0.0, most=0.0, jitter=0.0)
    monkeypatch.setattr("assay.cli.check_second.PATIENCE", fast)
    monkeypatch.setenv("MY_KEY", KEY)
    with serve_chat() as server:
        (tmp_path / "assay.toml").write_text(
            f'[readers.mine]\nkind = "openai"\nurl = "{server.url}"\n'
            'model = "tiny"\nkey_env = "MY_KEY"\nstudies = 2\n'
        )
        yield server


def seconds(out):
    return [claim["second"] for claim in check("check", out)["claims"]]


def without_second(out):
    whole = json.loads(out)
    for claim in whole["claims"]:
        del claim["second"]
    return whole


def test_a_local_classifier_needs_no_network_and_changes_no_verdict(assay, tmp_path):
    write_model(tmp_path)
    (tmp_path / "assay.toml").write_text(ONNX)
    status, out, err = assay(
        "check", "tea.md", "--offline", "--json", "--reader", "local"
    )
    assert (status, err) == (0, "")
    [second] = seconds(out)
    assert second["kind"] == "the ONNX model model.onnx"
    assert len(second["answers"]) > 1
    plain = assay("check", "tea.md", "--offline", "--json")[1]
    assert without_second(out) == without_second(plain)
    again = assay("check", "tea.md", "--offline", "--json", "--reader", "local")[1]
    assert again == out


def test_an_endpoint_is_asked_once_and_its_answers_serve_offline(
    assay, pubmed, chat, tmp_path
):
    words = ("check", "tea.md", "--json", "--reader", "mine")
    status, out, err = assay(*words)
    assert (status, err) == (0, "")
    [second] = seconds(out)
    assert second["label"] == "supported"
    assert second["kind"] == f"the model tiny at {chat.url}"
    assert len(second["answers"]) == len(chat.asked) == 2
    for answer in second["answers"]:
        assert answer["sentence"]
    assert seconds(assay(*words, "--offline")[1]) == [second]
    assert len(chat.asked) == 2
    assay(*words, "--refresh")
    assert len(chat.asked) == 4


def test_what_says_who_asks_pubmed_does_not_reach_the_reader(
    assay, pubmed, chat, monkeypatch
):
    monkeypatch.setenv("NCBI_API_KEY", "invented-key-0123456789")
    monkeypatch.setenv("ASSAY_EMAIL", "somebody@example.org")
    assert assay("check", "tea.md", "--reader", "mine")[0] == 0
    for asked in chat.asked:
        sent = json.dumps([asked.first, asked.headers, asked.sent])
        assert "invented-key-0123456789" not in sent
        assert "somebody" not in sent


def test_the_key_reaches_no_file_no_report_and_no_message(
    assay, pubmed, chat, tmp_path, caplog
):
    caplog.set_level(logging.DEBUG)
    said = json.dumps({"error": {"message": f"what is {KEY}?"}}).encode()
    chat.fail("400 Bad Request", said)
    files = ("-o", "a.html", "-o", "a.md", "-o", "a.json")
    words = ("check", "tea.md", "--reader", "mine", *files, "--debug", "--explain")
    status, out, err = assay(*words)
    assert status == 3
    assert "what is [hidden]?" in out
    assert chat.asked[0].headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in out + err + caplog.text
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or KEY.encode() not in file.read_bytes(), file


def test_offline_only_recorded_answers_are_used_and_what_lacks_is_said(assay, chat):
    status, out, _ = assay("check", "tea.md", "--offline", "--reader", "mine")
    assert status == 3
    assert chat.asked == []
    told = "reader mine: offline, and the answer to this was never recorded. Run it"
    assert out.count(told) == 1
    assert "No answer for 2 studies." in out


def test_a_server_that_refuses_leaves_the_verdicts_as_they_are(assay, pubmed, chat):
    plain = assay("check", "tea.md", "--json")[1]
    chat.fail("401 Unauthorized", b"", times=99)
    status, out, _ = assay("check", "tea.md", "--json", "--reader", "mine")
    assert status == 3
    [problem] = json.loads(out)["problems"]
    assert problem["where"] == "reader mine"
    assert problem["what"] == "it refuses to answer (HTTP 401)"
    verdicts = [claim["verdict"] for claim in json.loads(out)["claims"]]
    assert verdicts == [claim["verdict"] for claim in json.loads(plain)["claims"]]


def test_an_invented_quote_is_not_shown_and_told(assay, pubmed, chat, monkeypatch):
    monkeypatch.setattr(
        endpoint,
        "build_messages",
        lambda question: (("system", "x"), ("user", '{"abstract": "Invented words"}')),
    )
    status, out, _ = assay("check", "tea.md", "--reader", "mine")
    assert status == 0
    assert "Invented words" not in out
    assert "2 answers are not used: Its quote is not in the abstract." in out


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("", 'There is no reader "local": '),
        (ONNX.replace("local", "other"), "there is: other."),
        (ONNX, "reader local: there is no file "),
        (ONNX.replace(', neutral = "silent"', ""), "leaves none of the three out"),
        (ONNX.replace("onnx", "magic", 1), '"kind" must be onnx or openai'),
        (
            '[readers.local]\nkind = "openai"\nmodel = "m"\n'
            'url = "https://example.org/v1"\nkey_env = "NO_SUCH_VARIABLE"',
            "The variable NO_SUCH_VARIABLE, for the key of reader local, is not set.",
        ),
        (
            '[readers.local]\nkind = "openai"\nmodel = "m"\n'
            'url = "http://example.org/v1"',
            '"url" must be an https address (or http on this machine).',
        ),
    ],
)
def test_a_slip_is_one_sentence_before_anything_is_searched(
    assay, tmp_path, toml, said
):
    (tmp_path / "assay.toml").write_text(toml)
    status, out, err = assay("check", "tea.md", "--reader", "local")
    assert (status, out) == (2, "")
    assert said in err
    assert len(err.splitlines()) == 1
