"""A digest as JSON and back: what the outbox, a webhook and a script can rely on.

Every field of the nouns is there under its own name (schema assay/digest/1), so that
parse∘render gives the same digest. `subject` is said for people and is not read back.
"""

import json

from assay.digest.model import Digest
from assay.output.digest_words import say_subject
from assay.output.json import object_json, render_document
from assay.output.typed import MisfitError, parse_as

NAME = "digest"
SCHEMA = f"assay/{NAME}/1"


def render_digest_json(digest: Digest) -> str:
    """Return a digest, all of it, as JSON (schema assay/digest/1).

    >>> text = render_digest_json(Digest(number=3, made="2026-11-23T06:00:00+00:00"))
    >>> text.splitlines()[1:3]
    ['  "schema": "assay/digest/1",', '  "subject": "Nothing new",']
    """
    return render_document(
        NAME, {"subject": say_subject(digest), **object_json(digest)}
    )


def parse_digest_json(text: str) -> Digest:
    """Return the digest that JSON of the schema assay/digest/1 holds.

    What a newer assay added is passed over; what an older one lacks is absent.

    Raises:
        MisfitError: the text is no JSON, of another schema or shape; says where.

    >>> digest = Digest(number=3, made="2026-11-23T06:00:00+00:00")
    >>> parse_digest_json(render_digest_json(digest)) == digest
    True
    >>> parse_digest_json('{"schema": "assay/check/1"}')
    Traceback (most recent call last):
    assay.output.typed.MisfitError: the schema is not assay/digest/1
    """
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MisfitError("not JSON") from error
    if not isinstance(value, dict) or value.get("schema") != SCHEMA:
        raise MisfitError(f"the schema is not {SCHEMA}")
    return parse_as(Digest, value)
