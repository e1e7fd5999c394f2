"""What the papers on privacy say of a workspace: its files, users, rights and terms, as text; nobody's identity."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from gisapp.access.permissions import matrix
from gisapp.access.users import list_users
from gisapp.registry.identities import purposes
from gisapp.registry.snapshots import latest_snapshot
from gisapp.registry.tables import IntakeRow, ListRow
from gisapp.store.database import session
from gisapp.store.tables import AuditEvent, utc_now
from gisapp.workspace.folder import Workspace

_FILE = Path(__file__).with_name("privacy.toml")
_NONE, _BLANK = "–", "………"


@lru_cache(maxsize=1)
def knowledge() -> dict[str, Any]:
    """What privacy.toml says."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def facts_of(ws: Workspace) -> dict[str, str]:
    """Every fact that a paper may name, by its place in the text."""
    settings, law = ws.settings, knowledge()["law"]
    ref = latest_snapshot(ws)
    with session(ws.database, write=False) as db:
        intakes = list(db.scalars(select(IntakeRow).order_by(IntakeRow.number)))
        lists = list(db.scalars(select(ListRow).order_by(ListRow.number)))
        reads = db.scalar(
            select(func.count()).select_from(AuditEvent).where(AuditEvent.action.in_(list(knowledge()["looks"])))
        )
    return {
        "banner": _banner(ws),
        "district": settings.name or "kabupaten ini",
        "kode": settings.kode or _NONE,
        "date": utc_now().date().isoformat(),
        "law": f"{law['title']} ({law['date']})",
        "law_note": law["note"],
        "families": f"{ref.rows:,}".replace(",", ".") if ref else "0",
        "forms": ", ".join(sorted({one.form for one in intakes})) or _NONE,
        "purposes": _purposes(),
        "intakes": _intakes(intakes),
        "lists": "; ".join(f"{one.name} (SK {one.decree_number or _NONE})" for one in lists) or "belum ada",
        "layers": _layers(ws),
        "users": _users(ws),
        "permissions": _permissions(),
        "reads": str(reads or 0),
        "k_staff": str(settings.k_staff),
        "k_public": str(settings.k_public),
        "retention": str(settings.quarantine_retention_days),
        "database": "berkas SQLite ruang kerja" if isinstance(ws.database, Path) else "PostgreSQL",
        "risks": _risks(),
        "due": _due(intakes),
    }


def _banner(ws: Workspace) -> str:
    if ws.settings.training:
        return "**LATIHAN – data contoh (sintetis), bukan dokumen resmi**\n\n"
    return "**Data contoh (sintetis), bukan dokumen resmi**\n\n" if ws.settings.synthetic else ""


def _purposes() -> str:
    return "\n".join(f"- {id}" for id, _ in purposes().values())


def _intakes(rows: list[IntakeRow]) -> str:
    if not rows:
        return "Belum ada berkas keluarga yang diterima."
    return table(
        ("diterima", "periode", "berkas", "formulir", "baris", "keluarga", "BAST", "dari", "tujuan", "izin", "sampai"),
        (
            (f"{one.created_at:%Y-%m-%d}", one.period, one.source, one.form, one.rows, one.families,
             one.bast_number or _BLANK, one.received_from or _BLANK, one.purpose or _BLANK,
             "pengguna akhir" if one.permitted_use == "end_user" else "penuh", one.expires_on or _BLANK)
            for one in rows
        ),
    )  # fmt: skip


def _layers(ws: Workspace) -> str:
    specs = sorted(ws.catalog.layers.items())
    if not specs:
        return "Belum ada lapisan."
    return table(
        ("lapisan", "jenis", "sumber", "tanggal", "lisensi"),
        ((name, one.role, one.source or _BLANK, one.date or _BLANK, one.licence or _BLANK) for name, one in specs),
    )


def _users(ws: Workspace) -> str:
    counted = Counter(user.role for user in list_users(ws) if user.disabled_at is None)
    if not counted:
        return "Belum ada pengguna."
    return table(("peran", "pengguna aktif"), sorted(counted.items()))


def _permissions() -> str:
    named = sorted(matrix().permissions.items())
    return "\n".join(f"| {one.id} | {', '.join(sorted(one.roles))} |" for _, one in named if "public" not in one.roles)


def _risks() -> str:
    parts = []
    for number, risk in enumerate(knowledge()["risks"], 1):
        rows = ((what, f"`{module}`", f"`{test}`") for what, module, test in risk["measures"])
        parts.append(
            f"### Risiko {number}: {risk['title']}\n\nKemungkinan ……… Dampak ……… Risiko sisa ………\n\n"
            + table(("tindakan", "dibuat oleh", "ditunjukkan oleh"), rows)
        )
    return "\n\n".join(parts)


def _due(rows: list[IntakeRow]) -> str:
    today = utc_now().date()
    due = [one for one in rows if one.quarantined and one.retention_until and one.retention_until <= today]
    ended = [one for one in rows if one.expires_on and one.expires_on < today]
    lines = [f"- karantina {one.import_id} (periode {one.period}): sejak {one.retention_until}" for one in due]
    lines += [
        f"- set data {one.source} (BAST {one.bast_number or _NONE}): berlaku s.d. {one.expires_on}" for one in ended
    ]
    return "\n".join(lines) or "Tidak ada yang jatuh tempo."


def table(heads: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """A Markdown table."""
    names = list(heads)
    lines = [f"| {' | '.join(names)} |", "|" + "---|" * len(names)]
    return "\n".join([*lines, *(f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows)])


def _cell(value: Any) -> str:
    """Text of a cell that cannot end its row or its column."""
    return " ".join(str(value).replace("|", "/").split())
