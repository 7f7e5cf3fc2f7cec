"""The first seed article against the claims that two readers marked in it."""

import json
import sys

import pytest

from tests.eval.checking import accepted, check_offline, match_claims, reversed_, show
from tests.eval.floors import hold

ARTICLE = "000_c4b64477d02104bb.txt"


@pytest.fixture
def matched(shared, tmp_path):
    body = (shared / "articles" / ARTICLE).read_bytes()
    report = check_offline(body, ARTICLE, tmp_path)

    def against(name):
        lines = (shared / "kratom" / name).read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines]
        matches = match_claims(rows, report.findings)
        sys.stdout.write(show(matches))
        return matches

    return against


def test_the_sixteen_claims_are_found_and_judged_as_the_readers_did(matched):
    matches = matched("claims-dev.jsonl")
    assert len(matches) == 16
    hold("kratom-found", sum(m.finding is not None for m in matches))
    hold("kratom-accepted", sum(map(accepted, matches)))
    assert not [m.row["id"] for m in matches if reversed_(m)]


def test_the_finer_list_of_the_second_reader_is_met_too(matched):
    matches = matched("claims-dev-second.jsonl")
    assert len(matches) == 28
    hold("kratom-second-found", sum(m.finding is not None for m in matches))
    hold("kratom-second-agreed", sum(map(accepted, matches)))
    assert not [m.row["id"] for m in matches if reversed_(m)]
