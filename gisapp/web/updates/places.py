"""Villages by name and sub-district, read once per boundary file: what lists and filters of the updates pages show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from gisapp.access.actors import Actor
from gisapp.analysis.codes import digits, parent_code
from gisapp.workspace.folder import Workspace
from gisapp.workspace.layers import read_boundary


@dataclass(frozen=True, kw_only=True)
class Village:
    """One desa or kelurahan with the kecamatan it lies in."""

    code: str
    name: str
    kecamatan: str
    kecamatan_name: str


def villages(ws: Workspace) -> tuple[Village, ...]:
    """Every village of the workspace, by code; none where there is no boundary yet."""
    stamps = []
    for level in ("desa", "kecamatan"):
        spec = ws.catalog.boundary(level)
        found = spec is not None and spec.data_path is not None and spec.data_path.exists()
        stamps.append(spec.data_path.stat().st_mtime_ns if found and spec and spec.data_path else 0)
    return _Reader(ws).read(tuple(stamps))


class _Reader:
    """A workspace that is told apart by its folder alone, so that reading it can be remembered."""

    def __init__(self, ws: Workspace) -> None:
        self.ws = ws

    def __hash__(self) -> int:
        return hash(self.ws.root)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Reader) and other.ws.root == self.ws.root

    @lru_cache(maxsize=4)  # noqa: B019 - at most four small tables, told apart by folder and time of the files
    def read(self, stamps: tuple[int, ...]) -> tuple[Village, ...]:  # noqa: ARG002 - part of what is remembered
        desa = read_boundary(self.ws, "desa")
        above = read_boundary(self.ws, "kecamatan")
        names = {} if above is None else {digits(str(code)): str(name) for code, name in _pairs(above)}
        return tuple(self._village(str(code), str(name), names) for code, name in _pairs(desa))

    def _village(self, code: str, name: str, names: dict[str, str]) -> Village:
        parent = parent_code(code, "desa", self.ws.settings.code_system) or ""
        return Village(code=code, name=name, kecamatan=parent, kecamatan_name=names.get(digits(parent), parent))


def _pairs(frame: object) -> Iterable[tuple[object, object]]:
    import pandas as pd

    return zip(frame["code"], frame["name"], strict=True) if isinstance(frame, pd.DataFrame) else ()


def village(ws: Workspace, code: str) -> Village:
    """The village of a code; one that no boundary knows is called by its code."""
    wanted = digits(code)
    found = next((one for one in villages(ws) if digits(one.code) == wanted), None)
    return found or Village(code=code, name=code, kecamatan="", kecamatan_name="")


def of_actor(ws: Workspace, actor: Actor) -> tuple[Village, ...]:
    """The villages in which an actor works, by sub-district and name."""
    mine = [one for one in villages(ws) if actor.covers(one.code)]
    return tuple(sorted(mine, key=lambda one: (one.kecamatan_name.casefold(), one.name.casefold(), one.code)))


def grouped(found: Iterable[Village]) -> list[tuple[dict[str, object], list[tuple[str, str]]]]:
    """Villages under their sub-district, for a list to choose from: ({code, name, whole}, [(code, name)])."""
    groups: dict[str, list[Village]] = {}
    for one in found:
        groups.setdefault(one.kecamatan, []).append(one)
    return [
        (
            {"code": code, "name": members[0].kecamatan_name, "whole": bool(code) and len(members) > 1},
            [(one.code, one.name) for one in members],
        )
        for code, members in groups.items()
    ]
