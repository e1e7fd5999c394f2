"""serve: the pages, on loopback only until there are users."""

from __future__ import annotations

import ipaddress
import socket
from pathlib import Path

import click

from gisapp.cli.options import common_options, workspace_path
from gisapp.errors import PermissionRefusedError


def require_loopback(host: str) -> None:
    """Refuse any address but this machine's own: without users, everyone who can connect is staff."""
    name = "127.0.0.1" if host == "localhost" else host
    try:
        loopback = ipaddress.ip_address(name).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise PermissionRefusedError(
            f"--host {host}: only loopback (127.0.0.1) is served, because this version has no users yet.",
            f"--host {host}: hanya alamat mesin ini (127.0.0.1) yang dilayani, karena belum ada pengguna.",
        )


def listen(host: str, port: int) -> socket.socket:
    """Open the socket before anything else starts: a taken port is told at once, an early caller waits his turn."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise PermissionRefusedError(
            f"Port {port} on {host} cannot be opened ({error.strerror}). Choose another with --port.",
            f"Port {port} di {host} tidak dapat dibuka ({error.strerror}). Pilih yang lain dengan --port.",
            code="port",
        ) from error
    return listener


def serve(root: Path, *, host: str, port: int, workers: int) -> None:
    """Serve a workspace until interrupted."""
    require_loopback(host)
    listener = listen(host, port)
    from gisapp.web.server import serve_until_stopped

    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"http://{shown}:{port}/  (Ctrl+C: berhenti / stop)")
    serve_until_stopped(root, listener, threads=workers)


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Alamat mesin ini / loopback address.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0: yang bebas / any free."
)
@click.option("--workers", default=4, show_default=True, type=click.IntRange(1, 64), help="Utas / threads.")
@common_options
def serve_command(host: str, port: int, workers: int) -> None:
    """Layani halaman peta di mesin ini / serve the pages on this machine."""
    from gisapp.workspace.folder import open_workspace

    serve(open_workspace(workspace_path()).root, host=host, port=port, workers=workers)
