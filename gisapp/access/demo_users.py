"""One user per role for a synthetic district, with one password that everybody may know: on loopback only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gisapp.access.actors import LOCAL
from gisapp.access.permissions import ROLES
from gisapp.access.users import User, add_user, list_users
from gisapp.errors import PermissionRefusedError

if TYPE_CHECKING:
    from gisapp.workspace.folder import Workspace

#: Printed by ``gisapp demo`` and on its log-in page; no workspace with such users is served to a network.
DEMO_PASSWORD = "kabupaten-contoh"  # noqa: S105 - it is shown on the page


def create_demo_users(workspace: Workspace) -> list[User]:
    """Add the users that are absent, named after their roles; village roles in the first desa, camat in its kecamatan.

    PermissionRefusedError for a district that is not synthetic.
    """
    if not workspace.settings.synthetic:
        raise PermissionRefusedError(
            "Demo users belong to a synthetic district only.",
            "Pengguna contoh hanya untuk kabupaten contoh (sintetis).",
            code="not_synthetic",
        )
    present = {user.name for user in list_users(workspace)}
    desa = _first_desa(workspace) if present.isdisjoint({"village_operator", "verifier", "camat"}) else None
    areas = {"village_operator": desa, "verifier": desa, "camat": desa and _kecamatan_of(desa)}
    for role in ROLES:
        if role == "public" or role in present or (role in areas and areas[role] is None):
            continue
        add_user(workspace, name=role, role=role, password=DEMO_PASSWORD, area=areas.get(role), actor=LOCAL, demo=True)
    return demo_users(workspace)


def demo_users(workspace: Workspace) -> list[User]:
    """The demo users that may still log in with the shared password, in the order of the matrix."""
    found = [user for user in list_users(workspace) if user.demo and user.disabled_at is None]
    return sorted(found, key=lambda user: ROLES.index(user.role))


def demo_user_lines(users: list[dict[str, Any]]) -> list[str]:
    """What ``gisapp demo`` prints about its users (``User.as_dict``)."""
    lines = [f"Pengguna contoh, kata sandi untuk semua / example users, one password for all: {DEMO_PASSWORD}"]
    return lines + [f"  {user['user']}{' (' + user['area'] + ')' if user['area'] else ''}" for user in users]


def _first_desa(workspace: Workspace) -> str | None:
    from gisapp.workspace.layers import read_boundary

    frame = read_boundary(workspace, "desa")
    return str(frame["code"].iloc[0]) if frame is not None and len(frame) else None


def _kecamatan_of(desa: str) -> str:
    return desa.rpartition(".")[0] or desa[:6]
