"""Builds the PubMed scanner with assay where a C compiler is at hand, else goes on.

Without it everything works, with the same results; PubMed files are parsed by lxml, at
a third of the speed. An editable install gets the extension into the source tree, a
wheel gets it inside, and is then a wheel for one platform.
"""

import hashlib
import tempfile
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from setuptools import Distribution, Extension
from setuptools.command.build_ext import build_ext
from setuptools.errors import BaseError, CCompilerError

NAME = "assay.sources._pubmed_scan"
SOURCES = Path("src/assay/sources")
WITHOUT = (
    "assay is built without its PubMed scanner, since no C compiler for Python's "
    "extensions is at hand: everything works, large PubMed files are read more slowly."
)


class ScannerHook(BuildHookInterface):
    """What hatchling calls around the making of a wheel."""

    def initialize(self, version, build_data):
        """Build the extension and say where it is to go."""
        self.work = tempfile.TemporaryDirectory(prefix="assay-scanner-")
        work = Path(self.work.name)
        editable = version == "editable"
        place = Path(self.root) / SOURCES if editable else work
        try:
            built = build_scanner(Path(self.root), place, work)
        except (BaseError, CCompilerError, OSError):
            self.app.display_warning(WITHOUT)
            return
        if not editable:
            build_data["force_include"][str(built)] = f"assay/sources/{built.name}"
            build_data["pure_python"] = False
            build_data["infer_tag"] = True

    def finalize(self, *_made):
        """Take away what the compiler left."""
        self.work.cleanup()


def build_scanner(root: Path, place: Path, work: Path) -> Path:
    """Compile and link the extension into a folder; return its path.

    Raises:
        CCompilerError: there is no compiler, or it has no headers of Python.
    """
    sources = sorted((root / SOURCES).glob("pubmed_scan*.[ch]"))
    told = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    extension = Extension(
        NAME,
        [str(path) for path in sources if path.suffix == ".c"],
        define_macros=[("SCANNER_SOURCES", told)],
    )
    command = build_ext(Distribution({"name": "assay", "ext_modules": [extension]}))
    command.build_lib = command.build_temp = str(work)
    command.force = True
    command.ensure_finalized()
    command.run()
    built = Path(command.get_ext_fullpath(NAME))
    return built.replace(place / built.name)
