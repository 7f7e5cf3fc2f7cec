"""Files that ship inside the package: starter library, vocabulary, schemas and more."""

from importlib.resources import files

from assay.errors import StoreError

STARTER = "starter.jsonl"


def read_packaged(name: str) -> bytes:
    """Return a shipped file's bytes; `name` is its path below data/, with slashes.

    Raises:
        StoreError: the installation lacks it.

    >>> read_packaged("starter.jsonl")[:1]
    b'{'
    """
    place = files("assay").joinpath("data", *name.split("/"))
    try:
        return place.read_bytes()
    except OSError as error:
        raise StoreError(
            f"This installation of assay lacks its file data/{name}. "
            "Install assay again."
        ) from error


def read_packaged_text(name: str) -> str:
    """Return a shipped file as text (UTF-8).

    Raises:
        StoreError: the installation lacks it.

    >>> read_packaged_text("starter.jsonl").count("\\n") > 100
    True
    """
    return read_packaged(name).decode("utf-8")


def packaged_names(folder: str) -> tuple[str, ...]:
    """Return the names of the files in a folder below data/, sorted; () if none.

    >>> packaged_names("no-such-folder")
    ()
    """
    place = files("assay").joinpath("data", folder)
    if not place.is_dir():
        return ()
    found = (item.name for item in place.iterdir() if item.is_file())
    return tuple(sorted(name for name in found if not name.startswith(".")))
