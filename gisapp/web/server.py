"""The server that answers: waitress on an open socket, until interrupted."""

from __future__ import annotations

import logging
import signal
import socket
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from waitress.server import create_server

from gisapp.registry.uploads import sweep
from gisapp.settings import insecure_http, trusted_proxy
from gisapp.web.app import create_app
from gisapp.web.bodies import channel_of
from gisapp.web.registry.jobs import queue_of
from gisapp.workspace.folder import open_workspace


def serve_until_stopped(root: Path, listener: socket.socket, *, threads: int, hosts: Sequence[str] = ()) -> None:
    """Serve a workspace on an open socket; an interrupt or SIGTERM closes it in order.

    Jobs that an earlier server left waiting are taken up; one that runs when this server stops is rolled back.
    """
    app = create_app(root, hosts=hosts, secure_cookies=bool(hosts) and not insecure_http())
    largest = max(app.config["MAX_CONTENT_LENGTH"], *app.config["UPLOAD_LIMITS"].values(), 0)
    server = create_server(
        app, sockets=[listener], threads=threads, ident=None, max_request_body_size=largest + 1, **_proxy()
    )
    server.channel_class = channel_of(app)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # requests that wait a moment are no news
    jobs = queue_of(app)
    sweep(open_workspace(root))
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _stop)
    try:
        jobs.start()
        server.run()
    finally:
        server.close()
        jobs.stop()


def _stop(*_: object) -> None:
    raise SystemExit(0)


def _proxy() -> dict[str, Any]:
    """Believe the proxy in front where one is named, and nobody else's X-Forwarded headers."""
    address = trusted_proxy()
    if address is None:
        return {"clear_untrusted_proxy_headers": True}
    return {
        "trusted_proxy": address,
        "trusted_proxy_count": 1,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
        "clear_untrusted_proxy_headers": True,
    }
