"""A moment of the past gives, byte for byte, what it gave then."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.store.material import anna
from toolkit import cli, config
from toolkit.errors import UsageError
from toolkit.semester import Semester
from toolkit.services import importing, registers, runs, stored
from toolkit.services.laws import law_file
from toolkit.store.connect import Database

SEMESTER = "2020/2021-1"
Said = Callable[..., str]


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Said:
    """What `grants` prints, run in this process; it must not fail."""

    def run(*arguments: object) -> str:
        monkeypatch.setattr(sys, "argv", ["grants", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        answer = capsys.readouterr()
        assert ended.value.code == 0, answer
        return answer.out

    return run


@pytest.fixture
def made_now(url: str, said: Said) -> Database:
    """The demo, made at the clock's own time."""
    said("init", "--demo")
    return stored.store()


def allocated(said: Said, folder: Path, name: str, moment: str) -> tuple[str, bytes]:
    book = folder / f"{name}.xlsx"
    shown = said(
        "allocate", SEMESTER, "--format", "json", "--as-of", moment, "--out", book
    )  # fmt: skip
    return shown, book.read_bytes()


def change_everything(database: Database, said: Said, folder: Path) -> None:
    """Records by hand and by file, the law, and a run that keeps both."""
    seen = registers.record(database, "partners", partner="LUBANA")
    registers.change(database, anna(database), "partners", seen, {"name": "X"}, stored.now())
    counts = folder / "counts.csv"
    counts.write_text(
        "semester,institution,programme,grade,plan_kind,plans\n"
        f"{SEMESTER},LUB-VSK,general,7,consultative,99\n"
    )
    prepared = importing.prepare(database, counts, "counts")
    importing.store_import(database, anna(database), prepared, stored.now())
    new_rate(said, 270, stored.today() + timedelta(days=1))
    said("semester", "draft", SEMESTER, "--person", "anna")


def new_rate(said: Said, euros: int, known_since: object) -> None:
    said(
        "law", "set", "rate.consultative", f"{euros}.00", "--since", "2019-09-01",
        "--person", "anna",
        "--known-since", known_since, "--act", "Rīkojums", "--point", "1",
    )  # fmt: skip


def test_after_all_is_changed_the_moment_before_gives_the_same_bytes(
    made_now: Database, said: Said, tmp_path: Path
):
    moment = stored.now().isoformat()
    then = allocated(said, tmp_path, "then", moment)
    time.sleep(0.01)

    change_everything(made_now, said, tmp_path)

    assert allocated(said, tmp_path, "later", moment) == then
    now = allocated(said, tmp_path, "now", stored.now().isoformat())
    assert now[0] != then[0]


def test_a_moment_between_two_changes_gives_what_stood_between(
    made_now: Database, said: Said, tmp_path: Path
):
    answers = []
    for number in range(3):
        seen = registers.record(
            made_now, "counts", semester=SEMESTER, institution="LUB-VSK", programme="general",
            grade=7, plan_kind="consultative",
        )  # fmt: skip
        more = {"plans": 20 + number}
        registers.change(made_now, anna(made_now), "counts", seen, more, stored.now())
        moment = stored.now().isoformat()
        answers.append((moment, allocated(said, tmp_path, str(number), moment)))
        time.sleep(0.01)

    assert len({answer[0] for _, answer in answers}) == 3
    for number, (moment, answer) in enumerate(answers):
        assert allocated(said, tmp_path, f"again{number}", moment) == answer


def test_a_rate_known_later_is_not_used_for_a_moment_before(made_now: Database, said: Said):
    today = stored.now()
    asked = runs.Asked(Semester.parse(SEMESTER))
    before = runs.compute(made_now, asked, today).result

    new_rate(said, 280, today.date() + timedelta(days=2))

    file = config.home() / "law" / "early_leaving_2016.toml"
    assert law_file() == file
    assert runs.compute(made_now, asked, today).result == before
    late = runs.compute(made_now, asked, today + timedelta(days=3)).result
    assert "280.00" in late
    assert "280.00" not in before


def test_a_law_kept_by_a_draft_stands_for_its_time_whatever_the_file_says_later(
    made_now: Database, said: Said, tmp_path: Path
):
    """Even a file written over by hand: what a draft was made with is in the store."""
    said("semester", "draft", SEMESTER, "--person", "anna")
    moment = stored.now().isoformat()
    then = allocated(said, tmp_path, "then", moment)
    time.sleep(0.01)

    file = config.home() / "law" / "early_leaving_2016.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    text = config.shipped_law("early_leaving_2016").read_text(encoding="utf-8")
    file.write_text(text.replace("value = 250.00", "value = 199.00"), encoding="utf-8")
    said("semester", "draft", SEMESTER, "--person", "anna")

    assert allocated(said, tmp_path, "later", moment) == then
    assert allocated(said, tmp_path, "now", stored.now().isoformat()) != then


DAY_ENDS = datetime(2022, 3, 15, 21, 59, 59, 999_999, tzinfo=UTC)
MOMENTS = (
    ("a day is its end, in Latvia", "2022-03-15", DAY_ENDS),
    ("as Latvians write it", "15.03.2022.", DAY_ENDS),
    ("a moment is Latvia's", "2022-07-15T12:00", datetime(2022, 7, 15, 9, tzinfo=UTC)),
    ("or that of the zone it names", "2022-07-15T12:00Z", datetime(2022, 7, 15, 12, tzinfo=UTC)),
)


@pytest.mark.parametrize(("case", "written", "moment"), MOMENTS, ids=[m[0] for m in MOMENTS])
def test_a_moment_is_read_in_latvian_time(case: str, written: str, moment: datetime):
    assert stored.moment(written) == moment, case


def test_what_is_no_moment_is_quoted_as_it_was_written():
    with pytest.raises(UsageError, match=re.escape("“31.02.2022.”")):
        stored.moment("31.02.2022.")


@pytest.mark.parametrize(
    "command", ["agreements --on 2022-09-01", "due --on 2022-09-15", f"allocate {SEMESTER}"]
)
def test_before_anything_was_recorded_there_is_no_answer_and_no_empty_list(
    made_now: Database, command: str, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):  # fmt: skip
    monkeypatch.setattr(sys, "argv", ["grants", *command.split(), "--as-of", "2019-01-01"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert "Līdz brīdim 01.01.2019. 23:59:59 (Latvijas laiks)" in capsys.readouterr().err
