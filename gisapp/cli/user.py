"""user add, list, disable, password."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from gisapp.access.actors import LOCAL
from gisapp.cli.options import answer, common_options, workspace_path
from gisapp.errors import InvalidParameterError

if TYPE_CHECKING:
    from gisapp.access.users import User
    from gisapp.workspace.folder import Workspace


@click.group("user")
@common_options
def user_command() -> None:
    """Pengguna halaman: tambah, lihat, nonaktifkan, kata sandi / users of the pages."""


def _workspace() -> Workspace:
    from gisapp.workspace.folder import open_workspace

    return open_workspace(workspace_path())


def _password(*, from_stdin: bool) -> str:
    """The first line of standard input, or asked for twice at a terminal; never an argument, which others can see."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise InvalidParameterError(
            "Give the password on standard input: --password-stdin.",
            "Berikan kata sandi lewat masukan standar: --password-stdin.",
            code="password_missing",
        )
    return str(click.prompt("Kata sandi / password", hide_input=True, confirmation_prompt=True, err=True))


def _line(user: User) -> str:
    state = " – nonaktif / disabled" if user.disabled_at else ""
    return f"{user.name}: {user.role}{f' ({user.area})' if user.area else ''}{state}"


@user_command.command("add")
@click.argument("name", metavar="NAME")
@click.option("--role", required=True, help="Peran / role: admin, planner, social_office, village_operator ...")
@click.option("--area", help="Kode desa atau kecamatan tempat bertugas / code of the working area.")
@click.option("--password-stdin", is_flag=True, help="Baca kata sandi dari stdin / read the password from stdin.")
@common_options
def add_command(name: str, role: str, area: str | None, password_stdin: bool) -> None:
    """Tambah pengguna / add a user."""
    from gisapp.access.users import add_user

    workspace = _workspace()
    password = _password(from_stdin=password_stdin)
    user = add_user(workspace, name=name, role=role, password=password, area=area, actor=LOCAL)
    answer(user.as_dict(), [f"Ditambahkan / added: {_line(user)}"])


@user_command.command("list")
@common_options
def list_command() -> None:
    """Daftar pengguna / list the users."""
    from gisapp.access.users import list_users

    users = list_users(_workspace())
    nobody = ["Belum ada pengguna / no users yet: gisapp user add NAME --role admin --password-stdin"]
    answer({"users": [user.as_dict() for user in users]}, [_line(user) for user in users] or nobody)


@user_command.command("disable")
@click.argument("name", metavar="NAME")
@common_options
def disable_command(name: str) -> None:
    """Nonaktifkan pengguna; sesinya berakhir seketika / disable a user; sessions end at once."""
    from gisapp.access.users import disable_user

    user = disable_user(_workspace(), name, actor=LOCAL)
    answer(user.as_dict(), [_line(user)])


@user_command.command("enable")
@click.argument("name", metavar="NAME")
@common_options
def enable_command(name: str) -> None:
    """Aktifkan kembali pengguna / let a disabled user in again."""
    from gisapp.access.users import enable_user

    user = enable_user(_workspace(), name, actor=LOCAL)
    answer(user.as_dict(), [_line(user)])


@user_command.command("password")
@click.argument("name", metavar="NAME")
@click.option("--password-stdin", is_flag=True, help="Baca kata sandi dari stdin / read the password from stdin.")
@common_options
def password_command(name: str, password_stdin: bool) -> None:
    """Beri kata sandi baru; sesinya berakhir seketika / give another password; sessions end at once."""
    from gisapp.access.users import get_user, set_password

    workspace = _workspace()
    known = get_user(workspace, name)
    user = set_password(workspace, known.name, _password(from_stdin=password_stdin), actor=LOCAL)
    answer(user.as_dict(), [f"Kata sandi diganti / password changed: {_line(user)}"])
