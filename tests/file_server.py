"""A server of files on loopback with the faults that large downloads meet."""

import hashlib
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Served:
    """What a test sees of the server: files by path, faults to come, who asked what."""

    def __init__(self, url):
        self.url = url
        self.files: dict[str, bytes] = {}
        self.faults: list[object] = []
        """Each for one request of a file: a status, or bytes after which it breaks."""
        self.asked: list[tuple[str, str]] = []
        """(path, the Range header) of each request."""
        self.open = self.most_open = 0
        self.stalled = threading.Event()
        """Set when a request has met the fault "stall": nothing more comes."""
        self.go_on = threading.Event()


@contextmanager
def serve_files():
    """Give a `Served` whose files can be changed while it runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def do_GET(self):
            served.open += 1
            served.most_open = max(served.open, served.most_open)
            try:
                answer(self, served)
            finally:
                served.open -= 1

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served = Served(f"http://127.0.0.1:{server.server_port}/")
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield served
    finally:
        served.go_on.set()
        server.shutdown()
        server.server_close()


def answer(request, served):
    path, wanted = request.path, request.headers.get("Range", "")
    served.asked.append((path, wanted))
    if path.endswith("/"):
        send(request, 200, listing(served, path), {"Content-Type": "text/html"})
        return
    body = served.files.get(path)
    if body is None:
        send(request, 404, b"not here")
        return
    fault = served.faults.pop(0) if served.faults and ".md5" not in path else None
    if fault == 302:
        send(request, 302, b"", {"Location": "http://localhost:9/other"})
        return
    if fault in {429, 500, 503}:
        send(request, fault, b"", {"Retry-After": "0"})
        return
    if fault == "stall":
        send(request, 200, body, None, 1_000, cut=False)
        served.stalled.set()
        served.go_on.wait(60)
        return
    tag = f'"{hashlib.md5(body).hexdigest()}"'
    headers = {"ETag": tag, "Accept-Ranges": "bytes"}
    status, start = 200, 0
    if wanted and request.headers.get("If-Range") == tag:
        status, start = 206, int(wanted.removeprefix("bytes=").rstrip("-"))
        if start >= len(body):
            send(request, 416, b"", {"Content-Range": f"bytes */{len(body)}"})
            return
        headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
    send(request, status, body[start:], headers, fault)


def send(request, status, body, headers=None, breaks_after=None, cut=True):
    request.send_response(status)
    for name, value in (headers or {}).items():
        request.send_header(name, value)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body[:breaks_after])
    if cut and breaks_after is not None:
        request.close_connection = True


def listing(served, path):
    below = sorted({f[len(path) :].partition("/") for f in served.files if f != path})
    names = {name + slash for name, slash, _ in below}
    rows = "".join(f'<a href="{name}">{name}</a>\n' for name in sorted(names))
    return f'<html><a href="../">Parent</a>\n{rows}</html>'.encode()
