"""What is handed to `analysis.interventions.suggest`, refused by name and row where nothing could be said from it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from gisapp.analysis.suggesting.kind import InterventionKind
from gisapp.errors import InvalidInputError

#: Layers that forbid or pre-empt a site; each one that the candidates were not checked against is named.
CONTEXT_LAYERS = ("kawasan_hutan", "hgu", "pola_ruang_rtrw", "lp2b", "rawan_bencana", "rencana_kegiatan")


def check_frames(
    pockets: pd.DataFrame,
    families: pd.DataFrame,
    candidates: pd.DataFrame,
    kinds: Sequence[InterventionKind],
    layers_checked: Collection[str],
) -> None:
    """Refuse frames without their columns, positions that are not finite, unknown layers, pockets without families."""
    needed = (
        (pockets, "pockets", {"pocket_id", "x", "y"}),
        (families, "families", {"pocket_id", "code", "x", "y", "persons", "decile"}),
        (candidates, "candidates", {"x", "y", "code", "source"}),
    )
    for frame, name, columns in needed:
        absent = ", ".join(sorted(columns - set(frame.columns)))
        if absent:
            raise InvalidInputError(f"{name}: no column {absent}.", f"{name}: tidak ada kolom {absent}.")
    for frame, name in ((pockets, "pockets"), (candidates, "candidates")):
        wrong = np.flatnonzero(~np.isfinite(frame[["x", "y"]].to_numpy(dtype=float)).all(axis=1))
        if len(wrong):
            raise InvalidInputError(
                f"{name}: row {wrong[0]} has no finite x and y.", f"{name}: baris {wrong[0]} tanpa x dan y yang sah."
            )
    unknown = ", ".join(sorted(set(layers_checked) - set(CONTEXT_LAYERS)))
    if unknown:
        raise InvalidInputError(
            f"layers_checked: {unknown} is none of {', '.join(CONTEXT_LAYERS)}.",
            f"layers_checked: {unknown} tidak termasuk {', '.join(CONTEXT_LAYERS)}.",
        )
    if not kinds:
        raise InvalidInputError("kinds: the catalogue is empty.", "kinds: katalog intervensi kosong.")
    _check_pockets(pockets, families)


def _check_pockets(pockets: pd.DataFrame, families: pd.DataFrame) -> None:
    repeated = pockets.loc[pockets["pocket_id"].duplicated(), "pocket_id"]
    if len(repeated):
        raise InvalidInputError(
            f"pockets: {repeated.iloc[0]} stands more than once.",
            f"pockets: {repeated.iloc[0]} muncul lebih dari sekali.",
        )
    empty = pockets.loc[~pockets["pocket_id"].isin(families["pocket_id"]), "pocket_id"]
    if len(empty):
        raise InvalidInputError(
            f"pockets: {empty.iloc[0]} has no row in families ({len(empty)} such).",
            f"pockets: {empty.iloc[0]} tanpa baris pada families ({len(empty)} kasus).",
        )


def check_numbers(sites_per_pocket: int, district_coverage: float | None, budget_idr: float | None) -> None:
    """Refuse numbers out of range."""
    if sites_per_pocket < 0:
        raise InvalidInputError(
            f"sites_per_pocket is {sites_per_pocket}: give 0 or more.",
            f"sites_per_pocket bernilai {sites_per_pocket}: isi 0 atau lebih.",
        )
    if district_coverage is not None and not 0 <= district_coverage <= 1:
        raise InvalidInputError(
            f"district_coverage is {district_coverage}: give a share from 0 to 1.",
            f"district_coverage bernilai {district_coverage}: isi bagian dari 0 sampai 1.",
        )
    if budget_idr is not None and not (np.isfinite(budget_idr) and budget_idr >= 0):
        raise InvalidInputError(
            f"budget_idr is {budget_idr}: give rupiah, 0 or more.",
            f"budget_idr bernilai {budget_idr}: isi rupiah, 0 atau lebih.",
        )
