"""What changed from one run to another, and why: inputs, parameters, and the pockets and their desa."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gisapp.targeting.runs import Run

#: Facts of a pocket that are compared; counts are told whole, so the answer is for staff of the workspace only.
COMPARED = ("families", "poor_families", "n_areas", "rank")


def compare_runs(before: Run, after: Run) -> dict[str, Any]:
    """JSON-ready differences of two runs.

    ``why``: versions, parent, ``inputs`` (added, removed, changed by role and name) and ``parameters`` (name -> both
    values); empty parts are equal. ``pockets``: by id, ``before`` and ``after`` (None where it is in one run only), its
    lineage where ``after`` follows ``before``. ``ended``: ids of ``before`` that are not in ``after``. ``areas``: desa
    whose pocket changed, with both ids.
    """
    old, new = before.manifest, after.manifest
    follows = new.get("parent") == before.run_id
    pockets = _pockets(before, after, follows=follows)
    return {
        "before": before.run_id,
        "after": after.run_id,
        "periods": [old.get("period"), new.get("period")],
        "follows": follows,
        "why": {
            "version": _pair(old.get("version"), new.get("version")),
            "parent": _pair(old.get("parent"), new.get("parent")),
            "inputs": _inputs(old.get("inputs", []), new.get("inputs", [])),
            "parameters": changed(old.get("parameters", {}), new.get("parameters", {})),
        },
        "counts": changed(old.get("counts", {}), new.get("counts", {})),
        "pockets": pockets,
        "ended": sorted(row["pocket_id"] for row in pockets if row["after"] is None),
        "areas": _areas(before, after),
    }


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Name -> [before, after] of every entry that differs, one level down as ``outer.inner``; absent is None."""
    found: dict[str, list[Any]] = {}
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            found |= {f"{name}.{inner}": pair for inner, pair in changed(old, new).items()}
        elif old != new:
            found[name] = [old, new]
    return found


def _pair(old: Any, new: Any) -> list[Any] | None:
    return None if old == new else [old, new]


def _inputs(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Inputs by ``role/name`` that came, went, or have other bytes; the household file has its period for a name."""
    old = {f"{entry['role']}/{entry['name']}": entry["sha256"] for entry in before}
    new = {f"{entry['role']}/{entry['name']}": entry["sha256"] for entry in after}
    return {
        "added": sorted(set(new) - set(old)),
        "removed": sorted(set(old) - set(new)),
        "changed": sorted(name for name in set(old) & set(new) if old[name] != new[name]),
    }


def _pockets(before: Run, after: Run, *, follows: bool) -> list[dict[str, Any]]:
    old, new = _facts(before), _facts(after)
    rows = []
    for name in sorted({*old, *new}):
        row: dict[str, Any] = {"pocket_id": name, "before": old.get(name), "after": new.get(name)}
        if follows and name in new:
            row |= _lineage(after).get(name, {})
        rows.append(row)
    return rows


def _facts(run: Run) -> dict[str, dict[str, Any]]:
    frame = run.collection("pockets")
    return {
        str(row["pocket_id"]): {
            "name": row["name"],
            "members": [code for code in str(row["member_codes"]).split("; ") if code],
            **{name: _whole(row.get(name)) for name in COMPARED},
        }
        for row in frame.drop(columns="geometry").to_dict("records")
    }


def _lineage(run: Run) -> dict[str, dict[str, Any]]:
    frame = run.collection("pockets")
    if "lineage" not in frame:
        return {}
    return {
        str(row["pocket_id"]): {
            "lineage": row["lineage"],
            "parents": [name for name in str(row["parent_pocket_ids"] or "").split("; ") if name],
        }
        for row in frame[["pocket_id", "lineage", "parent_pocket_ids"]].to_dict("records")
    }


def _whole(value: Any) -> int | None:
    return None if value is None or value != value else int(value)


def _areas(before: Run, after: Run) -> list[dict[str, Any]]:
    """Desa whose pocket is another one, or one where there was none, or none where there was one."""
    old, new = _pocket_of_desa(before), _pocket_of_desa(after)
    names = {**old[1], **new[1]}
    return [
        {"code": code, "name": names[code], "before": old[0].get(code), "after": new[0].get(code)}
        for code in sorted(names)
        if old[0].get(code) != new[0].get(code)
    ]


def _pocket_of_desa(run: Run) -> tuple[dict[str, str | None], dict[str, str]]:
    frame = run.collection("areas")
    desa = frame[frame["level"] == "desa"]
    inside = desa["pocket_id"].astype("object").where(desa["pocket_id"].notna(), None)
    pockets = {str(code): one for code, one in zip(desa["code"], inside, strict=True)}
    return pockets, dict(zip(desa["code"].astype(str), desa["name"], strict=True))
