"""A PostgreSQL cluster of one's own: made in a temporary folder, listening on loopback only, gone at the end."""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

USER, PASSWORD, DATABASE = "gisapp", "sandi-uji", "postgres"

#: What the server refuses to run as; it runs as the first of these instead.
_ROOT = 0
_SERVER_USERS = ("postgres", "nobody")
_PDEATHSIG = 1
_SETTINGS = {
    "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off", "full_page_writes": "off",
    "synchronous_commit": "off", "max_connections": "200", "shared_buffers": "64MB",
    "max_locks_per_transaction": "256",
}  # fmt: skip


def server_binaries() -> Path | None:
    """Folder of initdb and postgres: the newest of Debian's, or what PATH holds; None where there is none."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if installed:
        return installed[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _dies_with_us() -> None:
    ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGQUIT)


class Cluster:
    """One server process with its data; the server dies with the process that started it."""

    def __init__(self, binaries: Path) -> None:
        self._binaries = binaries
        self._folder = Path(tempfile.mkdtemp(prefix="gisapp-pg-"))
        self._as: dict[str, object] = {}
        if os.getuid() == _ROOT:
            account = next(pwd.getpwnam(name) for name in _SERVER_USERS if _exists(name))
            os.chown(self._folder, account.pw_uid, account.pw_gid)
            self._as = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        self.port = free_port()
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://{USER}:{PASSWORD}@127.0.0.1:{self.port}/{DATABASE}"

    def make(self) -> None:
        secret = self._folder / "password"
        secret.write_text(PASSWORD)
        if self._as:
            os.chown(secret, self._as["user"], self._as["group"])  # type: ignore[arg-type]
        words = [
            self._binaries / "initdb", "-D", self._folder / "data", "-U", USER, "--pwfile", secret, "-A",
            "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync",
        ]  # fmt: skip
        subprocess.run(words, check=True, capture_output=True, cwd=self._folder, **self._as)  # type: ignore[call-overload]

    def start(self) -> None:
        settings = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
        words = [self._binaries / "postgres", "-D", self._folder / "data", "-p", str(self.port), *settings]
        log = (self._folder / "log").open("ab")
        self._server = subprocess.Popen(  # type: ignore[call-overload]
            words, stdout=log, stderr=log, cwd=self._folder, preexec_fn=_dies_with_us, **self._as
        )
        log.close()
        for _ in range(600):
            if self._answers():
                return
            time.sleep(0.05)
        raise RuntimeError((self._folder / "log").read_text(errors="replace"))

    def _answers(self) -> bool:
        import psycopg

        try:
            psycopg.connect(self.url.replace("+psycopg", ""), connect_timeout=2).close()
        except psycopg.OperationalError:
            assert self._server is not None
            if self._server.poll() is not None:
                raise RuntimeError((self._folder / "log").read_text(errors="replace")) from None
            return False
        return True

    def stop(self) -> None:
        if self._server is not None:
            self._server.send_signal(signal.SIGINT)
            self._server.wait(30)
            self._server = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def new_cluster() -> Cluster:
    """Make and start a cluster; RuntimeError where this machine has no server."""
    binaries = server_binaries()
    if binaries is None:
        raise RuntimeError("no PostgreSQL server is installed (Debian: apt-get install postgresql)")
    cluster = Cluster(binaries)
    try:
        cluster.make()
        cluster.start()
    except BaseException:
        cluster.remove()
        raise
    return cluster
