"""How many requests `assay serve` answers a second, how soon, and with how much memory.

    python -m bench.serve WORKSPACE [--rate 500] [--seconds 20] [--workers 2]
                                    [--requests 100000] [--connections 8]

Starts the server over a workspace that holds records (see `assay library ingest`) and
asks it from one lean client process, both on this machine: half searches of 1 to 3
clauses (20 PMIDs, JSON), half fetches of 1 to 5 records as XML. Requests begin at fixed
times, whether or not earlier ones were answered, and latency counts from these times.
With --requests as many as it can take, so that growing memory would show.
Linux only: CPU and memory of the server's processes are read from /proc.
"""

import argparse
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from queue import Empty, SimpleQueue
from urllib.parse import quote_plus, urlsplit

PATH = "/entrez/eutils"
TICK_S = 1 / os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 0.01
PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
SAMPLE = 400
"""Records whose titles give the words that are searched for."""


class Connection:
    """One connection that is kept open; reads whole answers."""

    def __init__(self, host):
        name, _, port = host.partition(":")
        self.socket = socket.create_connection((name, int(port)), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.host, self.held = host.encode(), b""

    def get(self, path):
        """Return (status, body)."""
        head = b"GET %b HTTP/1.1\r\nHost: %b\r\n\r\n" % (path.encode(), self.host)
        self.socket.sendall(head)
        while b"\r\n\r\n" not in self.held:
            self.read()
        head, _, self.held = self.held.partition(b"\r\n\r\n")
        status, low = int(head[9:12]), head.lower()
        if b"transfer-encoding: chunked" in low:
            return status, self.chunks()
        length = int(re.search(rb"content-length: (\d+)", low)[1])
        return status, self.take(length)

    def chunks(self):
        """Return the body of a chunked answer."""
        parts = []
        while True:
            while b"\r\n" not in self.held:
                self.read()
            size, _, self.held = self.held.partition(b"\r\n")
            part = self.take(int(size, 16) + 2)[:-2]
            if not part:
                return b"".join(parts)
            parts.append(part)

    def take(self, length):
        """Return so many bytes."""
        while len(self.held) < length:
            self.read()
        taken, self.held = self.held[:length], self.held[length:]
        return taken

    def read(self):
        """Read what has come."""
        data = self.socket.recv(1 << 18)
        if not data:
            raise ConnectionError("the server closed the connection")
        self.held += data


def main():
    """Start the server, ask it, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--rate", type=float, default=500.0)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--requests", type=int, default=0)
    parser.add_argument("--connections", type=int, default=8)
    asked = parser.parse_args()
    process, told = start(asked.workspace, asked.workers)
    try:
        host = urlsplit(told["address"]).netloc
        paths = plan(Connection(host), random.Random(1))
        print(f"{told['records']:,} records, {asked.workers} processes")
        run(host, paths, 300, 100.0, asked.connections)  # what is cold is read once
        measure(process.pid, host, paths, asked)
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(20)
    return 0


def start(workspace, workers):
    """Start the server; return its process and what it said."""
    command = [sys.executable, "-m", "assay", "serve", "--eutils", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--workers", str(workers), "--json"],
        env={**os.environ, "ASSAY_HOME": str(workspace)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    return process, json.loads("".join(iter(process.stdout.readline, "}\n")) + "}")


def plan(connection, chance):
    """Return the paths of 2,000 requests, searches and fetches in turn."""
    ids = re.findall(
        rb"\d+",
        connection.get(
            f"{PATH}/esearch.fcgi?term=all%5Bsb%5D&retmax=20000&rettype=uilist"
        )[1]
        .partition(b"<IdList>")[2]
        .partition(b"</IdList>")[0],
    )
    ids = [pmid.decode() for pmid in ids]
    chance.shuffle(ids)
    sample = ",".join(ids[:SAMPLE])
    summaries = json.loads(
        connection.get(f"{PATH}/esummary.fcgi?retmode=json&id={sample}")[1]
    )["result"]
    titles = [summaries[uid]["title"] for uid in summaries["uids"]]
    titles = [re.findall(r"[a-z]{4,}", title.lower()) for title in titles]
    titles = [words for words in titles if len(words) > 3]
    searches = [search(chance, chance.choice(titles)) for _ in range(1000)]
    fetches = [fetch(chance, ids) for _ in range(1000)]
    return [path for pair in zip(searches, fetches, strict=True) for path in pair]


def search(chance, words):
    """Return a search with words of one title."""
    first, second = chance.sample(words, 2)
    term = chance.choice(
        (
            f"{first}[tiab] AND {second}[tiab]",
            f"({first} OR {second}) AND 2000:2021[dp]",
            f"{first}[ti] AND ({second} OR {first}[mh]) NOT review[pt]",
            f'"{words[0]} {words[1]}"[ti]',
            f"{first[:6]}*[ti] AND {second}",
        )
    )
    return f"{PATH}/esearch.fcgi?retmode=json&retmax=20&term={quote_plus(term)}"


def fetch(chance, ids):
    """Return a fetch of one to five records."""
    wanted = ",".join(chance.sample(ids, chance.randint(1, 5)))
    return f"{PATH}/efetch.fcgi?db=pubmed&retmode=xml&id={wanted}"


def measure(pid, host, paths, asked):
    """Ask for a while and print what it took."""
    rate = 1e9 if asked.requests else asked.rate
    number = asked.requests or int(asked.rate * asked.seconds)
    before, cpu = memory(pid), processor(pid)
    own, began = time.process_time(), time.perf_counter()
    waits, sent = run(host, paths, number, rate, asked.connections)
    took = time.perf_counter() - began
    own = time.process_time() - own
    cpu, after = processor(pid) - cpu, memory(pid)
    waits.sort()
    half, most = waits[len(waits) // 2], waits[int(len(waits) * 0.95)]
    print(f"{number:,} requests in {took:.1f} s: {number / took:,.0f} a second")
    if not asked.requests:
        print(f"latency p50 {half * 1000:.1f} ms, p95 {most * 1000:.1f} ms")
    each = cpu / number * 1000
    print(f"server CPU {cpu:.1f} s ({each:.2f} ms a request), client {own:.1f} s")
    print(f"{sent / 1e6:,.0f} MB sent; memory {before:.0f} MB, then {after:.0f} MB")


def run(host, paths, number, rate, connections):
    """Send so many requests; return the latencies (s) and the bytes that came."""
    begin = time.perf_counter() + 0.05
    todo = SimpleQueue()
    for at in range(number):
        todo.put((begin + at / rate, paths[at % len(paths)]))
    done, failed = [], []

    def work():
        try:
            ask_all(Connection(host), todo, done)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed or len(done) < number:
        raise SystemExit(f"{number - len(done)} requests failed: {failed[:3]}")
    return [wait for wait, _ in done], sum(size for _, size in done)


def ask_all(connection, todo, done):
    """Send what is to be sent, each when its time has come."""
    while True:
        try:
            due, path = todo.get_nowait()
        except Empty:
            return
        if (early := due - time.perf_counter()) > 0:
            time.sleep(early)
        status, body = connection.get(path)
        if status != 200 or b"ERROR" in body[:400]:
            raise ValueError(f"{path}: {status} {body[:200]!r}")
        done.append((time.perf_counter() - due, len(body)))


def family(pid):
    """Yield the /proc folders of a process and those that it began."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == pid or int(folder.name) == pid:
            yield folder


def processor(pid):
    """Return the CPU seconds of a server's processes."""
    total = 0
    for folder in family(pid):
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total * TICK_S


def memory(pid):
    """Return the megabytes of a server's processes that are theirs alone."""
    total = 0
    for folder in family(pid):
        pages = (folder / "statm").read_text().split()
        total += (int(pages[1]) - int(pages[2])) * PAGE
    return total / 1e6


if __name__ == "__main__":
    sys.exit(main())
