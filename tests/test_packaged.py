"""Files that ship inside the package are read, and their absence is explained."""

import pytest

from assay.edge.packaged import packaged_names, read_packaged, read_packaged_text
from assay.errors import StoreError


def test_a_shipped_file_is_read_as_bytes_and_as_text():
    assert read_packaged("starter.jsonl").decode() == read_packaged_text(
        "starter.jsonl"
    )


def test_a_missing_file_names_itself_and_the_remedy():
    with pytest.raises(StoreError, match=r"data/schemas/nothing\.json.*again"):
        read_packaged("schemas/nothing.json")


def test_folders_list_their_files_in_order():
    names = packaged_names("")
    assert "starter.jsonl" in names
    assert list(names) == sorted(names)
