"""The server that answers: waitress on an open socket, until interrupted."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from waitress.server import create_server

from gisapp.settings import insecure_http, trusted_proxy
from gisapp.web.app import create_app


def serve_until_stopped(root: Path, listener: socket.socket, *, threads: int, hosts: Sequence[str] = ()) -> None:
    """Serve a workspace on an open socket; an interrupt closes it in order."""
    app = create_app(root, hosts=hosts, secure_cookies=bool(hosts) and not insecure_http())
    largest = max(app.config["MAX_CONTENT_LENGTH"], *app.config["UPLOAD_LIMITS"].values(), 0)
    server = create_server(
        app, sockets=[listener], threads=threads, ident=None, max_request_body_size=largest + 1, **_proxy()
    )
    try:
        server.run()
    finally:
        server.close()


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
