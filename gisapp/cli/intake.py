"""What `gisapp ingest` tells people: what happened, what was put aside and why, and what to type next."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gisapp.registry.report import IngestReport

#: From this share of the families on, exchanged coordinates are the file's, not single mistakes.
WHOLE_FILE = 0.9


def intake_lines(report: IngestReport, *, workspace: str | None) -> list[str]:
    """Lines of an ingest report, Indonesian / English; ``workspace`` is what -w was given, if anything."""
    from gisapp.registry.reasons import REASONS, WARNINGS

    return [
        f"Penerimaan / intake {report.quarantine}, periode {report.period}: "
        f"formulir / form {report.form}, kode / codes {report.codes}",
        f"{report.rows} baris = {report.accepted} diterima + {report.quarantined} karantina / "
        f"{report.rows} rows = {report.accepted} accepted + {report.quarantined} quarantined; "
        f"{report.families} keluarga / families",
        *_outcome_lines(report),
        *_counted("karantina / quarantined", report.reasons, REASONS, report.reason_rows),
        *_counted("peringatan / warning", report.warnings, WARNINGS, report.warning_rows),
        *_swapped_lines(report),
        *_next_lines(report, workspace),
    ]


def _outcome_lines(report: IngestReport) -> list[str]:
    outcome, period = report.outcome, report.period
    if outcome.kind == "new":
        return [
            f"Potret pertama periode {period}: {outcome.families} keluarga.",
            f"The first snapshot of period {period}: {outcome.families} families.",
        ]
    if outcome.kind == "replaced":
        return [
            f"Mengganti potret periode {period} dari {outcome.source}; sekarang {outcome.families} keluarga.",
            f"Replaces the snapshot of period {period} from {outcome.source}; {outcome.families} families now.",
        ]
    if outcome.kind == "joined":
        return [
            f"Melengkapi potret periode {period} dari {outcome.source}; sekarang {outcome.families} keluarga.",
            f"Joined with the snapshot of period {period} from {outcome.source}; {outcome.families} families now.",
        ]
    stands = f"{outcome.source} ({outcome.families})" if outcome.source else "-"
    if outcome.kind == "unchanged":
        return [
            f"Berkas ini sudah pernah diterima; tidak ada yang berubah. Potret periode {period}: {stands}.",
            f"This file had been taken in before; nothing changed. Snapshot of period {period}: {stands}.",
        ]
    return [
        f"Tidak ada keluarga yang diterima. Potret periode {period} tetap: {stands}.",
        f"No family was accepted. The snapshot of period {period} stays: {stands}.",
    ]


def _counted(
    label: str, counts: dict[str, int], words: dict[str, tuple[str, str]], rows: dict[str, list[int]]
) -> list[str]:
    lines = []
    for code, count in sorted(counts.items()):
        id, en = words.get(code, (code, code))
        first = ", ".join(str(number) for number in rows.get(code, ()))
        more = ", …" if count > len(rows.get(code, ())) else ""
        where = f"; baris / rows {first}{more}" if first else ""
        lines.append(f"  {label}: {id} / {en} [{code}]: {count}{where}")
    return lines


def _swapped_lines(report: IngestReport) -> list[str]:
    swapped = report.warnings.get("coordinate_swapped", 0)
    if not swapped or swapped < WHOLE_FILE * report.families:
        return []
    base = [] if report.form.startswith("mapping:") else [f'  base = "{report.form}"']
    return [
        "Lintang dan bujur di seluruh berkas tertukar, jadi tidak satu titik pun dipakai. Betulkan judul kedua kolom "
        "itu di berkas, atau tukar dengan --mapping TUKAR.toml (lihat docs/registry.md):",
        "Latitude and longitude are exchanged in the whole file, so no point of it is used. Correct the headings of "
        "the two columns, or exchange them with --mapping TUKAR.toml (see docs/registry.md):",
        *base,
        "  [columns]",
        '  longitude = ["lintang"]',
        '  latitude = ["bujur"]',
    ]


def _next_lines(report: IngestReport, workspace: str | None) -> list[str]:
    if not report.quarantined:
        return []
    place = f" -w {shlex.quote(workspace)}" if workspace else ""
    return [
        "Baris yang ditolak, untuk diperbaiki lalu diterima lagi / rejected rows, to correct and ingest again:",
        f"  gisapp{place} quarantine {report.quarantine} -o ditolak.csv",
        f"  gisapp{place} ingest ditolak.csv --period {report.period}",
    ]
