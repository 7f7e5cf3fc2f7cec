"""A server on loopback that speaks the chat-completions shape, with its faults."""

import json
from contextlib import contextmanager
from types import SimpleNamespace

from tests.net import raw_server, read_request, reply

HANG = object()
"""A fault: the question is read and never answered."""


def completion(content, **more):
    """Return a chat completion that says `content`."""
    message = {"role": "assistant", "content": content}
    choice = {"index": 0, "message": message, "finish_reason": "stop", **more}
    return {"object": "chat.completion", "choices": [choice]}


def quoting(data):
    """Answer that the abstract supports the claim, by its first sentence."""
    first = data["abstract"].split("\n")[0].split(". ")[0]
    return json.dumps({"answer": "supports", "quote": first})


@contextmanager
def serve_chat(answer=quoting):
    """Serve; gives `url`, the `asked` requests and `fail`, for faults that come first.

    `answer(data)` has the claim, title and abstract, and returns what the model says,
    or a whole chat completion. A fault is a (status, body, *headers), or HANG.
    """
    asked, faults = [], []

    def talk(connection):
        while request := read_request(connection):
            head, _, body = request.decode().partition("\r\n\r\n")
            first, *lines = head.split("\r\n")
            headers = {
                name.lower(): value.strip()
                for name, _, value in (line.partition(":") for line in lines)
            }
            sent = json.loads(body)
            asked.append(SimpleNamespace(first=first, headers=headers, sent=sent))
            fault = faults.pop(0) if faults else None
            if fault is HANG:
                while connection.recv(65536):
                    pass
                return
            if fault:
                status, said, *extra = fault
                connection.sendall(reply(said, status=status, headers=extra))
                continue
            said = answer(json.loads(sent["messages"][1]["content"]))
            whole = said if isinstance(said, dict) else completion(said)
            connection.sendall(reply(json.dumps(whole).encode()))

    def fail(*fault, times=1):
        faults.extend([fault if fault != (HANG,) else HANG] * times)

    with raw_server(talk) as url:
        address = url.replace("/entrez/eutils/", "/v1/")
        yield SimpleNamespace(url=address, asked=asked, fail=fail)
