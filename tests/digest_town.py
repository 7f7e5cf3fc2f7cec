"""A workspace with every channel, what is around it, and what reached the person."""

import json
import threading
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from bench.digest.files import PMID, check_files
from bench.digest.forks import open_forks
from bench.digest.place import environment, write_query, write_settings
from bench.digest.services import serve_others

from assay.digest.model import name_of
from assay.edge.ledger import read_digest, read_headings, read_marks
from assay.edge.outbox import read_parcels
from tests.mail_server import Inbox, serve_mail
from tests.standin import serve
from tests.standin.living_records import State, Wish, row_of
from tests.standin.replies import RECORD_SET

START = datetime(2024, 1, 1, 12, tzinfo=UTC)
WISHES = [Wish(0), Wish(5), Wish(10)]
"""All of them look for one word."""
CHANNELS = ("html", "atom", "markdown", "ris", "eml", "email", "webhook")
SOCKETS = """
host = "127.0.0.1"
tls = "none"
port = {mail}

[digest.webhook]
address = "{hook}"
"""


@contextmanager
def receive_hooks():
    """Receive webhooks on loopback; give the address and the bodies."""
    bodies = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self):
            bodies.append(
                json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            )
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/hook", bodies
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class Town:
    """A workspace, all that is around it, and what reached the person."""

    def __init__(self, folder, stack):
        self.folder, self.state = folder, folder / "cache" / "state.db"
        self.now, self.pmid = START, 92_500_000
        self.given = {}
        """PMID → when it was made known."""
        self.inbox = Inbox()
        self.pubmed = stack.enter_context(serve(records_xml=RECORD_SET % b""))
        mail = stack.enter_context(serve_mail(self.inbox))
        hook, self.hooks = stack.enter_context(receive_hooks())
        others = stack.enter_context(serve_others())
        environ = environment({"eutils": self.pubmed.url, **others}, folder / "data")
        self.forks = stack.enter_context(open_forks(environ))
        for wish in WISHES:
            write_query(folder, wish)
        write_settings(folder, CHANNELS)
        with (folder / "assay.toml").open("a", encoding="utf-8") as file:
            file.write(SOCKETS.format(mail=mail.port, hook=hook))

    def bear(self, each=2):
        """Let a month go by, and records appear for every query."""
        self.now += timedelta(days=32)
        for wish in WISHES:
            for _ in range(each):
                self.put(wish)

    def put(self, wish, **given):
        """Let one record appear today; return it."""
        self.pmid += 1
        today = self.now.date()
        facts = {
            "family": self.pmid,
            "subject": self.pmid,
            "created": today,
            "entered": today,
            "revised": today,
            "published": (today.year,),
            "doi": f"10.99999/town.{self.pmid}",
            "words": (wish.one,),
            "abstract": (),
        }
        state = State(pmid=self.pmid, **(facts | given))
        self.pubmed.world.add(row_of(state))
        self.given[str(self.pmid)] = self.now
        return state

    def run(self, die_at=0, together=1):
        """Make a run ten minutes after the last one."""
        self.now += timedelta(minutes=10)
        return self.forks.run(self.folder, self.now, die_at=die_at, together=together)

    def digests(self):
        found = [h.number for h in read_headings(self.state)]
        return [read_digest(self.state, number) for number in sorted(found)]

    def check(self):
        """See that everything was told once on every channel, and nothing else."""
        digests = self.digests()
        items = Counter(item.work.pmid for d in digests for item in d.items)
        assert items == Counter(self.given.keys())
        assert not read_parcels(self.state), "something still lies in the outbox"
        assert not check_files(self.folder / "digests", digests, CHANNELS)
        names = {name_of(digest): digest for digest in digests}
        hooks = {body["id"]: body for body in self.hooks}
        assert {key.rpartition(".")[2] for key in hooks} == names.keys()
        told = Counter(
            item["work"]["pmid"]
            for body in hooks.values()
            for item in body["digest"]["items"]
        )
        assert told == items, "the webhook"
        assert count_mail(m for _, _, m in self.inbox.messages) == items
        files = (self.folder / "digests").glob("*.eml")
        assert count_mail(path.read_bytes() for path in files) == items
        assert not any(mark.problem for mark in read_marks(self.state))


def count_mail(messages):
    """Return how often each PMID stands in mails of different Message-IDs."""
    parsed = {
        found["Message-ID"]: found
        for found in (message_from_bytes(raw, policy=default) for raw in messages)
    }
    return Counter(
        pmid
        for message in parsed.values()
        for pmid in set(PMID.findall(message.get_body(("plain",)).get_content()))
    )
