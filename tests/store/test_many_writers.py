"""Many people at once, each a process of their own: nothing is lost, nobody hears of locks."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import datetime
from typing import Any

import polars as pl
import pytest

from tests.store.material import START, at
from tests.store.writer import RECORDS
from toolkit.services import stored
from toolkit.services.people import Person
from toolkit.store import records
from toolkit.store.connect import Database
from toolkit.store.journal import Act, writing
from toolkit.store.verify import verify
from toolkit.texts.formats import moment


@pytest.mark.slow
def test_fifty_people_count_up_the_same_ten_records_and_no_count_is_lost(url: str):
    people = [Person(f"p{n:02}", f"Persona {n}", frozenset({"officer"})) for n in range(50)]
    database = stored.init(people, START)
    put_counters(database)

    begun = time.monotonic()
    answers = together(url, people, writes=20)
    conflicts, slowest = (
        sum(len(a["conflicts"]) for a in answers),
        max(a["slowest"] for a in answers),
    )
    print(f"{time.monotonic() - begun:.1f} s, {conflicts} conflicts, slowest write {slowest:.1f} s")

    counters = records.standing(database, "partners")
    assert counters["name"].cast(pl.Int64).sum() == 1000
    assert counters["version"].to_list() == [101] * 10
    assert verify(database).damage == ()
    names = {person.code: person.name for person in people}
    acts = set(records.journal(database, ["person", "recorded_at"], 2000))
    for answer in answers:
        for person, when, latvian, english in answer["conflicts"]:
            assert (person, when) in acts
            moment_ = datetime.fromisoformat(when)
            for lang, told in (("lv", latvian), ("en", english)):
                assert names[person] in told
                assert moment(moment_, lang) in told
    assert conflicts > 0


def put_counters(database: Database) -> None:
    """Ten partners whose names are counters, each at nought."""
    many = len(RECORDS)
    frame = pl.DataFrame(
        {
            "file": ["test"] * many, "row": range(many), "partner": RECORDS, "name": ["0"] * many,
            "kind": ["municipality"] * many, "registration_number": [""] * many,
            "valid_from": [START.date()] * many, "valid_to": [None] * many, "version": [1] * many,
        },
        schema_overrides={"valid_to": pl.Date},
    )  # fmt: skip
    with writing(database, Act("p00", "test", "", at(1))) as w:
        w.put("partners", frame)


def together(url: str, people: list[Person], writes: int) -> list[dict[str, Any]]:
    """What each person's process answers; all begin when all are ready."""
    with ExitStack() as stack:
        children = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", "tests.store.writer", url, person.code, str(writes)],
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                    text=True,
                )
            )
            for person in people
        ]  # fmt: skip
        for child in children:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n", child.communicate()
        for child in children:
            assert child.stdin is not None
            child.stdin.write("go\n")
            child.stdin.flush()
        told = [child.communicate(timeout=900) for child in children]
    assert [error for _, error in told if error] == []
    return [json.loads(answer) for answer, _ in told]
