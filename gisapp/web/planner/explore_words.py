"""The answer to a trial in words and rows: what comes in, what drops out, and what is not told."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import pandas as pd

from gisapp import __version__
from gisapp.maps.numbers import is_missing
from gisapp.maps.standing import NOT_ALONE
from gisapp.release.collections import member_codes
from gisapp.targeting.trial import Trial
from gisapp.web.planner.explore_answers import Compared, Explorer
from gisapp.web.planner.geometry import plain
from gisapp.web.texts import Texts

_FIGURES = (
    "families", "poor_families", "headcount_ratio", "adjusted_headcount", "relative_risk", "agreement", "methods_run",
)  # fmt: skip


def label_deciles(deciles: tuple[int, ...], t: Texts) -> str:
    """``desil 1``, ``desil 1–3``, ``desil 1, 3``."""
    whole = len(deciles) > 1 and all(b - a == 1 for a, b in pairwise(deciles))
    shown = f"{deciles[0]}–{deciles[-1]}" if whole else ", ".join(map(str, deciles))
    return t("explore_deciles_of", deciles=shown)


def sums(compared: Compared, place: str) -> dict[str, int]:
    """Registered families, and families of the chosen deciles, in the desa of one place."""
    rows = compared.desa[pd.Series(compared.place, index=compared.desa.index).eq(place)]
    return {name: int(rows[name].fillna(0).sum()) for name in ("families", "poor_families")}


def changes(compared: Compared, t: Texts) -> list[dict[str, Any]]:
    """Desa and families that stay in a priority area, come in, or drop out."""
    counted = Counter(compared.place)
    rows = [
        {"place": place, "title": t(f"explore_{place}"), "desa": counted[place], **sums(compared, place)}
        for place in ("both", "in", "out")
    ]
    return [*rows, {"place": "withheld", "title": t("explore_withheld"), "desa": counted["withheld"],
                    "families": None, "poor_families": None}] if counted["withheld"] else rows  # fmt: skip


def sentence(explorer: Explorer, compared: Compared, trial: Trial, t: Texts) -> str:
    """One plain sentence."""
    now, then = len(explorer.district.released("pockets").frame), len(compared.answer.pockets)
    counted = Counter(compared.place)
    if trial == explorer.basis.usual:
        return t("explore_same_settings", n=then)
    if not counted["in"] and not counted["out"]:
        return t("explore_no_change", n=then)
    return t(
        "explore_sentence", now=now, then=then, come=counted["in"], drop=counted["out"],
        families_in=t.number(sums(compared, "in")["families"]),
        families_out=t.number(sums(compared, "out")["families"]),
    )  # fmt: skip


def notes(explorer: Explorer, compared: Compared, t: Texts) -> list[str]:
    """What is not told, and why."""
    answer = compared.answer
    said = [t("explore_not_a_run")]
    if answer.suppressed:
        said.append(t("explore_withheld_note", n=answer.suppressed, k=answer.k))
    if NOT_ALONE in {*compared.desa["headcount_standing"], *explorer.now("headcount_standing").values()}:
        said.append(t("not_alone"))
    made_with = str(explorer.district.run.manifest.get("version", ""))
    if made_with != __version__:
        said.append(t("explore_other_version", made=made_with, here=__version__))
    if answer.coarse:
        said.append(t("explore_coarse", k=answer.k))
    return said


def pocket_rows(explorer: Explorer, compared: Compared, t: Texts) -> list[dict[str, Any]]:
    """Pockets of the answer beside those of the run: new, changed, the same; then those that are gone."""
    before = explorer.district.released("pockets").frame
    old = dict(zip(before["pocket_id"], map(set, member_codes(before)), strict=True))
    labels = dict(zip(before["pocket_id"], before["label"], strict=True))
    rows, met = [], set()
    pockets = compared.answer.pockets
    for row, codes in zip(pockets.to_dict("records"), map(set, member_codes(pockets)), strict=True):
        touched = [pocket for pocket, members in old.items() if members & codes]
        met.update(touched)
        kind = "new" if not touched else "same" if any(old[pocket] == codes for pocket in touched) else "changed"
        rows.append({
            "id": row["pocket_id"], "name": row["name"], "kind": kind, "title": t(f"explore_pocket_{kind}"),
            "was": ", ".join(sorted(str(labels[pocket]) for pocket in touched)), "members": sorted(codes),
            "status": row["status"], **{name: _plain(row.get(name)) for name in _FIGURES},
        })  # fmt: skip
    gone = before[~before["pocket_id"].isin(met)]
    for row, lost in zip(gone.to_dict("records"), member_codes(gone), strict=True):
        rows.append({
            "id": row["pocket_id"], "name": row["name"], "kind": "gone", "title": t("explore_pocket_gone"),
            "was": str(row["label"]), "members": lost, "status": row["status"], **dict.fromkeys(_FIGURES),
        })  # fmt: skip
    return rows


def _plain(value: Any) -> Any:
    return None if is_missing(value) else plain(pd.Series([value]))[0]
