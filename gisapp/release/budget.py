"""The budget table (RAB) of a run, after disclosure control: what may be seen, priced line by line."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from gisapp.catalog.interventions import InterventionKind, load_interventions
from gisapp.maps.words import unchecked_names
from gisapp.release.collections import Audience, disclosed
from gisapp.release.comparisons import plan_totals
from gisapp.release.facts import RunData, district_name, is_synthetic, is_training, registry_source
from gisapp.store.files import atomic_write_bytes
from gisapp.store.hashing import sha256_file
from gisapp.writers.budget import Budget, BudgetLine, write_budget

_TEXTS = ("price_reference", "executor", "authority", "programmes", "requires_id")
_REGION = ("region_cost_factor", 1.0)
_TAX = ("vat_rate", 0.0)
NOTES = (
    "Harga satuan dalam katalog adalah contoh perencanaan tahun yang tertulis; ganti dengan SSH/HSPK/AHSP kabupaten, "
    "sebutkan tahun dan sumbernya.",
    "Pekerjaan = volume × harga satuan × faktor daerah. Perencanaan dan pengawasan adalah bagian dari pekerjaan. PPN "
    "dihitung atas ketiganya. Setiap jumlah dibulatkan ke rupiah.",
    "Pemeliharaan per tahun berdiri sendiri dan tidak termasuk jumlah.",
    "Keluarga dijangkau: terdaftar dan kekurangan layanan atau hal yang dijawab usulan itu. Dijangkau bukan berarti "
    "keluar dari kemiskinan.",
    "Satu keluarga dapat dijangkau beberapa usulan. Pada rekapitulasi setiap keluarga dihitung sekali; jumlah keluarga "
    "antarstrategi tidak boleh ditambahkan.",
    "Strategi berdampingan dan tidak diperingkat satu terhadap yang lain.",
    "Lokasi adalah indikasi. Yang tertulis pada kolom Belum diperiksa harus diperiksa sebelum anggaran ditetapkan.",
    "Usulan yang sudah dijawab kegiatan yang didanai ditulis dengan angka 0 pada kolom Dihitung dan tidak dijumlahkan.",
    "Kemitraan: belum ada data mitra; penyumbang dan jumlahnya ditetapkan dalam pertemuan.",
)


@dataclass(frozen=True, kw_only=True)
class BudgetReport:
    """What was written: ``suppressed`` rows have no numbers."""

    rows: int
    suppressed: int
    sha256: str


def write_budget_table(
    workspace: Any, run: RunData, path: Path, *, area: str | None = None, audience: Audience = "staff"
) -> BudgetReport:
    """Write the budget table of a run, or of what lies in one area; NotFoundError for an unknown area."""
    content, report = budget_table(workspace, run, area=area, audience=audience)
    atomic_write_bytes(path, content)
    return BudgetReport(rows=report[0], suppressed=report[1], sha256=sha256_file(path))


def budget_table(
    workspace: Any, run: RunData, *, area: str | None = None, audience: Audience = "staff"
) -> tuple[bytes, tuple[int, int]]:
    """Return the workbook, and how many rows it has and withholds."""
    found = disclosed(workspace, run, "interventions", audience=audience, area=area)
    frame = pd.DataFrame(found.frame.drop(columns=found.frame.geometry.name))
    places = _Places(workspace, run, audience)
    kinds = {kind.kind: kind for kind in load_interventions()}
    lines = [_line(row, kinds.get(str(row["kind"])), places) for row in frame.to_dict("records")]
    totals = plan_totals(run, frame, k=found.k) if area is None else {}
    parameters, sources = run.manifest.get("parameters", {}), run.manifest.get("parameters", {}).get("sources", {})
    budget = Budget(
        title=f"Rencana anggaran biaya (RAB) usulan — {district_name(run)}",
        facts=_facts(workspace, run, found.suppressed, found.k, area),
        lines=lines,
        region_factor=float(parameters.get(*_REGION)),
        region_source=_source(sources, _REGION[0]),
        tax_rate=float(parameters.get(*_TAX)),
        tax_source=_source(sources, _TAX[0]),
        once={scope: total["families"] for scope, total in totals.items()},
        notes=NOTES,
    )
    out = io.BytesIO()
    write_budget(out, budget)
    return out.getvalue(), (len(frame), found.suppressed)


def _facts(workspace: Any, run: RunData, suppressed: int, k: int, area: str | None) -> list[str]:
    facts = [
        f"Hasil hitung {run.run_id}, periode {run.manifest.get('period', '')}; sumber: {registry_source(run)}",
        f"{suppressed} usulan disembunyikan karena kurang dari {k} keluarga, atau dapat mengungkapnya kembali.",
        "Bukan dokumen anggaran yang disahkan: usulan untuk dibahas, harga contoh kecuali sumbernya menyebut lain.",
    ]
    if area:
        facts.append(f"Hanya usulan di wilayah {area}.")
    if is_synthetic(run):
        facts.append("DATA CONTOH (SINTETIS): tidak ada keluarga nyata di sini.")
    return ["LATIHAN", *facts] if is_training(workspace) else facts


def _source(sources: dict[str, Any], name: str) -> str:
    source, date = sources.get(name, ("tidak tercatat pada hasil ini", ""))
    return f"{source} ({date})" if date else str(source)


class _Places:
    """Names of desa and pockets."""

    def __init__(self, workspace: Any, run: RunData, audience: Audience) -> None:
        areas = disclosed(workspace, run, "areas", audience=audience).frame
        names = dict(zip(areas["code"], areas["name"], strict=True))
        self.desa = {
            code: ", ".join(str(part) for part in (name, names.get(parent)) if part)
            for code, name, parent in zip(areas["code"], areas["name"], areas["parent_code"], strict=True)
        }
        pockets = disclosed(workspace, run, "pockets", audience=audience).frame
        self.pocket = {
            str(key): f"{label} · {name}"
            for key, label, name in zip(pockets["pocket_id"], pockets["label"], pockets["name"], strict=True)
        }


def _line(row: dict[str, Any], kind: InterventionKind | None, places: _Places) -> BudgetLine:
    withheld = row["status"] != "present"
    checked = unchecked_names(_text(row.get("not_checked")), "id")
    where = ", ".join(part for part in (_text(row.get("location_label")), places.desa.get(row.get("code"), "")) if part)
    pre_empted, in_budget = _yes(row.get("pre_empted")), _yes(row.get("in_budget"))
    return BudgetLine(
        id=str(row["intervention_id"]),
        strategy=int(row["strategy"]),
        pocket=places.pocket.get(str(row["pocket_id"]), str(row["pocket_id"])),
        title=_text(row.get("title_id")),
        place=where,
        code=_text(row.get("code")),
        families=None if withheld else _integer(row.get("families")),
        volume=None if withheld else _number(row.get("volume")),
        unit=_text(row.get("unit")),
        unit_cost_idr=_number(row.get("unit_cost_idr")) or 0.0,
        regional=kind.regional if kind is not None else _number(row.get("region_factor")) not in (None, 1.0),
        design_share=_number(row.get("design_share")) or 0.0,
        supervision_share=_number(row.get("supervision_share")) or 0.0,
        taxed=(_number(row.get("tax_rate")) or 0.0) > 0,
        maintenance_share=_number(row.get("maintenance_share")) or 0.0,
        year=_integer(row.get("cost_year")),
        source=_text(row.get("cost_source")),
        texts=(
            *(_text(row.get(name)) for name in _TEXTS),
            ", ".join(checked),
            _text(row.get("funded_by")),
            "" if in_budget is None else ("ya" if in_budget else "tidak"),
        ),
        withheld=withheld,
        counted=not pre_empted,
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _number(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


def _integer(value: Any) -> int | None:
    return None if value is None or pd.isna(value) else round(float(value))


def _yes(value: Any) -> bool | None:
    return None if value is None or pd.isna(value) else bool(value)
