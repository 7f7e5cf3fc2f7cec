"""The tables of cache/state.db that came with format 2: all that a digest remembers.

"packed" is compressed JSON after `state_values.pack_value`.
"""

DIGEST_TABLES = (
    """CREATE TABLE IF NOT EXISTS marks (       -- how far a query was asked of a source
        query TEXT NOT NULL,                  -- name of the saved query
        source TEXT NOT NULL,
        mark TEXT NOT NULL,                   -- JSON: digest.asked.Mark
        PRIMARY KEY (query, source)
    ) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS texts (       -- words of queries, each kept once
        id INTEGER PRIMARY KEY,
        text TEXT NOT NULL UNIQUE
    )""",
    """CREATE TABLE IF NOT EXISTS asks (        -- every time that one was asked
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        digest INTEGER,                       -- NULL where none came of it
        query TEXT NOT NULL,
        source TEXT NOT NULL,
        text INTEGER NOT NULL,                -- of texts
        asked TEXT NOT NULL                   -- JSON: digest.asked.Asked, without text
    )""",
    "CREATE INDEX IF NOT EXISTS asks_query ON asks (query, source)",
    """CREATE TABLE IF NOT EXISTS items (       -- every name of all that was delivered
        query TEXT NOT NULL,
        identity TEXT NOT NULL,               -- e.g. pmid:90000001, doi:10.99999/x
        work TEXT NOT NULL,                   -- key of the work
        digest INTEGER NOT NULL,              -- the day is the digest's
        preprint INTEGER NOT NULL,            -- 1 for a preprint
        PRIMARY KEY (query, identity)
    ) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS digests (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        made TEXT NOT NULL,                   -- ISO time
        heading TEXT NOT NULL,                -- JSON: digest.model.Heading
        content BLOB NOT NULL                 -- packed: digest.model.Digest
    )""",
    """CREATE TABLE IF NOT EXISTS outbox (      -- what is to be handed over, and was
        digest INTEGER NOT NULL,
        channel TEXT NOT NULL,                -- name in the registry of channels
        state TEXT NOT NULL,                  -- pending or sent
        tries INTEGER NOT NULL,
        next_try TEXT NOT NULL,               -- ISO time
        problem TEXT NOT NULL,                -- of the last try; empty when none
        place TEXT NOT NULL,                  -- where it went; empty when nowhere yet
        sent TEXT NOT NULL,                   -- ISO time; empty when not yet
        PRIMARY KEY (digest, channel)
    ) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS leases (      -- who is running a digest
        name TEXT PRIMARY KEY,
        holder TEXT NOT NULL                  -- JSON: edge.lease.Holder
    ) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS works (       -- all that was ever cited or sent
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        content BLOB NOT NULL,                -- packed: digest.model.Work
        standing BLOB,                        -- packed: notice.StandingReport, as told
        checked TEXT NOT NULL                 -- ISO time; empty when never
    )""",
    """CREATE TABLE IF NOT EXISTS work_names (
        identity TEXT PRIMARY KEY,
        work INTEGER NOT NULL                 -- works.id
    ) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS uses (        -- where each was used
        work INTEGER NOT NULL,                -- works.id
        kind TEXT NOT NULL,                   -- report or digest
        name TEXT NOT NULL,
        day TEXT NOT NULL,
        what TEXT NOT NULL,
        PRIMARY KEY (work, kind, name)
    ) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS articles (    -- texts of those with watched claims
        sha256 TEXT PRIMARY KEY,              -- of the text in UTF-8
        text BLOB NOT NULL                    -- packed
    ) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS watched (     -- claims that are looked at again
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        article TEXT NOT NULL,
        claim TEXT NOT NULL,                  -- Claim.text
        content TEXT NOT NULL,                -- JSON: digest.model.Watched
        sha256 TEXT NOT NULL,                 -- of articles
        dropped TEXT NOT NULL                 -- ISO time; empty while it is watched
    )""",
    """CREATE TABLE IF NOT EXISTS weighings (   -- their verdicts over time
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        claim INTEGER NOT NULL,               -- watched.id
        content BLOB NOT NULL                 -- packed: digest.model.Weighing
    )""",
    "CREATE INDEX IF NOT EXISTS weighings_claim ON weighings (claim, id)",
    """CREATE TABLE IF NOT EXISTS notes (       -- small facts, e.g. up to which number
        name TEXT PRIMARY KEY,                -- of the library claims were weighed
        value TEXT NOT NULL
    ) WITHOUT ROWID""",
)
