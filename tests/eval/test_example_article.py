"""The example article that ships, against what its claims may be judged as.

The answers were set by hand while the program's own findings and the sentences quoted
for them were in view, so they hold what is reached; they are no independent measure.
Where two answers can be defended, both stand.
"""

import pytest

from assay.edge.packaged import read_packaged
from tests.eval.checking import check_offline

NAME = "kratom-evening-tea.md"
EXPECTED = [
    ("Kratom is made from the leaves of a tree that grows in Southeast Asia",
     {"supported"}),
    ("mitragynine, acts on the same opioid receptors", {"supported"}),
    ("The contents of kratom products vary widely", {"supported", "mixed"}),
    ("heavy metals or bacteria", {"supported"}),
    ("A cup in the evening improves the quality of their sleep",
     {"insufficient", "mixed"}),
    ("Kratom cures insomnia for good", {"insufficient", "contradicted"}),
    ("Red-vein strains are more sedating", {"insufficient"}),
    ("Some people use kratom to get through opioid withdrawal", {"supported"}),
    ("Kratom eases the aches", {"insufficient", "mixed"}),
    ("Kratom eases the restlessness", {"insufficient", "mixed"}),
    ("Kratom eases the craving", {"insufficient", "mixed"}),
    ("Kratom may also relieve pain", {"supported", "mixed"}),
    ("Regular use can lead to dependence", {"supported"}),
    ("Stopping suddenly can bring on withdrawal", {"supported"}),
    ("Trouble sleeping is itself a common symptom when regular users stop",
     {"supported"}),
    ("Kratom has been linked to liver injury", {"supported"}),
    ("Large amounts can cause seizures", {"insufficient", "supported"}),
    ("Kratom, being natural, is free of interactions", {"contradicted"}),
    ("Nobody has ever died with kratom in the blood", {"contradicted"}),
    ("Babies whose mothers drank kratom", {"supported"}),
    ("kratom is not approved as a medicine", {"supported", "insufficient"}),
    ("Talk to your doctor", {"not checkable"}),
]  # fmt: skip


@pytest.fixture(scope="module")
def findings(tmp_path_factory):
    body = read_packaged(f"examples/{NAME}")
    folder = tmp_path_factory.mktemp("library")
    return check_offline(body, NAME, folder).findings


@pytest.mark.parametrize(("words", "labels"), EXPECTED)
def test_each_claim_is_found_and_keeps_an_answer_that_can_be_defended(
    findings, words, labels
):
    (found,) = [f for f in findings if words in f.claim.text]
    assert found.verdict.label.value in labels


def test_what_the_makers_say_is_put_down_to_them(findings):
    said = {f.claim.text: f.claim.frame.attribution for f in findings}
    assert (
        said["A cup in the evening improves the quality of their sleep"] == "Fans say"
    )


def test_orders_and_words_about_the_article_itself_are_no_claims(findings):
    told = " ".join(f.claim.text for f in findings)
    assert "regular hours" not in told
    assert "demonstration" not in told
    assert "health advice" not in told


def test_babies_are_judged_by_babies(findings):
    (found,) = [f for f in findings if f.claim.text.startswith("Babies")]
    counted = [e.sentence for e in found.evidence if e.weight]
    assert all("newborn" in s or "infant" in s for s in counted)
