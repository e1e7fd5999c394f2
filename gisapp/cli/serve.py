"""serve: the pages, on loopback, or to an office network once there are users and real keys."""

from __future__ import annotations

import ipaddress
import socket
from pathlib import Path

import click

from gisapp.cli.options import common_options, workspace_path
from gisapp.errors import PermissionRefusedError
from gisapp.settings import insecure_http, trusted_hosts

_EVERY_ADDRESS = ("0.0.0.0", "::", "")  # noqa: S104 - compared with, not listened on


def is_loopback(host: str) -> bool:
    """Whether an address is this machine's own."""
    try:
        return ipaddress.ip_address("127.0.0.1" if host == "localhost" else host).is_loopback
    except ValueError:
        return False


def names_beside_loopback(host: str) -> list[str]:
    """Names under which others may ask: those of GISAPP_TRUSTED_HOSTS, and the address that is listened on."""
    names = trusted_hosts()
    if not is_loopback(host) and host not in _EVERY_ADDRESS:
        names.append(f"[{host}]" if ":" in host else host)
    if not is_loopback(host) and not names:
        raise PermissionRefusedError(
            f"--host {host}: say under which names the pages are opened, e.g. GISAPP_TRUSTED_HOSTS=gis.kabupaten.go.id",
            f"--host {host}: sebutkan nama untuk membuka halaman, mis. GISAPP_TRUSTED_HOSTS=gis.kabupaten.go.id",
            code="trusted_hosts",
        )
    return names


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
    """Serve a workspace until interrupted; to others than this machine only where it is fit for that."""
    from gisapp.access.door import require_fit_for_network
    from gisapp.access.secret import session_secret
    from gisapp.workspace.folder import open_workspace

    session_secret(root)
    if names := names_beside_loopback(host):
        require_fit_for_network(open_workspace(root))
        _say_how_safe()
    listener = listen(host, port)
    from gisapp.web.server import serve_until_stopped

    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"http://{shown}:{port}/  (Ctrl+C: berhenti / stop)")
    serve_until_stopped(root, listener, threads=workers, hosts=names)


def _say_how_safe() -> None:
    if insecure_http():
        click.echo(
            "PERINGATAN: tanpa https, kata sandi dan sesi dapat disadap di jaringan ini (GISAPP_INSECURE_HTTP=1).\n"
            "WARNING: without https, passwords and sessions can be overheard in this network.",
            err=True,
        )
    else:
        click.echo(
            "Pengguna masuk lewat https saja; pasang proksi https di depan (docs/access.md).\n"
            "Users log in over https only: put an https proxy in front (docs/access.md).",
            err=True,
        )


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Alamat yang didengar / address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0: yang bebas / any free."
)
@click.option("--workers", default=4, show_default=True, type=click.IntRange(1, 64), help="Utas / threads.")
@common_options
def serve_command(host: str, port: int, workers: int) -> None:
    """Layani halaman peta / serve the pages: on this machine, or to an office once there are users."""
    from gisapp.workspace.folder import open_workspace

    serve(open_workspace(workspace_path()).root, host=host, port=port, workers=workers)
