"""JSON that remembers which of its keys were asked for."""


class Seen(dict):
    """An object that notes the path of every key that is read."""

    def __init__(self, value, path, read):
        super().__init__({k: watch(v, f"{path}.{k}", read) for k, v in value.items()})
        self.path, self.read = path, read

    def get(self, key, default=None):
        self.read.add(f"{self.path}.{key}")
        return super().get(key, default)

    def __getitem__(self, key):
        self.read.add(f"{self.path}.{key}")
        return super().__getitem__(key)


def watch(value, path, read):
    """Return a JSON value that adds to `read` the path of every key asked for."""
    if isinstance(value, dict):
        return Seen(value, path, read)
    if isinstance(value, list):
        return [watch(one, path + "[]", read) for one in value]
    return value


def leaves(value, path=""):
    """Yield the path of every key that holds no object or list of objects."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}")
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        for one in value:
            yield from leaves(one, path + "[]")
    else:
        yield path


def unread(rows, parse):
    """Return the paths of leaves that `parse` did not ask for, of any row."""
    missed = set()
    for row in rows:
        read = set()
        parse(watch(row, "", read))
        missed |= {path for path in leaves(row) if path not in read}
    return missed
