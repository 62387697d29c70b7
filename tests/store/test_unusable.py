"""Whatever state the database is in, a command answers with a sentence, never with a traceback."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread
from time import sleep

import pytest

from tests.store.conftest import new_database
from tests.store.material import anna, at, filled
from tests.store.plain import client
from tests.store.server import postgresql
from toolkit import cli, config
from toolkit.errors import StoreError
from toolkit.store import bulk, connect, records
from toolkit.store.connect import Database, opened
from toolkit.store.journal import Act, writing

COMMANDS = (
    "verify", "journal", "people list", "semester show", "allocate 2020/2021-1", "backup B",
    "semester draft 2020/2021-1 --person anna", "semester check 2020/2021-1 --person anna",
    "people set x --name X --roles officer --person anna", "init --manager anna",
    "import {sample} --person anna --yes", "seal export 2020/2021-1 P",
)  # fmt: skip
"""What reads, and what writes."""
MARK = "Traceback"
Answer = tuple[int, str]


@pytest.fixture
def told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Answer]:
    """Run `grants` on a database, in this process: exit code, and all that it said."""
    monkeypatch.setenv("GRANTS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GRANTS_LANG", "en")
    monkeypatch.chdir(tmp_path)

    def run(command: str, url: str) -> Answer:
        monkeypatch.setenv("GRANTS_DATABASE", url)
        sample = config.shipped("data/sample/published").resolve()
        monkeypatch.setattr(sys, "argv", ["grants", *command.format(sample=sample).split()])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        return code, said.out + said.err

    return run


def answered(told: Callable[..., Answer], url: str, commands: tuple[str, ...] = COMMANDS) -> None:
    """Each command ends with a refusal in words, none with a fault of ours."""
    for command in commands:
        code, said = told(command, url)
        assert code in (1, 2, 3), (command, code, said)
        assert MARK not in said
        assert "database" in said.lower() or "table" in said.lower(), (command, said)
    assert not (config.home() / "errors.log").exists()


def text_file(file: Path) -> None:
    file.write_text("Šī nav datubāze.\n" * 500)


def foreign(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE parts (a, b)")


def folder(file: Path) -> None:
    file.mkdir()


def cut(file: Path) -> None:
    whole = file.parent / "whole.db"
    os.environ["GRANTS_DATABASE"] = f"sqlite:///{whole}"
    filled()
    file.write_bytes(whole.read_bytes()[:30_000])


@pytest.mark.parametrize("broken", [text_file, foreign, folder, cut])
def test_a_file_that_is_no_database_of_ours(
    broken: Callable[[Path], None], told: Callable[..., Answer], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    monkeypatch.setenv("GRANTS_DATABASE", "")
    broken(tmp_path / "x.db")

    answered(told, f"sqlite:///{tmp_path}/x.db")

    assert not (tmp_path / "B").exists()
    assert not (tmp_path / "P").exists()


def test_an_empty_file_is_no_database_until_it_is_made_one(
    told: Callable[..., Answer], tmp_path: Path
):
    (tmp_path / "x.db").touch()
    url = f"sqlite:///{tmp_path}/x.db"

    answered(told, url, tuple(c for c in COMMANDS if not c.startswith("init")))

    assert told("init --manager anna", url)[0] == 0
    assert told("verify", url)[0] == 0


def test_init_adds_nothing_to_a_database_of_somebody_else(
    told: Callable[..., Answer], server: str, tmp_path: Path
):
    for url in (f"sqlite:///{tmp_path}/x.db", new_database(server)):
        database = connect.connect(url)
        with client(database) as connection:
            connection.execute("CREATE TABLE invoices (number integer)")

        code, said = told("init --manager anna", url)

        assert (code, "not one of" in said) == (2, True), said
        assert connect.revision(database) is None


def test_a_database_without_one_of_its_tables(database: Database, told: Callable[..., Answer]):
    with client(database) as connection:
        for table in ("people", "counts"):
            connection.execute(f"DROP TABLE {table}")

    reading = ("verify", "people list", "allocate 2020/2021-1", "backup B", "semester draft "
               "2020/2021-1 --person anna")  # fmt: skip
    answered(told, database.url, reading)


HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
for statement in sys.argv[2:]:
    connection.execute(statement)
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def held(file: Path, *statements: str) -> Iterator[None]:
    """The file locked by a process of its own: locks of a file do not hold within one."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, file, *statements],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as holder:  # fmt: skip
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        yield
        holder.kill()


@contextmanager
def written_by_another(database: Database) -> Iterator[None]:
    if database.file is not None:
        with held(database.file, "BEGIN IMMEDIATE"):
            yield
        return
    with client(database) as connection:
        connection.execute(f"SELECT pg_advisory_lock({connect._WRITERS})")
        yield


def test_while_another_writes_readers_read_and_a_writer_hears_that_it_is_busy(
    database: Database, told: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(connect, "BUSY_SECONDS", 0.2)
    monkeypatch.setattr(bulk, "BUSY_SECONDS", 0.2)
    setting = "people set x --name X --roles officer --person anna"
    with written_by_another(database):
        assert told("verify", database.url)[0] == 0
        code, said = told(setting, database.url)

    assert code == 2
    assert "busy" in said
    assert told(setting, database.url)[0] == 0


def test_who_waited_for_their_turn_is_recorded_at_the_turn(database: Database):
    def write() -> None:
        with writing(database, Act("anna", "check", "waits", at(5))):
            pass

    writer = Thread(target=write)
    with written_by_another(database):
        asked = records.entry_at(database, at(5) + timedelta(seconds=1))
        writer.start()
        sleep(2.2)
    writer.join()

    recorded = datetime.fromisoformat(str(records.journal(database, ["recorded_at"], 1)[0][0]))
    assert timedelta(seconds=2) <= recorded - at(5) <= timedelta(minutes=1)
    assert records.entry_at(database, at(5) + timedelta(seconds=1)) == asked


def test_a_database_locked_for_readers_too_is_busy_and_not_damaged(
    told: Callable[..., Answer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("GRANTS_DATABASE", f"sqlite:///{tmp_path}/grants.db")
    filled()
    monkeypatch.setattr(connect, "BUSY_SECONDS", 0.2)
    monkeypatch.setattr(bulk, "BUSY_SECONDS", 0.2)
    file = tmp_path / "grants.db"
    with held(file, "PRAGMA locking_mode = EXCLUSIVE", "BEGIN EXCLUSIVE"):
        said = {command: told(command, f"sqlite:///{file}") for command in COMMANDS}

    for command, (code, sentence) in said.items():
        assert code == 2, (command, sentence)
        assert "busy" in sentence, command


AS_NOBODY = """
import os, pwd, sys
from toolkit import cli

def run(url):
    os.environ["GRANTS_DATABASE"] = url
    try:
        cli.main()
    except SystemExit as ended:
        return ended.code

warm, url, *sys.argv = sys.argv[1:]
run(warm)  # what is imported late lies where nobody may read
print("---", file=sys.stderr)
if os.geteuid() == 0:
    os.seteuid(pwd.getpwnam("nobody").pw_uid)
sys.exit(run(url))
"""


@pytest.mark.parametrize("closed", ["folder", "file"])
def test_a_database_that_may_only_be_read(closed: str, monkeypatch: pytest.MonkeyPatch):
    """Root may do anything, and becomes somebody else for it."""
    setting = "people set x --name X --roles officer --person anna"
    with tempfile.TemporaryDirectory() as name:
        folder, urls = Path(name), []
        folder.chmod(0o777)
        for place in ("warm", "read"):
            (folder / place).mkdir()
            urls.append(f"sqlite:///{folder / place}/grants.db")
            monkeypatch.setenv("GRANTS_DATABASE", urls[-1])
            filled()
        (folder / "read" / "grants.db").chmod(0o444)
        (folder / "read").chmod(0o555 if closed == "folder" else 0o777)

        done = subprocess.run(
            [sys.executable, "-c", AS_NOBODY, *urls, "grants", *setting.split()], text=True,
            env={**os.environ, "GRANTS_HOME": name, "GRANTS_LANG": "en"},
            capture_output=True, check=False,
        )  # fmt: skip

    said = done.stderr.partition("---")[2]
    assert (done.returncode, "cannot be used" in said) == (2, True), done
    assert MARK not in said


def test_a_server_that_is_not_there(
    told: Callable[..., Answer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with postgresql() as server:
        url = new_database(server).replace("postgres@", "postgres:noslēpums@")
        monkeypatch.setenv("GRANTS_DATABASE", url)
        database = filled()

    answered(told, url)
    for command in COMMANDS:
        assert "noslēpums" not in told(command, url)[1]
    with pytest.raises(StoreError) as error, writing(database, Act("anna", "x", "", at(1))):
        pass
    assert "noslēpums" not in error.value.sentence("lv")
    with pytest.raises(StoreError):
        anna(database)


PASSWORD = "S3cret-word"  # noqa: S105 - nobody's
ADDRESSES = (
    f"postgresql://u:{PASSWORD}@127.0.0.1:1/grants",
    f"postgresql+psycopg://u:{PASSWORD}@127.0.0.1:1/grants",
    f"postgresql://127.0.0.1:1/grants?user=u&password={PASSWORD}",
    f"postgresql://u:{PASSWORD}@127.0.0.1:port/grants",
    f"postgresql://u:{PASSWORD}@[127.0.0.1/grants",
    f"postgresql:/u:{PASSWORD}@127.0.0.1/grants",
    f"postgresql://u:{PASSWORD}@127.0.0.1:1/grants?sslmode=nonsense",
    f"mysql://u:{PASSWORD}@127.0.0.1/grants",
    f"postgresql+nothing://u:{PASSWORD}@127.0.0.1/grants",
    f"u:{PASSWORD}@127.0.0.1/grants",
    f"sqlite://u:{PASSWORD}@host/grants.db",
)


@pytest.mark.parametrize("url", ADDRESSES)
def test_a_password_in_the_address_is_never_shown(url: str, told: Callable[..., Answer]):
    for command in (*COMMANDS, "restore {sample}/counts.csv"):
        code, said = told(command, url)

        assert code in (1, 2), (command, said)
        assert PASSWORD not in said, command
    log = config.home() / "errors.log"
    assert not log.exists(), log.read_text()


def test_a_password_in_the_address_is_not_kept_either(server: str, told: Callable[..., Answer]):
    url = new_database(server).replace("postgres@", f"postgres:{PASSWORD}@")
    for address in (url, f"{url}?application_name=x&password={PASSWORD}"):
        said = [
            told("init --manager anna", address)[1],
            told("journal --person anna --format json", address)[1],
        ]
        assert PASSWORD not in "".join(said)
        database = opened(address.replace("postgresql://", "postgresql+psycopg://"))
        assert PASSWORD not in repr(database)
