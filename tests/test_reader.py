"""The built-in reader: same input, same numbers; and no verdict on a last digit."""

from random import Random

import pytest

from assay.edge.packaged import read_packaged
from assay.edge.reader import open_reader
from assay.edge.spare import open_spare
from assay.evidence.scores import find_scores
from tests.claim_samples import claim, study
from tests.shaken import find_verdicts
from tests.test_ranking import SHAKEN as NEARNESS

SHAKEN = 0.3
"""More than the most by which a logit differed between two versions of onnxruntime
(1.20 and 1.32; 207 pairs: .02 on average, .21 at most)."""
CLAIM = "Valerian improves sleep quality."
BETTER = "Sleep quality was significantly better with valerian than with placebo."
SAME = "Sleep quality did not differ between the valerian and placebo groups."
BRIDGE = "The bridge was closed in winter because of ice."


@pytest.fixture(scope="module")
def reader():
    return open_reader()


def scores(reader, *sentences, **more):
    return find_scores(reader.ask(claim(CLAIM), study(*sentences, **more)))


def test_it_tells_better_from_no_different_and_from_something_else(reader):
    assert scores(reader, BETTER).supports > 0.5
    assert scores(reader, SAME).contradicts > 0.5
    assert scores(reader, BRIDGE).silent > 0.5


def test_its_rationale_is_the_sentence_that_tells_the_finding(reader):
    read = study("Adults were randomly assigned.", BETTER, title="Valerian and sleep")
    reading = reader.ask(claim(CLAIM), read)
    best = max(range(len(read.lines)), key=lambda at: reading.rationale[at])
    assert read.lines[best].text == BETTER
    assert len(reading.rationale) == len(reading.roles) == len(read.lines)
    assert reading.roles[0] == -1  # the title plays no role


def test_the_same_input_gives_the_same_numbers_whatever_was_asked_before(reader):
    read = study(BETTER, SAME)
    first = reader.ask(claim(CLAIM), read)
    reader.ask(claim("Valerian can cause nausea."), study(BRIDGE))
    assert reader.ask(claim(CLAIM), read) == first
    assert open_reader().ask(claim(CLAIM), read) == first


def test_of_a_study_that_is_too_long_the_end_is_read(reader):
    read = study(*[f"{BRIDGE[:-1]} {n}." for n in range(200)], BETTER)
    reading = reader.ask(claim(CLAIM), read)
    assert len(reading.rationale) == len(read.lines)
    assert reading.rationale[-1] > 0 > reading.rationale[1]
    assert reading.roles[1] == -1


def test_a_single_endless_sentence_is_read_from_its_start(reader):
    reading = reader.ask(claim(CLAIM), study(BETTER[:-1] + " and so on" * 190 + "."))
    assert reading is not None
    assert all(-50 < logit < 50 for logit in reading.logits)


def test_a_study_without_sentences_is_not_read(reader):
    assert reader.ask(claim(CLAIM), study(title="Valerian and sleep")) is None


def test_letters_of_every_script_are_read_without_complaint(reader):
    for text in (
        "\u0441\u043e\u043d \u043b\u0443\u0447\u0448\u0435.",
        "睡眠が改善した。",
        "🜁 🜂.",
        "…",
    ):
        reading = reader.ask(claim(CLAIM), study(text))
        assert reading is None or len(reading.logits) == 3


def verdicts(folder, body, name, shake=None):
    """Return each claim's verdict; `shake` moves each logit and each nearness."""
    reader = open_reader()

    def ask(asked, read):
        reading = reader.ask(asked, read)
        if shake is None or reading is None:
            return reading
        logits = tuple(x + shake.uniform(-SHAKEN, SHAKEN) for x in reading.logits)
        return reading._replace(logits=logits)

    def move(near):
        return near + shake.uniform(-NEARNESS, NEARNESS) if shake else near

    found = find_verdicts(folder, body, name, ask=ask, move=move)
    return [(text, verdict.label) for text, verdict in found]


def test_the_example_article_is_judged_alike_when_every_logit_is_shaken(tmp_path):
    name = "kratom-evening-tea.md"
    body = read_packaged(f"examples/{name}")
    still = verdicts(tmp_path / "still", body, name)
    for seed in range(2):
        assert verdicts(tmp_path / str(seed), body, name, Random(seed)) == still


def test_a_seed_article_is_judged_alike_when_every_logit_is_shaken(shared, tmp_path):
    name = "000_c4b64477d02104bb.txt"
    body = (shared / "articles" / name).read_bytes()
    still = verdicts(tmp_path / "still", body, name)
    shaken = verdicts(tmp_path / "shaken", body, name, Random(1))
    assert shaken == still


def test_what_was_begun_ahead_comes_out_as_if_it_had_been_asked_alone():
    with open_spare() as spare:
        check_ahead(open_reader(spare))


def check_ahead(reader):
    pairs = [
        (claim(text), study(*sentences))
        for text in (CLAIM, "Valerian can cause nausea.")
        for sentences in ((BETTER,), (SAME, BRIDGE), (BRIDGE,), (), (BETTER, SAME))
    ]
    for pair in pairs:
        reader.ahead(*pair)
    reader.ahead(*pairs[0])  # told twice
    begun = [reader.ask(*pair) for pair in reversed(pairs)]
    alone = open_reader()
    assert begun == [alone.ask(*pair) for pair in reversed(pairs)]
    assert begun == [reader.ask(*pair) for pair in reversed(pairs)]
