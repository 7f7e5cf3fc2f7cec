"""Where articles come from: files, standard input, and pages over a real socket."""

import gzip
import io
import ipaddress
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from assay.claims.article import MAX_BYTES, parse_article
from assay.edge.page import fetch_page, is_public, shown_address
from assay.edge.read import read_article
from assay.errors import ArticleError

HTML = b"<!doctype html><h1>Moss Tea</h1><p>Moss tea calms the nerves of shepherds.</p>"


@contextmanager
def serving(answer):
    """Run `answer(handler)` for each request on loopback; yield its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            try:
                answer(self)
            except OSError:
                self.close_connection = True

        def log_message(self, *args):
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def reply(handler, body=HTML, status=200, **headers):
    handler.send_response(status)
    for name, value in {"Content_Type": "text/html", **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def refused(address, **more):
    with pytest.raises(ArticleError) as caught:
        fetch_page(address, **more)
    message = str(caught.value)
    assert "\n" not in message
    assert message.endswith(".")
    return message


def local(answer, path="/tea", **more):
    with serving(answer) as base:
        return fetch_page(base + path, allow_local=True, **more)


def local_refused(answer, path="/tea", **more):
    with serving(answer) as base:
        return refused(base + path, allow_local=True, **more)


def read(target, stdin=b""):
    def fetch(address, *, allow_local):
        return fetch_page(address, allow_local=allow_local)

    return read_article(
        target, stdin=io.BytesIO(stdin), allow_local=True, fetch_page=fetch
    )


# --- files and standard input ------------------------------------------------------


def test_a_file_is_read_under_its_name(tmp_path):
    (tmp_path / "tea.txt").write_bytes(b"Moss tea calms.")
    page = read(str(tmp_path / "tea.txt"))
    assert (page.body, page.name) == (b"Moss tea calms.", "tea.txt")


def test_standard_input_is_read_for_a_dash():
    assert read("-", b"Tea.")[:2] == (b"Tea.", "standard input")


def test_no_more_is_read_than_is_needed_to_know_that_it_is_too_much(tmp_path):
    (tmp_path / "big").write_bytes(b"a" * (MAX_BYTES + 100))
    for page in (read(str(tmp_path / "big")), read("-", b"a" * (MAX_BYTES + 100))):
        assert len(page.body) == MAX_BYTES + 1
        with pytest.raises(ArticleError, match="too large"):
            parse_article(page.body, name=page.name)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("nowhere.txt", "no file nowhere.txt"),
        ("www.example.org/tea", "https://"),
        (".", "folder"),
        ("a\0b", "cannot be read"),
        ("x" * 5000, "cannot be read"),
        ("ftp://example.org/tea", "https://"),
        ("file:///etc/passwd", "https://"),
        ("javascript:alert(1)", "https://"),
        ("http://", "https://"),
        ("http://[::1", "https://"),
        ("http://example.org:99999/", "https://"),
    ],
)
def test_what_cannot_be_read_is_said_with_what_to_do(target, words):
    with pytest.raises(ArticleError) as caught:
        read(target)
    assert words in str(caught.value)


def test_a_file_whose_name_looks_like_an_address_is_still_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes:tea.txt").write_bytes(b"Moss tea calms.")
    assert read("notes:tea.txt").body == b"Moss tea calms."


# --- pages -------------------------------------------------------------------------


def test_a_page_comes_with_media_type_charset_and_its_shown_address():
    def answer(handler):
        reply(handler, Content_Type='Text/HTML; charset="ISO-8859-1"')

    with serving(answer) as base:
        page = read(base + "/tea?id=1&token=abc#top")
    assert page.body == HTML
    assert page.name == base + "/tea?id=1&token=…"
    assert (page.media_type, page.charset) == ("text/html", "ISO-8859-1")


def test_the_server_sees_the_name_and_no_secrets_of_ours():
    seen = {}

    def answer(handler):
        seen.update(handler.headers.items())
        reply(handler)

    with serving(answer) as base:
        fetch_page(base.replace("127.0.0.1", "localhost") + "/", allow_local=True)
    assert seen["Host"].startswith("localhost:")
    assert not {"Cookie", "Authorization", "Referer"} & set(seen)


def test_a_wrong_charset_header_does_no_harm():
    body = "<!doctype html><p>It soothes people’s nerves, naïvely.</p>".encode()

    def answer(handler):
        reply(handler, body, Content_Type="text/html; charset=iso-8859-1")

    page = local(answer)
    article = parse_article(
        page.body, name=page.name, media_type=page.media_type, charset=page.charset
    )
    assert article.text == "It soothes people’s nerves, naïvely."


def test_a_compressed_page_is_unpacked():
    assert (
        local(lambda h: reply(h, gzip.compress(HTML), Content_Encoding="gzip")).body
        == HTML
    )


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "password"),
        (403, "save the page"),
        (404, "Check the address"),
        (410, "Check the address"),
        (418, "418"),
        (429, "too often"),
        (500, "Try again later"),
        (503, "Try again later"),
        (204, "204"),
        (304, "304"),
    ],
)
def test_each_status_says_what_to_do(status, words):
    assert words in local_refused(lambda h: reply(h, b"", status))


def test_redirects_are_followed_five_times_and_no_more():
    def answer(handler):
        step = int(handler.path.strip("/"))
        if step == 0:
            reply(handler)
        else:
            reply(handler, b"", 302, Location=f"/{step - 1}")

    assert local(answer, "/5").body == HTML
    assert "redirects more than 5 times" in local_refused(answer, "/6")


@pytest.mark.parametrize(
    "location",
    [
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://localhost/",
        "//192.168.1.1/",
        "http://0/",
        "http://2130706433/",
    ],
)
def test_a_redirect_to_a_private_address_is_refused_though_local_is_allowed(
    location,
):
    message = local_refused(lambda h: reply(h, b"", 302, Location=location))
    assert "leads to" in message
    assert "private network" in message


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://x.example/"])
def test_a_redirect_to_another_kind_of_address_is_refused(location):
    assert "leads to it" in local_refused(
        lambda h: reply(h, b"", 301, Location=location)
    )


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://localhost:8080/",
        "http://[::1]/",
        "http://10.1.2.3/",
        "http://192.168.0.1/",
        "http://172.16.0.1/",
        "http://100.64.0.1/",
        "http://169.254.169.254/",
        "http://168.63.129.16/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
        "http://240.0.0.1/",
        "http://[fe80::1]/",
        "http://[fd00:ec2::254]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
    ],
)
def test_addresses_that_are_not_public_are_refused(address):
    assert "--allow-local" in refused(address)


def test_public_addresses_are_public():
    for address in ("8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"):
        assert is_public(ipaddress.ip_address(address))


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch):
    both = [(2, 1, 6, "", ("8.8.8.8", 80)), (2, 1, 6, "", ("10.0.0.1", 80))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *a, **k: both)
    assert "private network" in refused("http://two-faced.example/")


def test_the_name_is_looked_up_once_so_that_it_cannot_change_in_between(monkeypatch):
    asked = []

    def lookup(host, port, *args, **more):
        asked.append(host)
        return [(2, 1, 6, "", ("127.0.0.1", port))]

    with serving(reply) as base:
        monkeypatch.setattr("socket.getaddrinfo", lookup)
        port = base.rpartition(":")[2]
        page = fetch_page(f"http://tea.example:{port}/", allow_local=True)
    assert page.body == HTML
    assert asked.count("tea.example") == 1


def test_a_name_that_nobody_has_is_said_so(monkeypatch):
    def lookup(*args, **more):
        raise OSError("no such name")

    monkeypatch.setattr("socket.getaddrinfo", lookup)
    assert "no machine of the name" in refused("https://no-such-name.example/")


def test_credentials_are_neither_sent_nor_shown():
    message = refused("https://jane:secret@example.org/tea?password=hush")
    assert "jane" not in message
    assert "secret" not in message
    assert "hush" not in message
    assert shown_address("https://a:b@c@example.org/") == "https://example.org/"


def test_a_server_that_nobody_runs_is_said_so():
    with serving(reply) as base:
        pass
    assert "could not be reached" in refused(base, allow_local=True)


def test_a_server_that_does_not_speak_https_is_said_so():
    with serving(reply) as base:
        message = refused(base.replace("http:", "https:"), allow_local=True)
    assert "could not be reached safely" in message


def test_a_gzip_bomb_is_refused():
    bomb = gzip.compress(bytes(200_000_000), 9)
    message = local_refused(lambda h: reply(h, bomb, Content_Encoding="gzip"))
    assert "larger than 5 MB" in message


def test_damaged_compression_is_said_so():
    damaged = gzip.compress(HTML)[:-20] + b"xxxxxxxxxxxxxxxxxxxx"
    message = local_refused(lambda h: reply(h, damaged, Content_Encoding="gzip"))
    assert "damaged" in message


def test_an_unasked_packing_is_refused():
    assert "packed" in local_refused(lambda h: reply(h, HTML, Content_Encoding="br"))


def test_an_endless_body_is_refused():
    def answer(handler):
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b"Moss tea. " * 10_000)

    assert "larger than 5 MB" in local_refused(answer)


def drip(handler, before):
    """Send one byte at a time, for as long as somebody listens."""
    handler.wfile.write(before)
    for _ in range(200):
        handler.wfile.write(b"a")
        time.sleep(0.02)


@pytest.mark.parametrize(
    "before", [b"HTTP/1.0 200 OK\r\n\r\n", b"HTTP/1.0 200 OK\r\nX: "]
)
def test_a_page_that_drips_is_given_up(before):
    """Whether it is the body that drips or the headers."""
    assert "in time" in local_refused(lambda h: drip(h, before), seconds=0.3)


def test_a_server_that_breaks_off_is_said_so():
    def answer(handler):
        handler.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Length: 100\r\n\r\nshort")

    assert "broke off" in local_refused(answer)


def test_a_server_that_talks_nonsense_is_said_so():
    assert "broke off" in local_refused(lambda h: h.wfile.write(b"220 mail ready\r\n"))
