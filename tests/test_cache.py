"""Recorded answers: what is kept, what is never kept, and damage."""

import sqlite3
import subprocess
import sys
from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.edge.cache import Cache, cache_key, public_params
from assay.errors import StoreError
from assay.sources.base import Answer, Request

URL = "https://example.org/entrez/eutils/efetch.fcgi"
REQUEST = Request(method="POST", url=URL, params=(("id", "90000001"), ("db", "pubmed")))
ANSWER = Answer(
    status=200,
    body=b"<PubmedArticleSet/>" * 50,
    media_type="text/xml",
    url=URL,
    when="2026-01-02T03:04:05+00:00",
)
WRITER = """
import sys
from pathlib import Path
from assay.edge.cache import Cache
from assay.sources.base import Answer, Request
cache = Cache(Path(sys.argv[1]))
for n in range(60):
    request = Request(url="https://example.org/", params=(("n", f"{sys.argv[2]}{n}"),))
    cache.write(request, Answer(status=200, body=b"x" * 5000, when="2026-01-01"))
"""

names = st.text(max_size=8)
params = st.lists(st.tuples(names, names), max_size=6).map(tuple)


@pytest.fixture
def cache(tmp_path):
    cache = Cache(tmp_path / "deep" / "http.db")
    yield cache
    cache.close()


def test_what_was_written_is_read_as_recorded(cache):
    assert cache.read(REQUEST) is None
    cache.write(REQUEST, ANSWER)
    again = cache.read(REQUEST)
    assert (again.body, again.when, again.status) == (ANSWER.body, ANSWER.when, 200)
    assert again.media_type == "text/xml"
    assert again.recorded


def test_it_is_still_there_after_closing(tmp_path):
    for _ in range(2):
        cache = Cache(tmp_path / "http.db")
        cache.write(REQUEST, ANSWER)
        cache.close()
    cache = Cache(tmp_path / "http.db")
    assert cache.read(REQUEST).body == ANSWER.body
    assert cache.stats().answers == 1
    cache.close()


@given(params, st.permutations(range(6)))
def test_the_key_does_not_depend_on_the_order_of_parameters(pairs, order):
    mixed = tuple(pairs[i] for i in order if i < len(pairs))
    assert cache_key("GET", URL, pairs) == cache_key("GET", URL, mixed)


@given(params, st.sampled_from(["api_key", "email", "tool", "mailto"]), names)
def test_the_key_does_not_depend_on_who_asks(pairs, name, value):
    assert cache_key("GET", URL, ((name, value), *pairs)) == cache_key(
        "GET", URL, pairs
    )
    assert (name, value) not in public_params(((name, value), *pairs))


@given(params, params)
def test_other_parameters_have_another_key(one, other):
    same = public_params(one) == public_params(other)
    assert (cache_key("GET", URL, one) == cache_key("GET", URL, other)) == same


def test_method_and_address_are_part_of_the_key():
    keys = {cache_key(m, u, ()) for m in ("GET", "POST") for u in (URL, URL + "2")}
    assert len(keys) == 4


def test_who_asked_is_nowhere_in_the_file(cache):
    secrets = (("api_key", "s3cret-key"), ("email", "me@example.org"))
    request = Request(url=URL, params=(*secrets, ("db", "pubmed")))
    cache.write(request, ANSWER)
    assert cache.read(Request(url=URL, params=(("db", "pubmed"),))) is not None
    cache.close()
    stored = b"".join(p.read_bytes() for p in cache.path.parent.iterdir())
    assert b"s3cret-key" not in stored
    assert b"me@example.org" not in stored


def test_statistics_and_clearing(cache):
    empty = cache.stats()
    assert (empty.answers, empty.oldest, empty.newest) == (0, "", "")
    cache.write(REQUEST, ANSWER)
    stats = cache.stats()
    assert stats.answers == 1
    assert stats.bytes > 0
    assert stats.oldest == stats.newest == ANSWER.when
    assert cache.clear() == 1
    assert cache.stats().answers == 0


def test_two_processes_write_at_once_and_nothing_is_lost(tmp_path):
    command = [sys.executable, "-c", WRITER, str(tmp_path / "http.db")]
    runs = [subprocess.Popen([*command, name]) for name in "ab"]
    assert [run.wait() for run in runs] == [0, 0]
    cache = Cache(tmp_path / "http.db")
    assert cache.stats().answers == 120
    cache.close()


@pytest.mark.parametrize("content", [b"this is no database " * 100, b"\x00" * 9000])
def test_a_file_that_is_no_database_is_told_and_left_alone(tmp_path, content):
    path = tmp_path / "http.db"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"damaged.*Delete the file"):
        Cache(path)
    assert path.read_bytes() == content


def test_damage_inside_the_file_is_told(tmp_path):
    path = tmp_path / "http.db"
    cache = Cache(path)
    for n in range(50):
        request = Request(url=URL, params=(("n", str(n)),))
        cache.write(request, ANSWER)
    cache.close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xab" * (len(content) - 4096)
    path.write_bytes(content)
    cache = Cache(path)
    with pytest.raises(StoreError, match=r"damaged.*Delete the file"):
        cache.read(REQUEST)
    cache.close()


def test_a_body_that_was_changed_is_told(cache):
    cache.write(REQUEST, ANSWER)
    with sqlite3.connect(cache.path) as other:
        other.execute("UPDATE answers SET body = x'00'")
    other.close()
    with pytest.raises(StoreError, match="damaged"):
        cache.read(REQUEST)


def test_a_file_of_another_version_is_told(tmp_path):
    with sqlite3.connect(tmp_path / "http.db") as other:
        other.execute("PRAGMA user_version = 99")
    other.close()
    with pytest.raises(StoreError, match="another version"):
        Cache(tmp_path / "http.db")


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="Cannot open the recorded answers"):
        Cache(tmp_path / "file" / "http.db")


def test_a_full_disk_is_told(cache):
    cache._db.execute("PRAGMA max_page_count = 4")
    body = bytes(range(256)) * 4000
    digest_like = bytes((b * 7919 + i * 104729) % 251 for i, b in enumerate(body))
    answer = Answer(status=200, body=digest_like, when="2026-01-01")
    requests = [Request(url=URL, params=(("n", str(n)),)) for n in range(50)]
    with pytest.raises(StoreError, match=r"full.*free space"):
        deque(map(cache.write, requests, [answer] * 50))
