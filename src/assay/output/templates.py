"""The engine of the HTML pages: it escapes every value and cleans every text."""

from collections.abc import Mapping
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined

from assay.output.clean import clean


def open_templates(names: Mapping[str, object]) -> Environment:
    """Return an engine for the templates that ship, which know these names besides.

    >>> engine = open_templates({"said": "<b>\x1b[1mtea"})
    >>> print(engine.from_string("{{ said }}").render())
    &lt;b&gt;tea
    """
    environment = Environment(
        loader=FunctionLoader(_template),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(names)
    return environment


def _template(name: str) -> str:
    return files("assay.data.templates").joinpath(name).read_text(encoding="utf-8")


def _shown(value: object) -> object:
    """Return a value as the page shows it: text without anything that acts.

    Text that the template made itself (a macro's) was cleaned piece by piece.
    """
    return clean(value) if type(value) is str else value
