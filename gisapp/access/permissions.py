"""The one matrix of permissions: which role may do what, and which permission each page needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from gisapp.access.actors import Actor
from gisapp.catalog.strict import Key, read_document
from gisapp.errors import PermissionRefusedError

FILE = Path(__file__).with_name("permissions.toml")

#: Every role of the contract, and the stranger, in the order of the matrix.
ROLES = (
    "admin", "planner", "statistician", "infrastructure", "social_office", "village_operator", "verifier", "camat",
    "facilitator", "tkpk_chair", "viewer", "public",
)  # fmt: skip
#: Roles that act for one desa or kecamatan only: a user of such a role needs an area.
BOUND = ("village_operator", "verifier", "camat")

_PERMISSION = {
    "id": Key(kind="text"),
    "en": Key(kind="text"),
    "roles": Key(kind="texts"),
    "published": Key(kind="text"),
}


@dataclass(frozen=True, kw_only=True)
class Permission:
    """One thing that roles may do, in two languages.

    ``published`` names a collection: whoever has not logged in may do it as well while that is published.
    """

    name: str
    id: str
    en: str
    roles: frozenset[str]
    published: str | None = None


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """The file as a whole: permissions by name, and the permission that each endpoint of the pages needs."""

    permissions: Mapping[str, Permission]
    routes: Mapping[str, str]


@lru_cache(maxsize=1)
def matrix() -> Matrix:
    """Read the matrix; ConfigurationError by line and key where it is wrong."""
    document = read_document(FILE)
    document.check(document.data, {"permissions": Key(kind="table"), "routes": Key(kind="table")})
    permissions = {}
    for name, entry in document.data["permissions"].items():
        document.check(entry, _PERMISSION, ("permissions", name))
        unknown = sorted(set(entry["roles"]) - set(ROLES))
        if unknown:
            raise document.refuse(
                ("permissions", name, "roles"), f"unknown role {unknown[0]!r}.", f"peran {unknown[0]!r} tidak dikenal."
            )
        permissions[name] = Permission(
            name=name, id=entry["id"], en=entry["en"], roles=frozenset(entry["roles"]),
            published=entry.get("published"),
        )  # fmt: skip
    routes = dict(document.data["routes"])
    for endpoint, wanted in routes.items():
        if wanted not in permissions:
            raise document.refuse(
                ("routes", endpoint), f"unknown permission {wanted!r}.", f"izin {wanted!r} tidak dikenal."
            )
    return Matrix(permissions=permissions, routes=routes)


def allowed(actor: Actor, permission: str) -> bool:
    """Whether the actor's role has a permission; KeyError for a permission that the matrix does not have."""
    return actor.role in matrix().permissions[permission].roles


def require(actor: Actor, permission: str, *, area: str | None = None) -> None:
    """Refuse unless the actor's role has the permission, and the area (where one is given) is the actor's."""
    wanted = matrix().permissions[permission]
    if actor.role not in wanted.roles:
        raise PermissionRefusedError(
            f"The role {actor.role} may not do this ({wanted.en}). Ask the administrator of the district.",
            f"Peran {actor.role} tidak boleh melakukan ini ({wanted.id}). Hubungi admin kabupaten.",
            code="role",
        )
    if area is not None and not actor.covers(area):
        raise PermissionRefusedError(
            f"{area} is not in your area ({actor.area}).",
            f"{area} di luar wilayah kerja Anda ({actor.area}).",
            code="area_not_yours",
        )
