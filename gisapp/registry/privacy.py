"""The papers that UU 27/2022 asks of a district, filled with the facts of its workspace; and who looked at what.

The texts stand in ``templates/privacy``; what is known to the law and to the audit trail in ``privacy.toml``. Nothing
here reads an identity.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from gisapp.access.actors import LOCAL, Actor
from gisapp.access.permissions import require
from gisapp.registry.privacy_facts import facts_of, knowledge, table
from gisapp.settings import templates_folder
from gisapp.store.audit import append_event, first_broken_event
from gisapp.store.database import session
from gisapp.store.files import atomic_write_bytes
from gisapp.store.tables import AuditEvent, utc_now
from gisapp.workspace.folder import Workspace

PAPERS = ("catatan-pemrosesan", "penilaian-dampak", "laporan-kegagalan", "jadwal-retensi", "permintaan-subjek-data")
BREACH_PAPER = "laporan-kegagalan"


@dataclass(frozen=True, kw_only=True)
class Look:
    """One look at personal data: ``subject`` is a family's id, an import or a case, never a person's name or number."""

    at: datetime
    actor: str
    action: str
    subject: str
    detail: Mapping[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        return {**vars(self), "at": self.at.isoformat(), "detail": dict(self.detail)}


@dataclass(frozen=True, kw_only=True)
class Breach:
    """Who looked at what in a time.

    ``families`` counts the families whose identity was opened one by one, ``rows`` the rows handed out whole.
    ``broken`` is the first event that does not fit the chain, or None.
    """

    since: datetime
    until: datetime
    actor: str | None
    looks: tuple[Look, ...]
    families: int
    rows: int
    broken: int | None

    def as_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        return {
            "since": self.since.isoformat(), "until": self.until.isoformat(), "actor": self.actor,
            "looks": [look.as_dict() for look in self.looks], "families": self.families, "rows": self.rows,
            "broken_event": self.broken,
        }  # fmt: skip


def breach(
    ws: Workspace, *, since: date, until: date | None = None, who: str | None = None, actor: Actor = LOCAL
) -> Breach:
    """Looks at personal data between two days (inclusive, UTC), of one user or of all; the question is audited too."""
    require(actor, "audit.read")
    start = datetime.combine(since, time.min, UTC)
    end = datetime.combine(until or utc_now().date(), time.min, UTC) + timedelta(days=1)
    wanted = select(AuditEvent).where(
        AuditEvent.action.in_(list(knowledge()["looks"])), AuditEvent.at >= start, AuditEvent.at < end
    )
    if who is not None:
        wanted = wanted.where(AuditEvent.actor == who)
    with session(ws.database) as db:
        looks = tuple(
            Look(at=one.at, actor=one.actor, action=one.action, subject=one.subject, detail=json.loads(one.detail))
            for one in db.scalars(wanted.order_by(AuditEvent.number))
        )
        broken = first_broken_event(db)
        append_event(
            db, action="privacy.breach", actor=actor.name, subject=since.isoformat(), detail={"looks": len(looks)}
        )
    opened = {look.subject for look in looks if look.action in ("identity.read", "updates.read_identity")}
    rows = sum(int(look.detail.get(name, 0)) for look in looks for name in ("rows", "cases"))
    return Breach(since=start, until=end, actor=who, looks=looks, families=len(opened), rows=rows, broken=broken)


def write_papers(ws: Workspace, folder: Path, *, actor: Actor = LOCAL) -> list[Path]:
    """Write the papers, filled in as far as the workspace knows; what only people know is left dotted."""
    require(actor, "audit.read")
    facts = facts_of(ws)
    folder.mkdir(parents=True, exist_ok=True)
    blank = {"looks": "Jalankan `gisapp privacy breach` untuk mengisinya.", "since": "………", "until": "………",
             "actor": "………", "chain": "………", "subjects": "………"}  # fmt: skip
    return [_write(folder, name, {**facts, **blank}) for name in PAPERS]


def write_breach(ws: Workspace, found: Breach, folder: Path) -> Path:
    """Write the notice of a breach with what was seen."""
    folder.mkdir(parents=True, exist_ok=True)
    chain = "utuh" if found.broken is None else f"RUSAK mulai peristiwa {found.broken}"
    seen = table(
        ("waktu (UTC)", "pengguna", "apa", "pada"),
        ((look.at.strftime("%Y-%m-%d %H:%M"), look.actor, knowledge()["looks"][look.action], look.subject)
         for look in found.looks),
    )  # fmt: skip
    told = (
        f"{len(found.looks)} kali dilihat; {found.families} keluarga dibuka satu per satu; "
        f"{found.rows} baris ditulis ke berkas."
    )
    values = {
        "looks": f"{told}\n\n{seen}", "since": found.since.date().isoformat(),
        "until": (found.until - timedelta(days=1)).date().isoformat(), "actor": found.actor or "semua pengguna",
        "chain": chain, "subjects": str(found.families),
    }  # fmt: skip
    return _write(folder, BREACH_PAPER, {**facts_of(ws), **values})


def _write(folder: Path, name: str, values: Mapping[str, str]) -> Path:
    text = (templates_folder() / "privacy" / f"{name}.md").read_text(encoding="utf-8")
    for key, value in values.items():
        text = text.replace(f"{{{key}}}", value)
    path = folder / f"{name}.md"
    atomic_write_bytes(path, text.encode())
    return path
