"""How many PubMed records a CPU second reads, against a bare loop and three peers.

    python -m bench.parse FILE.xml.gz ... [--runs 3] [--peers PYTHON] [--only NAME ...]
    python -m bench.parse FILE.xml.gz FILE.xml.gz --together

The files are NLM's own (a baseline and an update file); unpacking them is part of the
time. Every reader is a process of its own. Its CPU seconds are user and system time of
that process and all that it started, from its start to its end; its memory is the
largest resident set. Given is the median of the runs, which take turns.

- assay: every field of every record, as `Record` values, by its scanner in C.
- assay by lxml: the same without the scanner, as where no compiler is.
- gunzip alone: Python's gzip, nothing done with the bytes.
- bare lxml: `iterparse` and eight fields by find and iterfind, nothing kept: the least
  that anybody does with lxml.
- libxml2 alone: the same blocks that assay cuts, parsed and not looked at: the floor.
- pubmed_parser: `parse_medline_xml` with all that it can give (about 25 fields).
- Bio.Entrez.read: everything, in one piece in memory; refuses files whose document
  type declaration says http://, which are NLM's own too.
- xtract: 45 elements as a table, mark-up kept (-mixed; without it, text is lost); it is
  written in Go, runs on all cores, and comes with Debian's ncbi-entrez-direct.

`--peers` names the interpreter of an environment that has pubmed_parser and Biopython;
without it this one is asked. A peer that is not installed is named and left out.

`--together` starts one process of assay for each file at the same time, and gives the
CPU seconds of each beside those that it takes alone: where they do not grow, two
processors read twice as much as one, whatever else the machine is doing.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from assay.sources.pubmed_scan import SCAN

ASSAY = """
import gzip, sys
from assay.record import Record
from assay.sources.pubmed_xml import iter_records
with gzip.open(sys.argv[1]) as file:
    chunks = iter(lambda: file.read(1 << 18), b"")
    print(sum(type(item) is Record for item in iter_records(chunks)))
"""

GUNZIP = """
import gzip, sys
with gzip.open(sys.argv[1]) as file:
    while file.read(1 << 18):
        pass
print(0)
"""

BARE = """
import gzip, sys
from lxml import etree
count = 0
for _, e in etree.iterparse(
    gzip.open(sys.argv[1]), tag="PubmedArticle", load_dtd=False, resolve_entities=False
):
    fields = (
        e.findtext("MedlineCitation/PMID"),
        e.findtext(".//ArticleTitle"),
        [part.text for part in e.iterfind(".//AbstractText")],
        [part.findtext("LastName") for part in e.iterfind(".//Author")],
        e.findtext(".//Journal/Title"),
        e.findtext(".//PubDate/Year"),
        [part.text for part in e.iterfind(".//DescriptorName")],
        [part.text for part in e.iterfind(".//PublicationType")],
    )
    count += 1
    e.clear()
    while e.getprevious() is not None:
        del e.getparent()[0]
print(count)
"""

FLOOR = """
import gzip, sys
from lxml import etree
end, rest, count = b"</PubmedArticle>", b"", 0
parser = etree.XMLParser(resolve_entities=False, collect_ids=False)
with gzip.open(sys.argv[1]) as file:
    while chunk := file.read(1 << 18):
        rest += chunk
        start = rest.find(b"<PubmedArticle>") if not count else 0
        cut = rest.rfind(end) + len(end)
        if start >= 0 and cut >= len(end):
            count += len(etree.fromstring(b"<s>" + rest[start:cut] + b"</s>", parser))
            rest = rest[cut:]
print(count)
"""

PUBMED_PARSER = """
import sys
from pubmed_parser import parse_medline_xml
records = parse_medline_xml(
    sys.argv[1], year_info_only=False, nlm_category=True, author_list=True,
    reference_list=True, parse_downto_mesh_subterms=True,
)
print(sum(not record["delete"] for record in records))
"""

BIOPYTHON = """
import gzip, sys
from Bio import Entrez
print(len(Entrez.read(gzip.open(sys.argv[1]))["PubmedArticle"]))
"""

ELEMENTS = """MedlineCitation/PMID ArticleTitle VernacularTitle AbstractText
    CopyrightInformation LastName ForeName Initials Suffix CollectiveName Affiliation
    Identifier ISSN Volume Issue Title ISOAbbreviation Year Month Day Season MedlineDate
    MedlinePgn ELocationID Language DataBankName AccessionNumber GrantID Acronym Agency
    PublicationType Country NlmUniqueID NameOfSubstance RegistryNumber CitationSubset
    RefSource DescriptorName QualifierName Keyword CoiStatement OtherID
    PublicationStatus ArticleId Citation"""

XTRACT = (
    'gunzip -c "$0" | xtract -mixed -pattern PubmedArticle -lbl RECORD -element '
    + " ".join(ELEMENTS.split())
    + " | grep -c '^RECORD'"
)


@dataclass(frozen=True)
class Run:
    """What one process did."""

    records: int
    cpu: float
    """Seconds."""
    memory: float
    """Megabytes."""


def readers(peers):
    """Return each reader's command by its name, without the file."""
    return {
        "assay": [sys.executable, "-c", ASSAY],
        "assay by lxml": ["env", "ASSAY_NO_SCANNER=1", sys.executable, "-c", ASSAY],
        "gunzip alone": [sys.executable, "-c", GUNZIP],
        "bare lxml, 8 fields": [sys.executable, "-c", BARE],
        "libxml2 alone": [sys.executable, "-c", FLOOR],
        "pubmed_parser": [peers, "-c", PUBMED_PARSER],
        "Bio.Entrez.read": [peers, "-c", BIOPYTHON],
        "xtract": ["sh", "-c", XTRACT],
    }


def why_left_out(name, peers):
    """Return why a peer cannot take part, or ""."""
    if name == "assay":
        return "" if SCAN else "its scanner is not built; see assay by lxml"
    if name == "xtract":
        return "" if shutil.which("xtract") else "xtract is not installed"
    module = {"pubmed_parser": "pubmed_parser", "Bio.Entrez.read": "Bio"}.get(name)
    if module is None:
        return ""
    command = [peers, "-c", f"import {module}"]
    asked = subprocess.run(command, capture_output=True, check=False)
    return "" if asked.returncode == 0 else f"{module} is not installed for {peers}"


def measure(command, path):
    """Run one reader over one file; return a `Run`, or None when it failed."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen([*command, str(path)], stdout=output, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        words = output.read().split()
        if process.returncode or not words:
            errors.seek(0)
            last = errors.read().decode(errors="replace").strip().rpartition("\n")[2]
            print(f"{path.name}: a reader failed: {last}", file=sys.stderr)
            return None
    cpu = usage.ru_utime + usage.ru_stime
    return Run(int(words[-1]), cpu, usage.ru_maxrss / 1024)


def compare(path, commands, rounds):
    """Print one table for one file."""
    runs = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            run = measure(command, path)
            if run:
                runs[name].append(run)
    bare = runs.get("bare lxml, 8 fields")
    floor = statistics.median(run.cpu for run in bare) if bare else None
    print(f"\n{path.name}, {rounds} runs in turn\n")
    print(f"{'reader':22}{'records':>9}{'CPU s':>8}{'per CPU s':>11}{'MB':>7}  of bare")
    for name, done in runs.items():
        if not done:
            print(f"{name:22}failed")
            continue
        cpu = statistics.median(run.cpu for run in done)
        memory = max(run.memory for run in done)
        ratio = f"{floor / cpu:8.2f}" if floor else ""
        count = done[0].records
        print(f"{name:22}{count:9}{cpu:8.2f}{count / cpu:11.0f}{memory:7.0f}{ratio}")


def compare_together(paths, command, rounds):
    """Print what each file takes alone and beside the others."""
    alone = [[measure(command, path).cpu for _ in range(rounds)] for path in paths]
    with ThreadPoolExecutor(len(paths)) as pool:
        runs = [list(pool.map(partial(measure, command), paths)) for _ in range(rounds)]
    together = [[run.cpu for run in of_path] for of_path in zip(*runs, strict=True)]
    print(f"\nassay, {len(paths)} processes at once, median of {rounds} CPU seconds\n")
    for path, *both in zip(paths, alone, together, strict=True):
        one, many = map(statistics.median, both)
        print(f"{path.name:26} alone{one:6.2f}  together{many:6.2f}  x{many / one:.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--peers", default=sys.executable, metavar="PYTHON")
    parser.add_argument("--only", nargs="*", metavar="NAME")
    parser.add_argument("--together", action="store_true")
    options = parser.parse_args()
    if options.together:
        compare_together(options.files, [sys.executable, "-c", ASSAY], options.runs)
        return
    commands = {}
    for name, command in readers(options.peers).items():
        if options.only and name not in options.only:
            continue
        if reason := why_left_out(name, options.peers):
            print(f"left out: {name}: {reason}")
        else:
            commands[name] = command
    for path in options.files:
        compare(path, commands, options.runs)


if __name__ == "__main__":
    main()
