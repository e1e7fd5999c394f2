"""The small demo as ``gisapp serve`` serves it on loopback, to clients in processes of their own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import pytest

from gisapp.access.actors import LOCAL
from gisapp.access.users import add_user
from gisapp.workspace.folder import open_workspace
from tests.copies import copy_workspace

COMMAND = [sys.executable, "-c", "from gisapp.cli.main import main; main()"]
PASSWORD = "empat kata yang mudah"
#: What keeps our own GDAL from the network, and a client's must not inherit.
GUARDS = ("OGR_SKIP", "GDAL_SKIP", "CPL_VSIL_CURL_ALLOWED_EXTENSIONS")
GDAL = Path(__file__).with_name("gdal_client.py")


@dataclass(frozen=True)
class Answer:
    """Status, headers and body of one request."""

    status: int
    headers: Any
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Served:
    """Address of the API, and a planner's session at it."""

    api: str
    cookie: str
    opener: OpenerDirector

    def get(self, path: str, *, method: str = "GET", accept: str = "application/json") -> Answer:
        """One request of the planner's, by a path behind the API's address or a whole address."""
        address = path if path.startswith("http") else self.api + path
        request = Request(address, method=method, headers={"Accept": accept})
        try:
            with self.opener.open(request) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except HTTPError as refused:
            return Answer(refused.code, refused.headers, refused.read())

    def gdal(self, what: str, *, logged_in: bool = True, **options: Any) -> Any:
        """What GDAL's OAPIF driver reads, in a process in which it is not skipped."""
        cookie = self.cookie if logged_in else ""
        asked = json.dumps({"source": f"OAPIF:{self.api}", "cookie": cookie, "what": what, **options})
        free = {name: value for name, value in os.environ.items() if name not in GUARDS}
        done = subprocess.run(
            [sys.executable, str(GDAL)], input=asked, capture_output=True, text=True, check=False, env=free
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="session")
def served_demo(small_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A copy of the small demo, served; a planner has logged in."""
    root = copy_workspace(small_demo, tmp_path_factory.mktemp("ogc") / "workspace")
    add_user(open_workspace(root), name="perencana", role="planner", password=PASSWORD, actor=LOCAL)
    command = [*COMMAND, "serve", "-w", str(root), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            assert line.startswith("http://127.0.0.1:"), line
            yield _enter(line.split()[0].rstrip("/"))
        finally:
            server.terminate()


def _enter(address: str) -> Served:
    jar = CookieJar()
    opener = build_opener(HTTPCookieProcessor(jar))
    page = opener.open(f"{address}/login").read().decode()
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    form = {"csrf_token": token, "username": "perencana", "password": PASSWORD}
    opener.open(f"{address}/login", data=urlencode(form).encode()).close()
    cookie = next(f"{one.name}={one.value}" for one in jar if one.name == "gisapp")
    return Served(f"{address}/api", cookie, opener)
