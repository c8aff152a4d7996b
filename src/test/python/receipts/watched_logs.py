"""Tells litewitness which logs it watches; its own tool for that is not installed with it.

    python watched_logs.py <database> <key of a log> ...
"""

import base64
import hashlib
import sqlite3
import sys

EMPTY_ROOT = base64.b64encode(hashlib.sha256(b"").digest()).decode()


def main(path, keys):
    with sqlite3.connect(path) as database:
        database.execute(
            "create table if not exists log (origin text primary key, tree_size integer not null, tree_hash text not null)"
        )
        database.execute(
            "create table if not exists key"
            " (origin text not null, key text not null, foreign key(origin) references log(origin))"
        )
        for key in keys:
            origin = key.split("+", 1)[0]
            database.execute("insert into log values (?, 0, ?)", (origin, EMPTY_ROOT))
            database.execute("insert into key values (?, ?)", (origin, key))
    database.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
