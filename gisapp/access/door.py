"""What must be true before a workspace is served to others than this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gisapp.access.users import list_users
from gisapp.errors import PermissionRefusedError
from gisapp.store.keyring import KEY_FILE, is_weak, read_ring

if TYPE_CHECKING:
    from gisapp.workspace.folder import Workspace


def require_fit_for_network(workspace: Workspace) -> None:
    """Refuse a synthetic district, keys made from a seed, demo users, and a service that nobody could look after."""
    if workspace.settings.synthetic:
        raise _refused(
            "this district is synthetic, and its keys and users are known to everybody: make a workspace with "
            "`gisapp init`",
            "kabupaten ini sintetis, kunci dan penggunanya diketahui semua orang: buat dengan `gisapp init`",
            code="synthetic",
        )
    if seeded_key(workspace):
        raise _refused(
            "keys/vault.key was made from a seed, so anybody can make it again: make a workspace with `gisapp init`",
            "keys/vault.key dibuat dari benih sehingga siapa pun dapat membuatnya lagi: buat ruang kerja dengan "
            "`gisapp init`",
            code="seeded_key",
        )
    active = [user for user in list_users(workspace) if user.disabled_at is None]
    if demo := [user.name for user in active if user.demo]:
        raise _refused(
            f"the demo users {', '.join(demo)} have a password that everybody knows: disable them",
            f"kata sandi pengguna contoh {', '.join(demo)} diketahui semua orang: nonaktifkan",
            code="demo_users",
        )
    if not any(user.role == "admin" for user in active):
        raise _refused(
            "there is no active admin: gisapp user add NAME --role admin --password-stdin",
            "belum ada admin aktif: gisapp user add NAMA --role admin --password-stdin",
            code="no_admin",
        )


def seeded_key(workspace: Workspace) -> bool:
    """Whether the vault's key is one that a synthetic district's seed gives, or can be guessed otherwise."""
    ring = read_ring(workspace.root / KEY_FILE)
    return is_weak(ring.current, workspace.settings.seed)


def _refused(en: str, id: str, *, code: str) -> PermissionRefusedError:
    return PermissionRefusedError(
        f"Only this machine (127.0.0.1) is served: {en}.",
        f"Hanya mesin ini (127.0.0.1) yang dilayani: {id}.",
        code=code,
    )
