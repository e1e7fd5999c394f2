"""Which service is out of reach in which area, and whether its absence there is known or only not recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.columns import SERVICES, columns_of
from gisapp.errors import InvalidInputError

#: A layer that declares at least this share of what exists is read as complete: absence in it is a fact.
COMPLETE_FROM = 0.95
STRAIGHT_LINE = "garis lurus"


class AccessStandard(Protocol):
    """The farthest distance (metres) that counts as reached, with its source and date."""

    @property
    def distance_m(self) -> float | None:
        """Metres."""

    @property
    def source(self) -> str:
        """Where the standard was read."""

    @property
    def date(self) -> str:
        """Date or year of the standard."""


def service_gaps(
    areas: pd.DataFrame,
    families: pd.DataFrame,
    *,
    standards: Mapping[str, AccessStandard],
    completeness: Mapping[str, float | None],
    unplaced: pd.DataFrame | None = None,
    complete_from: float = COMPLETE_FROM,
) -> pd.DataFrame:
    """One row per area and service, sorted by code and service; the columns of ``columns.GAPS``.

    Parameters
    ----------
    areas
        ``code``, ``name`` and ``parent_code`` (the kecamatan; may be missing) of every desa.
    families
        ``code`` and a column ``distance_m_<service>`` (metres, straight line; NaN where the family has no usable
        position) for each service to report.
    standards
        Dated standard per service; a service without one gets distances, and NA for the families beyond.
    completeness
        Share (0..1) of what exists that the layers of a service hold; None or absent where nobody declared it, or
        where one of the kinds of the service was not supplied at all.
    unplaced
        Facilities without a usable position: ``service`` and ``area_code`` (of a desa or a kecamatan; null when even
        that is unknown). They stand somewhere in that area, so absence there is unknown; with null, everywhere.

    ``absence`` is "known" where the layers are complete and no facility of unknown position may stand there, else
    "unknown"; then the distance is the most that it can be.
    """
    services = [name for name in SERVICES if f"distance_m_{name}" in families]
    _check(areas, families, services)
    frames = [
        _one_service(areas, families, name, standards.get(name), _knows(completeness.get(name), complete_from))
        for name in services
    ]
    if not frames:
        return pd.DataFrame(columns=list(columns_of("gaps")))
    gaps = pd.concat(frames, ignore_index=True)
    if unplaced is not None and len(unplaced):
        gaps.loc[_hidden(gaps, areas, unplaced), "absence"] = "unknown"
    gaps = gaps.sort_values(["code", "service"], kind="stable", ignore_index=True)
    return gaps[list(columns_of("gaps"))]


def _one_service(
    areas: pd.DataFrame, families: pd.DataFrame, service: str, standard: AccessStandard | None, known: bool
) -> pd.DataFrame:
    distance = families[f"distance_m_{service}"]
    measured = families.loc[distance.notna(), ["code"]].assign(distance=distance)
    by_code = measured.groupby("code")["distance"]
    codes = pd.Index(areas["code"])
    limit = standard.distance_m if standard is not None else None
    beyond = pd.Series(pd.NA, index=codes, dtype="Int64")
    if standard is not None and limit is not None:
        far = measured["distance"] > limit
        beyond = far.groupby(measured["code"]).sum().reindex(codes, fill_value=0).astype("Int64")
    count = by_code.size().reindex(codes, fill_value=0)
    return pd.DataFrame(
        {
            "gap_id": [f"g-{code}-{service}" for code in codes],
            "status": np.where(count > 0, "present", "no_data"),
            "code": codes,
            "name": areas["name"].to_numpy(),
            "service": service,
            "standard": np.nan if limit is None else float(limit),
            "standard_source": f"{standard.source} ({standard.date})" if standard is not None else "",
            "method": STRAIGHT_LINE,
            "distance_m": by_code.median().reindex(codes).to_numpy(dtype=float),
            "travel_time_min": _median_minutes(families, service, codes),
            "families": beyond.where((count > 0).to_numpy()).to_numpy(),
            "families_measured": count.astype("Int64").to_numpy(),
            "absence": "known" if known else "unknown",
        }
    ).astype({"families": "Int64", "families_measured": "Int64"})


def _median_minutes(families: pd.DataFrame, service: str, codes: pd.Index) -> npt.NDArray[np.float64]:
    """Median minutes per area; NaN where nobody measured them, or half of the families and more have no way."""
    if f"travel_time_min_{service}" not in families:
        return np.full(len(codes), np.nan)
    medians = families[f"travel_time_min_{service}"].groupby(families["code"]).median().reindex(codes)
    minutes: npt.NDArray[np.float64] = medians.where(np.isfinite(medians)).round(1).to_numpy(dtype=np.float64)
    return minutes


def _knows(completeness: float | None, complete_from: float) -> bool:
    if completeness is not None and not 0 <= completeness <= 1:
        raise InvalidInputError(
            f"completeness is {completeness}: give a share from 0 to 1.",
            f"completeness bernilai {completeness}: isi bagian dari 0 sampai 1.",
        )
    return completeness is not None and completeness >= complete_from


def _hidden(gaps: pd.DataFrame, areas: pd.DataFrame, unplaced: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Whether a facility of the row's service, position unknown, may stand in the row's area."""
    parent = areas["parent_code"] if "parent_code" in areas else pd.Series(pd.NA, index=areas.index)
    parents = dict(zip(areas["code"], parent, strict=True))
    nowhere = set(unplaced.loc[unplaced["area_code"].isna(), "service"])
    somewhere = set(zip(unplaced["service"], unplaced["area_code"], strict=True))
    hidden = [
        service in nowhere or (service, code) in somewhere or (service, parents.get(code)) in somewhere
        for service, code in zip(gaps["service"], gaps["code"], strict=True)
    ]
    return np.array(hidden, dtype=bool)


def _check(areas: pd.DataFrame, families: pd.DataFrame, services: list[str]) -> None:
    for frame, name, needed in ((areas, "areas", {"code", "name"}), (families, "families", {"code"})):
        absent = ", ".join(sorted(needed - set(frame.columns)))
        if absent:
            raise InvalidInputError(f"{name}: no column {absent}.", f"{name}: tidak ada kolom {absent}.")
    repeated = areas.loc[areas["code"].duplicated(), "code"]
    if len(repeated):
        raise InvalidInputError(
            f"areas: code {repeated.iloc[0]} stands more than once.",
            f"areas: kode {repeated.iloc[0]} muncul lebih dari sekali.",
        )
    for service in services:
        distance = families[f"distance_m_{service}"].to_numpy(dtype=float)
        wrong = np.flatnonzero((distance < 0) | np.isinf(distance))
        if len(wrong):
            raise InvalidInputError(
                f"families: distance_m_{service} of row {wrong[0]} is {distance[wrong[0]]}; give metres, 0 or more.",
                f"families: distance_m_{service} baris {wrong[0]} bernilai {distance[wrong[0]]}; isi 0 atau lebih.",
            )
