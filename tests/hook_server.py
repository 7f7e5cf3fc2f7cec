"""A web server on loopback that answers posts as it is told, and keeps them."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace


class Answer(SimpleNamespace):
    """What the server answers: a status, headers and a body."""

    def __init__(self, status=200, body=b"ok", **headers):
        super().__init__(status=status, body=body, headers=headers)


@contextmanager
def serve_hook(*answers, tls=None, odd=None):
    """Serve on 127.0.0.1; give its address and what was posted.

    The answers are given in turn, the last one from then on. `odd(handler, done)`
    answers in a way of its own.
    """
    told = SimpleNamespace(posts=[], address="", tls=tls)
    left = list(answers) or [Answer()]
    done = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        timeout = 20

        def do_POST(self):
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length).decode()
            told.posts.append(
                SimpleNamespace(
                    path=self.path,
                    body=body,
                    **{"headers": dict(self.headers), "method": self.command},
                )
            )
            if odd:
                odd(self, done)
                return
            answer = left.pop(0) if len(left) > 1 else left[0]
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        do_GET = do_PUT = do_POST  # noqa: N815

        def log_message(self, *args):
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = True

        def handle_error(self, request, client_address):
            pass  # the client went away

    server = Server(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    scheme = "https" if tls else "http"
    told.address = f"{scheme}://127.0.0.1:{server.server_port}/in"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield told
    finally:
        done.set()
        server.shutdown()
        server.server_close()
        thread.join(20)
