"""One of many people who count up the same records: `python -m tests.store.writer URL PERSON N`.

Waits for a line on its input, then prints one JSON object: its conflicts and its slowest write.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time

from toolkit.errors import ConflictError
from toolkit.services import registers, stored
from toolkit.services.people import Person, acting
from toolkit.store.connect import Database, opened

RECORDS = [f"N{number}" for number in range(10)]


def main(url: str, code: str, writes: int) -> None:
    os.nice(19)  # fifty of these must not starve what else the machine is testing
    database = opened(url)
    by = acting(database, code)
    told: list[tuple[str, str, str, str]] = []
    slowest = 0.0
    print("ready", flush=True)
    sys.stdin.readline()
    pause = random.Random(code)
    first = pause.randrange(len(RECORDS))  # not all fifty wait for the same record
    for number in range(writes):
        begun = time.monotonic()
        while conflict := count_up(database, by, RECORDS[(first + number) % len(RECORDS)]):
            facts = (conflict.facts["person"], conflict.facts["at"])
            told.append((*facts, conflict.sentence("lv"), conflict.sentence("en")))
            time.sleep(pause.uniform(0, 2))
        slowest = max(slowest, time.monotonic() - begun)
    print(json.dumps({"conflicts": told, "slowest": slowest}), flush=True)


def count_up(database: Database, by: Person, partner: str) -> ConflictError | None:
    """Read the record, add one to its name, write it; the conflict when somebody was faster."""
    seen = registers.record(database, "partners", partner=partner)
    more = {"name": str(int(seen["name"]) + 1)}
    try:
        registers.change(database, by, "partners", seen, more, stored.now())
    except ConflictError as conflict:
        return conflict
    return None


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
