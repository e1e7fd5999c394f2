"""The server that answers: waitress on an open socket, until interrupted."""

from __future__ import annotations

import socket
from pathlib import Path

from waitress.server import create_server

from gisapp.web.app import create_app


def serve_until_stopped(root: Path, listener: socket.socket, *, threads: int) -> None:
    """Serve a workspace on an open socket; an interrupt closes it in order."""
    server = create_server(create_app(root), sockets=[listener], threads=threads, ident=None)
    try:
        server.run()
    finally:
        server.close()
