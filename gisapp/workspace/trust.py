"""Thresholds of trust: which figure may stand alone, which survey estimate may be used, how many families to visit."""

from __future__ import annotations

from gisapp.workspace.threshold import OURS, Threshold, in_range

_RELIABILITY = ("alone", "with_range")
_RSE = ("usable", "caution")


def _falling(value: dict[str, float]) -> bool:
    return set(value) == set(_RELIABILITY) and 0 < value["with_range"] <= value["alone"] < 1


def _rising(value: dict[str, float]) -> bool:
    return set(value) == set(_RSE) and 0 < value["usable"] < value["caution"]


TRUST: tuple[Threshold, ...] = (
    Threshold(
        name="reliability_cuts",
        kind="number_map",
        default={"alone": 0.9, "with_range": 0.7},
        source="0,7 memadai: Scholle dkk. (2008), Am J Manag Care 14: 833-838; 0,9: bawaan gisapp (gisapp default)",
        date="2008-12-01",
        id="Bagian desa berdiri sendiri mulai keandalan `alone`, hanya bersama rentangnya mulai `with_range`.",
        en="A village's share stands alone from reliability `alone`, only with its range from `with_range`.",
        rule_id="with_range di atas 0, alone paling sedikit sebesar itu dan di bawah 1",
        rule_en="with_range above 0, alone at least as much and below 1",
        allowed=_falling,
        optional=True,
    ),
    Threshold(
        name="rse_cuts",
        kind="number_map",
        default={"usable": 0.25, "caution": 0.5},
        source="kebiasaan baca BPS: RSE ≤ 25 % akurat, 25-50 % hati-hati, > 50 % tidak dipakai (Soedarti dkk. 2007)",
        date="2007-01-01",
        id="Kelas galat baku relatif taksiran survei: sampai `usable` dipakai, sampai `caution` dengan hati-hati.",
        en="Classes of the relative standard error of a survey estimate: up to `usable`, up to `caution` with care.",
        rule_id="usable di atas 0, caution di atasnya",
        rule_en="usable above 0, caution above that",
        allowed=_rising,
        optional=True,
    ),
    in_range(
        "verification_visits",
        "integer",
        300,
        0,
        1_000_000,
        (
            OURS,
            "2026-11-22",
            "Banyaknya kunjungan pemeriksaan yang dibagi ke semua desa.",
            "Visits of verification that are shared out over all villages.",
        ),
        optional=True,
    ),
    in_range(
        "verification_error_share",
        "number",
        0.5,
        0.01,
        0.99,
        (
            "Neyman (1934); 0,5 = paling hati-hati selama belum ada hasil kunjungan (most cautious)",
            "1934-01-01",
            "Perkiraan bagian data yang keliru di tiap desa, untuk membagi kunjungan.",
            "Expected share of wrong entries in each village, for sharing out the visits.",
        ),
        optional=True,
    ),
)
