"""Every error a user can meet, as one tree.

    AssayError
    ├── UsageError             the words given cannot be acted on (exit status 2)
    │   ├── SettingsError      assay.toml or the environment says something unknown
    │   └── QueryError         a saved query or a query text cannot be read
    ├── ArticleError           the article cannot be read; says what to do instead
    ├── StoreError             the library or the cache cannot be read or written
    ├── DeliveryError          a digest could not be handed over; it stays in the outbox
    └── SourceError            one source could not answer; the others are unaffected
        ├── SourceDownError    no usable answer came (network, HTTP status, time)
        ├── BadAnswerError     an answer came that does not have the documented shape
        ├── RefusedError       the service refused what was asked (bad key, bad query)
        └── NotRecordedError   offline, and this answer was never recorded

`str(error)` is the sentence for the person: what, where, what to do. Raise the most
exact class; catch `SourceError` around one source, the base in `cli.main` only.
"""


class AssayError(Exception):
    """Base of all errors this package raises on purpose."""


class UsageError(AssayError):
    """The words given on the command line cannot be acted on."""


class SettingsError(UsageError):
    """A setting is unknown or has a value of the wrong kind."""


class QueryError(UsageError):
    """A query, or the file that holds it, cannot be read."""


class ArticleError(AssayError):
    """The article cannot be read: no text, not text, too large, not found."""


class StoreError(AssayError):
    """The library or the cache cannot be read or written."""


class DeliveryError(AssayError):
    """A digest could not be handed over on one channel; the others are unaffected.

    `lasting` is True when trying again will not help before somebody changes something.
    `wait` is how many seconds the other side asks for; 0 where it does not say.
    """

    def __init__(self, text: str, *, lasting: bool = False, wait: float = 0.0) -> None:
        self.lasting, self.wait = lasting, wait
        super().__init__(text)


class SourceError(AssayError):
    """One source could not answer; the others are unaffected."""

    def __init__(self, where: str, what: str, what_to_do: str = "") -> None:
        self.where, self.what, self.what_to_do = where, what, what_to_do
        super().__init__(" ".join(filter(None, (f"{where}: {what}.", what_to_do))))


class SourceDownError(SourceError):
    """No usable answer came: network failure, HTTP error status, or time ran out."""


class BadAnswerError(SourceError):
    """An answer came that does not have the documented shape."""


class RefusedError(SourceError):
    """The service understood and refused: a bad key, a bad query, a bad id."""


class NotRecordedError(SourceError):
    """Offline, and this answer was never recorded."""
