"""The file of a new scenario: a commented template in two languages, or the one that somebody tried out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gisapp.catalog.strict import quote
from gisapp.columns import SERVICES
from gisapp.errors import InvalidParameterError
from gisapp.store.files import atomic_write_bytes
from gisapp.workspace.folder import Workspace
from gisapp.workspace.scenarios import scenario_path

_HEAD = (
    "# Skenario: hal yang berbeda dari gisapp.toml. Hitung dan segel: gisapp run --scenario {name}",
    "# A scenario: what differs from gisapp.toml. Compute and seal it: gisapp run --scenario {name}",
    "# Skenario tidak pernah menjadi hasil dasar, dan tidak pernah diumumkan dengan sendirinya.",
    "# A scenario never becomes the baseline and is never published by itself.",
)
_WHY = (
    "",
    "# Judul, asal dan tanggal keputusan; wajib / title, source and date of the decision; required",
)
_BUDGET = (
    "",
    "# Anggaran dalam rupiah untuk seluruh usulan strategi 2 sampai 5; tanpa ini semuanya dianggap dapat dibeli.",
    "# Budget in rupiah for the suggestions of strategies 2 to 5; without it all of them count as bought.",
)
_EXCLUDE = (
    "",
    "# Jenis usulan yang tidak dipakai / kinds of intervention that are left out",
    '# exclude_kinds = ["sd_baru", "kompor_bersih"]',
    "",
    "# Kode kecamatan atau desa yang tidak boleh diberi indikasi lokasi / areas in which no site may be indicated",
    '# exclude_areas = ["12.05.01"]',
)
_THRESHOLDS = (
    "",
    "# Ambang gisapp.toml yang lain nilainya di sini, langsung dengan nilainya / thresholds with another value",
    "# [thresholds]",
    "# poor_deciles = [1, 2]",
    "# sites_per_pocket = 2",
)
_STANDARDS = (
    "",
    "# Standar jarak layanan, meter garis lurus / standards of distance, metres in a straight line",
    "# [standards]",
)


def new_scenario(workspace: Workspace, name: str, *, today: str) -> Path:
    """Write a commented template and return its path; InvalidParameterError where the name is taken.

    ``today`` (YYYY-MM-DD) stands as the date until somebody writes the one of the decision.
    """
    path = scenario_path(workspace, name)
    if path.exists():
        raise InvalidParameterError(
            f"{path} exists already; nothing was changed. Choose another name.",
            f"{path} sudah ada; tidak ada yang diubah. Pilih nama lain.",
            code="scenario_exists",
        )
    path.parent.mkdir(mode=0o700, exist_ok=True)
    atomic_write_bytes(path, template(workspace, name, today=today).encode())
    return path


def template(workspace: Workspace, name: str, *, today: str) -> str:
    """Text of a scenario that changes nothing yet."""
    found = {service: workspace.catalog.standard(service) for service in SERVICES}
    standards = [f"# {service} = {one.distance_m:g}" for service, one in found.items() if one is not None]
    lines = [line.format(name=name) for line in _HEAD]
    lines += [*_WHY, *_named(name.replace("-", " ").replace("_", " "), "belum diisi / not given", today)]
    lines += [*_BUDGET, "# budget_idr = 5_000_000_000", *_EXCLUDE, *_THRESHOLDS, *_STANDARDS, *standards]
    return "\n".join(lines) + "\n"


def tried_text(*, title: str, today: str, budget_idr: float | None, thresholds: Mapping[str, Any]) -> str:
    """Text of a scenario that keeps what was tried on the page: a budget, and thresholds by name."""
    lines = _named(title, "belum diisi: tulis dasar keputusannya / not given: write what decided it", today)
    if budget_idr is not None:
        lines.append(f"budget_idr = {budget_idr:.0f}")
    for name, value in thresholds.items():
        if isinstance(value, Mapping):
            lines += ["", f"[thresholds.{name}]", *(f"{key} = {item!r}" for key, item in value.items())]
        else:
            lines += ["", "[thresholds]", f"{name} = {value!r}"]
    return "\n".join(lines) + "\n"


def _named(title: str, source: str, today: str) -> list[str]:
    return [f"title = {quote(title)}", f"source = {quote(source)}", f"date = {quote(today)}"]
