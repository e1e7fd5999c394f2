"""The papers of the law on personal data: true to the workspace, naming nobody; and who looked at what."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from gisapp.access.actors import Actor
from gisapp.access.users import add_user
from gisapp.errors import PermissionRefusedError
from gisapp.registry.ingest import ingest
from gisapp.registry.plan import Provenance
from gisapp.registry.privacy import PAPERS, breach, write_breach, write_papers
from gisapp.registry.privacy_facts import knowledge, table
from gisapp.registry.quarantine import write_quarantine
from gisapp.store.audit import append_event
from gisapp.store.database import session
from gisapp.store.tables import utc_now
from gisapp.workspace.folder import open_workspace
from gisapp.workspace.settings import fill_settings_text
from tests.registry.conftest import family, write_csv

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def filled(workspace, tmp_path):
    rows = [family(number) for number in range(1, 5)] + [family(9, desil="11")]
    report = ingest(
        workspace, write_csv(tmp_path / "keluarga.csv", rows), period="2025",
        provenance=Provenance(bast_number="B-12/2026", received_from="Pusdatin", permitted_use="end_user",
                              expires_on=date(2020, 1, 31), purpose="verifikasi | lapangan"),
    )  # fmt: skip
    add_user(workspace, name="siti", role="social_office", password="kata-sandi-panjang-1", area=None,
             actor=Actor(name="local", role="admin", area=None))  # fmt: skip
    return workspace, report


def test_the_papers_say_what_the_workspace_holds(filled, tmp_path):
    workspace, _ = filled
    paths = write_papers(workspace, tmp_path / "naskah")
    assert [path.stem for path in paths] == list(PAPERS)
    register = (tmp_path / "naskah" / "catatan-pemrosesan.md").read_text(encoding="utf-8")
    for fact in ("B-12/2026", "Pusdatin", "pengguna akhir", "2020-01-31", "keluarga.csv", "| social_office | 1 |",
                 "verifikasi / lapangan", "365 hari", "4 keluarga", "desa"):  # fmt: skip
        assert fact in register, fact
    assert "berlaku s.d. 2020-01-31" in (tmp_path / "naskah" / "jadwal-retensi.md").read_text(encoding="utf-8")
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\{[a-z_]+\}", text), path
        assert "UU 27/2022" in text
        assert "\u2026" in text, "something is left for people to fill in"
        for row in range(1, 10):
            assert family(row)["nik"] not in text
            assert family(row)["nama_kepala_keluarga"] not in text


def test_a_training_workspace_marks_every_paper(filled, tmp_path):
    workspace, _ = filled
    text = workspace.settings_path.read_text(encoding="utf-8")
    workspace.settings_path.write_text(
        fill_settings_text(text, {"synthetic": True, "training": True}), encoding="utf-8"
    )
    for path in write_papers(open_workspace(workspace.root), tmp_path / "naskah"):
        assert path.read_text(encoding="utf-8").startswith("**LATIHAN")


def test_a_breach_lists_who_looked_at_what_and_is_recorded_itself(filled, tmp_path):
    workspace, report = filled
    siti = Actor(name="siti", role="social_office", area=None)
    write_quarantine(workspace, report.quarantine, tmp_path / "q.csv", actor=siti)
    with session(workspace.database) as db:
        append_event(db, action="identity.read", actor="budi", subject="2025 0000001", detail={"purpose": "delivery"})
    today = utc_now().date()
    everybody = breach(workspace, since=today - timedelta(days=1))
    assert [(look.actor, look.action) for look in everybody.looks] == [
        ("siti", "quarantine.read"), ("budi", "identity.read")
    ]  # fmt: skip
    assert (everybody.families, everybody.rows, everybody.broken) == (1, 1, None)
    assert [look.actor for look in breach(workspace, since=today - timedelta(days=1), who="siti").looks] == ["siti"]
    assert breach(workspace, since=today - timedelta(days=9), until=today - timedelta(days=8)).looks == ()
    text = write_breach(workspace, everybody, tmp_path / "laporan").read_text(encoding="utf-8")
    assert "| siti | baris yang ditolak diunduh utuh |" in text
    assert "1 keluarga dibuka satu per satu; 1 baris" in text
    assert "Jejak audit: utuh" in text
    with session(workspace.database, write=False) as db:
        from gisapp.store.tables import AuditEvent

        assert db.query(AuditEvent).filter_by(action="privacy.breach").count() == 3


def test_only_who_may_read_the_trail_may_ask(filled, tmp_path):
    planner = Actor(name="rani", role="planner", area=None)
    with pytest.raises(PermissionRefusedError):
        breach(filled[0], since=date(2026, 1, 1), actor=planner)
    with pytest.raises(PermissionRefusedError):
        write_papers(filled[0], tmp_path / "naskah", actor=planner)


def test_every_event_of_the_audit_trail_is_told_apart():
    """An event that shows personal data must not be forgotten in the notice of a breach."""
    known = set(knowledge()["looks"]) | set(knowledge()["others"]["actions"])
    written = set()
    for path in (ROOT / "gisapp").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "append_event" in text:
            written |= set(re.findall(r"""action="([a-z_]+(?:\.[a-z_]+)*)\"""", text))
    assert written, "no event was found at all"
    assert written <= known, f"say of these in privacy.toml whether they show personal data: {sorted(written - known)}"


def test_measures_name_modules_and_tests_that_exist():
    for risk in knowledge()["risks"]:
        assert risk["measures"]
        for _, module, test in risk["measures"]:
            assert (ROOT / module).is_file(), module
            assert (ROOT / test).is_file(), test


def test_a_cell_cannot_end_its_row():
    assert table(("a",), [("x | y\nz",)]).splitlines()[-1] == "| x / y z |"
