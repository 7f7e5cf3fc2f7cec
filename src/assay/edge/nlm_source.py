"""Where files come from: paths, folders, listings on the web, places of fsspec.

What is found is a list of NLM's files, each with the md5 that is told of it, and a list
of all other files, which are records for the library.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from assay.edge.addresses import (
    is_folder,
    join_address,
    list_folder,
    local_path,
    name_of,
    open_address,
    read_address,
)
from assay.edge.download import Downloader
from assay.edge.nlm_bytes import digest_file
from assay.errors import AssayError, SourceDownError
from assay.library.nlm_files import NlmFile, parse_nlm_name
from assay.library.nlm_listing import (
    FOLDERS,
    is_wanted,
    parse_listing,
    parse_md5,
)

MD5 = ".md5"


class Source(NamedTuple):
    """One of NLM's files, and where it lies."""

    file: NlmFile
    address: str
    md5: str = ""
    """As the file beside it tells; "" where nothing is told, or nobody has looked."""


class Sources(NamedTuple):
    """All that was named on the command line."""

    nlm: tuple[Source, ...] = ()
    """In the order of their numbers; the same file twice stands once."""
    others: tuple[str, ...] = ()
    """Addresses of files that bear no name of NLM's."""


def find_sources(words: Iterable[str], web: Downloader) -> Sources:
    """Return what the person named: files, folders and addresses.

    Of a folder or listing: NLM's files in it, and those in its folders `baseline` and
    `updatefiles`; nothing below that, and no other files.

    Raises:
        AssayError: something named is not there, or a folder holds no such file.
        SourceDownError: a listing cannot be had.
    """
    nlm: dict[NlmFile, str] = {}
    others: list[str] = []
    for word in words:
        for address in _expand(word, web):
            file = parse_nlm_name(address_name(address))
            if file:
                nlm.setdefault(file, address)
            else:
                others.append(address)
    found = tuple(Source(file, nlm[file]) for file in sorted(nlm))
    return Sources(found, tuple(dict.fromkeys(others)))


def is_web(address: str) -> bool:
    """Tell whether an address is asked by HTTP.

    >>> is_web("https://ftp.ncbi.nlm.nih.gov/pubmed/"), is_web("s3://bucket/x")
    (True, False)
    """
    return address.partition("://")[0].lower() in {"http", "https"}


def address_name(address: str) -> str:
    """Return the name of the file at an address.

    >>> address_name("https://a.example/x/pubmed26n0001.xml.gz?download=1")
    'pubmed26n0001.xml.gz'
    """
    return name_of(unquote(urlsplit(address).path) if is_web(address) else address)


def read_md5(address: str, web: Downloader) -> str:
    """Return the md5 that the .md5 beside a file tells; "" when there is none.

    Raises:
        SourceDownError: it cannot be had.
        AssayError: what lies there tells no md5.
    """
    beside = address + MD5
    content = web.read(beside) if is_web(address) else read_address(beside)
    if content is None:
        return ""
    if md5 := parse_md5(content.decode("ascii", "replace")):
        return md5
    raise AssayError(f"{beside} tells no md5. Download it again.")


def find_md5(source: Source, web: Downloader) -> str:
    """Return a file's md5: as it is told, else of its bytes; "" on the web.

    Raises:
        SourceDownError, AssayError: as `read_md5`.
        OSError: the file cannot be read.
    """
    told = source.md5 or read_md5(source.address, web)
    if told or is_web(source.address):
        return told
    with open_address(source.address) as file:
        return digest_file(file, "md5")


def _expand(word: str, web: Downloader) -> Iterator[str]:
    """Yield the addresses of the files that one word of the command line names."""
    if is_web(word):
        found = list(_expand_web(word, web))
    elif is_folder(word):
        found = list(_expand_folder(word))
    else:
        path = local_path(word)
        if path is not None and not path.is_file():
            raise AssayError(f"There is no file or folder {word}; nothing was loaded.")
        yield word
        return
    if not found:
        raise AssayError(
            f"{word} holds no file of PubMed's (such as pubmed26n0001.xml.gz), nor do "
            f"folders {' and '.join(FOLDERS)} in it; nothing was loaded."
        )
    yield from found


def _expand_folder(folder: str, depth: int = 1) -> Iterator[str]:
    for name in list_folder(folder):
        address = join_address(folder, name)
        if parse_nlm_name(name):
            yield address
        elif depth and is_wanted(name) and is_folder(address):
            yield from _expand_folder(address, depth - 1)


def _expand_web(address: str, web: Downloader, depth: int = 1) -> Iterator[str]:
    if "." in address_name(address):
        yield address
        return
    address = f"{address.rstrip('/')}/"
    page = web.read(address)
    if page is None:
        raise SourceDownError(address, "it is not there", "Look at it in a browser.")
    for found in parse_listing(page.decode("utf-8", "replace"), address):
        if parse_nlm_name(address_name(found)):
            yield found
        elif depth:
            yield from _expand_web(found, web, depth - 1)
