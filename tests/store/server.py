"""A PostgreSQL server of the tests' own: on loopback, on a free port, ended by its process id."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER = "postgres"


def programs() -> Path:
    """Where Debian keeps the server's programs."""
    found = shutil.which("initdb")
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found and not newest:
        raise RuntimeError("PostgreSQL is missing: run `make test`, which installs it")
    return Path(found or newest[-1]).parent


@contextmanager
def postgresql() -> Iterator[str]:
    """The URL of a running server, without a database."""
    bin_, folder = programs(), Path(tempfile.mkdtemp(prefix="pg"))
    port = _free_port()
    # the server refuses to run as root
    owner = pwd.getpwnam(USER) if os.geteuid() == 0 else None
    as_owner = {} if owner is None else {"user": owner.pw_uid, "group": owner.pw_gid}
    if owner is not None:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    data = folder / "data"
    process = None
    try:
        subprocess.run(
            [bin_ / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8",
             "--locale=C.UTF-8", "--no-sync"],
            check=True, capture_output=True, cwd=folder, **as_owner,
        )  # fmt: skip
        process = subprocess.Popen(
            [bin_ / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", folder,
             # no power cut is tested here, and every commit would wait for the disk
             "-c", "fsync=off", "-c", "full_page_writes=off"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, **as_owner,
        )  # fmt: skip
        _wait_for(port, process)
        yield f"postgresql+psycopg://{USER}@127.0.0.1:{port}"
    finally:
        if process is not None:
            # at once: nobody needs the data any more, and writing them out may take a minute
            process.send_signal(signal.SIGQUIT)
            process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    import psycopg

    until = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(f"postgresql://{USER}@127.0.0.1:{port}/postgres").close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return
