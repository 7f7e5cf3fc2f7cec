"""Damage to files that others may have open."""


def put(path, data):
    """Put other bytes in a file's place: one that is mapped must not be cut short."""
    draft = path.parent.parent / f"{path.name}.draft"
    draft.write_bytes(data)
    draft.replace(path)
