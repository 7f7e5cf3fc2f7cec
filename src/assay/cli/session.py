"""What every command is given: what was asked, the workspace, and where to write."""

import os
import re
import sys
from contextlib import ExitStack, suppress
from functools import cached_property
from pathlib import Path
from types import TracebackType

from rich.console import Console
from rich.text import Text

from assay.edge.digest_settings import UNSAID
from assay.edge.secrets import environ_secrets
from assay.edge.settings import KEYS, Settings, hide_secrets, read_settings
from assay.edge.workspace import Workspace, find_workspace
from assay.errors import AssayError, SettingsError

ERROR, USAGE, NOT_ALL, INTERRUPTED = 1, 2, 3, 130
STATUSES = {
    0: "Done.",
    ERROR: "An error; one sentence on standard error says what, where and what to do. "
    "Or a check found what it looks for: `queries lint` something to mend, `replay` a "
    "difference, `retractions --fail-on` a study that grave.",
    USAGE: "The words on the command line, a setting or a saved query are not right.",
    NOT_ALL: "Done, but something was not searched or could not be read; it is said "
    "what.",
    INTERRUPTED: "Interrupted (Ctrl-C). What was done so far is kept.",
}
"""Every exit status and what it means."""


_CONTROL = re.compile(
    "[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069]"
)
"""What a terminal would act upon. `output.clean` knows more, but an error must be told
also where the package cannot be loaded."""


class View(Console):
    """A console that leaves a closed pipe to `cli.main`, as all else that writes."""

    def on_broken_pipe(self) -> None:
        """Raise what happened, where rich would end the process with status 1."""
        raise BrokenPipeError


class Session:
    """One run of the command line. Leaving it closes what was opened."""

    def __init__(self) -> None:
        self.asked: dict[str, str | bool] = {}
        """The options that all commands share, by name; absent when not given."""
        self.resources = ExitStack()
        """What is open: commands enter libraries and connections here."""

    def __enter__(self) -> "Session":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.resources.close()

    @property
    def as_json(self) -> bool:
        """True when standard output is to hold JSON and nothing else."""
        return bool(self.asked.get("json"))

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace of this run.

        Raises:
            SettingsError: the folder in which assay was started was removed.
        """
        try:
            here = Path.cwd()
        except OSError as error:
            raise SettingsError(
                "The folder in which assay was started is there no longer. Go to "
                "another one and try again."
            ) from error
        asked = str(self.asked.get("workspace", ""))
        return find_workspace(asked, os.environ, here)

    @cached_property
    def settings(self) -> Settings:
        """The person's settings, `--api-base` among them."""
        environ = dict(os.environ)
        if base := self.asked.get("api_base"):
            environ[KEYS["eutils"].variable] = str(base)
        return read_settings(self.workspace.root, environ)

    @cached_property
    def out(self) -> Console:
        """Standard output, for views; plain text when it is no terminal."""
        return View(file=sys.stdout, highlight=False)

    @cached_property
    def err(self) -> Console:
        """Standard error, for progress."""
        return View(file=sys.stderr, highlight=False)

    def write(self, text: str) -> None:
        """Write text to standard output as it is."""
        sys.stdout.write(text)
        sys.stdout.flush()

    def say(self, text: str) -> None:
        """Tell the person something by the way, on standard error."""
        if not self.asked.get("quiet"):
            self.complain(text)

    def complain(self, text: str) -> None:
        """Tell the person something that matters, on standard error."""
        inert = _CONTROL.sub("\ufffd", self.hide(text))
        with suppress(BrokenPipeError):
            if self.err.is_terminal:
                self.err.print(Text(inert))  # which breaks lines between words
            else:
                print(inert, file=sys.stderr)  # noqa: T201

    def hide(self, text: str) -> str:
        """Return the text without the API key and the e-mail address."""
        known = Settings(
            **{
                key.field: os.environ.get(key.variable, "").strip()
                for key in KEYS.values()
                if key.secret
            },
            readers=(),
            digest=UNSAID,
            secrets=environ_secrets(os.environ),
        )
        text = hide_secrets(text, known)
        with suppress(AssayError):
            text = hide_secrets(text, self.settings)
        return text

    def mute(self) -> None:
        """Send what cannot be written nowhere, so that leaving raises no error."""
        try:
            sys.stdout.flush()
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, sys.stdout.fileno())
            os.close(nowhere)
