"""Minutes without names, erasure, new keys, coverage, the command line, and a crash on the way."""

from __future__ import annotations

import json
from datetime import date

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from gisapp.cli.main import gisapp
from gisapp.errors import PermissionRefusedError
from gisapp.registry.sealing import nik_hash
from gisapp.registry.snapshots import latest_snapshot
from gisapp.registry.updates import acceptance
from gisapp.registry.updates.acceptance import accept
from gisapp.registry.updates.attachments import attach
from gisapp.registry.updates.coverage import where_to_look_first
from gisapp.registry.updates.erasure import erase
from gisapp.registry.updates.meetings import deliberate, meeting
from gisapp.registry.updates.model import Decision, Minutes, StepRefusedError
from gisapp.registry.updates.papers import _minutes_data, long_date, write_minutes, write_minutes_annex
from gisapp.registry.updates.queue import case, read_case
from gisapp.store.audit import first_broken_event
from gisapp.store.database import session
from gisapp.store.tables import AuditEvent
from gisapp.store.vault import open_vault
from gisapp.workspace.add import add_layer
from gisapp.workspace.folder import open_workspace
from tests.registry.conftest import nik
from tests.registry.updates.conftest import CHAIR, FACILITATOR, HERE, STAFF, VERIFIER, families


@pytest.fixture
def met(five, walk):
    """A meeting that agreed to one leave and one change and rejected an objection."""
    ids = [walk.on(walk.register(kind, n), "visited").id for n, kind in enumerate(("leave", "change", "objection"), 1)]
    decisions = {one: Decision(decision="agree") for one in ids[:2]}
    decisions[ids[2]] = Decision(decision="reject", reason="better_off")
    minutes = Minutes(area=HERE, held_on=date(2026, 3, 9), place="Rumah Pak Rekaan", decisions=decisions,
                      present={"government": 2, "women": 5}, chair="Ketua Rekaan")  # fmt: skip
    return deliberate(five, FACILITATOR, ids, minutes)


def test_the_minutes_count_and_name_nobody(five, met, tmp_path):
    data = _minutes_data(
        five, meeting(five, CHAIR, met.id), dict(zip(met.decisions, ("leave", "change", "objection"), strict=True))
    )
    assert (data["proposed"], data["agreed"], data["removed"], data["total"]) == (3, 2, 1, 7)
    assert data["reasons"] == [{"reason": "sudah mampu", "count": 1}]
    text = json.dumps(data)
    assert not any(nik(n) in text or f"Nama Rekaan {n}" in text for n in range(1, 6))
    write_minutes(five, CHAIR, met.id, tmp_path / "ba.pdf")
    assert (tmp_path / "ba.pdf").read_bytes().startswith(b"%PDF")


def test_the_annex_is_for_those_who_may_read_names(five, met, tmp_path):
    with pytest.raises(PermissionRefusedError):
        write_minutes_annex(five, CHAIR, met.id, tmp_path / "x.pdf")
    write_minutes_annex(five, STAFF, met.id, tmp_path / "x.pdf")
    assert (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"present": {}}, "present"), ({"present": {"ghosts": 3}}, "present"), ({"present": {"women": -1}}, "present"),
        ({"place": " "}, "place"), ({"decisions": {}}, "decision_missing"),
    ],
)  # fmt: skip
def test_minutes_that_say_too_little_are_refused(five, walk, change, code):
    found = walk.on(walk.register("leave", 1), "visited")
    whole = {"area": HERE, "held_on": date(2026, 3, 9), "place": "Balai desa", "present": {"women": 5},
             "decisions": {found.id: Decision(decision="agree")}}  # fmt: skip
    with pytest.raises(StepRefusedError) as refused:
        deliberate(five, FACILITATOR, [found.id], Minutes(**{**whole, **change}))
    assert refused.value.code == code


def test_a_day_in_words():
    assert long_date("2026-08-17") == "Senin, 17 Agustus 2026"


def test_no_identity_lies_in_the_clear(five, walk, met):
    walk.register("change", 4, floor="8")
    needles = [text.encode() for n in range(1, 6) for text in (nik(n), f"Nama Rekaan {n}")]
    needles += [b"Rumah Pak Rekaan", b"Ketua Rekaan"]
    for path in five.root.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not [needle for needle in needles if needle in content], path


def test_reading_an_identity_is_recorded(five, walk):
    found = walk.register("change", 1, floor="8")
    assert read_case(five, VERIFIER, found.id, "visit").identity.name == "Nama Rekaan 1"
    detail = case(five, CHAIR, found.id)
    assert (detail.nik_tail[-4:], detail.nik_tail[:12]) == (nik(1)[-4:], "•" * 12)
    with session(five.database, write=False) as db:
        events = list(db.scalars(select(AuditEvent).where(AuditEvent.action == "updates.read_identity")))
        assert first_broken_event(db) is None
    assert [(one.actor, json.loads(one.detail)["purpose"]) for one in events] == [("verifikator", "visit")]


def test_erasure_empties_the_case_and_its_photos(five, walk):
    import io

    found = walk.on(walk.register("change", 1, floor="8"), "visited")
    attach(five, VERIFIER, stream=io.BytesIO(b"%PDF-1.4"), filename="a.pdf", kind="scan", case_id=found.id)
    with session(five.database) as db:
        files = erase(db, five, [nik_hash(open_vault(five.root), nik(1))])
    assert [path.parent.name for path in files] == ["attachments"]
    detail = case(five, STAFF, found.id)
    assert (detail.case.state, detail.answers, detail.nik_tail, detail.attachments) == ("refused", {}, "", ())
    assert detail.steps[-1].action == "erase"


def test_new_keys_open_everything_again(five, walk, met):
    import io

    from gisapp.registry.sealed import everything_sealed
    from gisapp.store.rotation import rotate

    found = walk.register("change", 4, floor="8")
    one = attach(five, STAFF, stream=io.BytesIO(b"%PDF-1.4"), filename="a.pdf", kind="scan", case_id=found.id)
    before = read_case(five, STAFF, found.id)
    rotate(five.root, five.database, everything_sealed(five))
    from gisapp.registry.updates.attachments import open_attachment

    assert read_case(five, STAFF, found.id) == before
    assert open_attachment(five, STAFF, one.id).name == "a.pdf"
    assert meeting(five, STAFF, met.id) == met
    assert walk.on(found, "accepted").family_id == "0000005"


def test_a_crash_between_the_files_and_the_rows_leaves_the_old_state(five, walk, monkeypatch):
    found = walk.on(walk.register("leave", 1))
    before = latest_snapshot(five)

    def crash(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(acceptance, "_carry_on", crash)
    with pytest.raises(KeyboardInterrupt):
        accept(five, CHAIR, [found.id])
    assert latest_snapshot(five) == before
    assert walk.now(found.id).state == "submitted"
    monkeypatch.undo()
    assert accept(five, CHAIR, [found.id]).accepted == (found.id,)
    assert len(families(five)) == 4


def test_where_to_look_first_is_the_lowest_share(five, tmp_path):
    file = tmp_path / "penduduk.csv"
    file.write_text(f"kode,jiwa,keluarga,tahun,sumber\n{HERE},40,10,2024,Dukcapil\n12.05.01.2002,80,20,2024,Dukcapil\n")
    add_layer(five, file, role="table", name="penduduk", kind="population")
    frame = where_to_look_first(open_workspace(five.root))
    assert frame["code"].tolist()[:2] == ["12.05.01.2002", HERE]
    assert frame["ratio"].tolist()[:2] == [0.0, 0.5]
    assert frame["order"].tolist()[:2] == [1, 2]
    assert frame["order"].isna().tolist()[2:] == [True, True]
    assert (int(frame["year"].iloc[0]), frame["source"].iloc[0]) == (2024, "Dukcapil")


def run(ws, *arguments):
    return CliRunner().invoke(gisapp, ["-w", str(ws.root), *arguments])


def test_the_command_lists_and_orders(five, walk):
    walk.register("change", 1, floor="8")
    told = run(five, "updates", "list", "--json")
    document = json.loads(told.output)
    assert document["counts"] == {"registered": 1, "stale": 0}
    assert document["cases"][0]["number"] == "MPM-000001"
    assert "MPM-000001" in run(five, "updates", "list").output
    assert "penduduk tidak diketahui" in run(five, "updates", "where").output


def test_the_command_registers_writes_and_reads(five, files, tmp_path):
    batch = files.text(
        f"jenis,kode_desa,nama,nik\nperubahan,{HERE},Nama,{nik(1)}\nbesok,{HERE},Nama,{nik(2)}\n", "u.csv"
    )
    told = run(five, "updates", "batch", str(batch))
    assert told.exit_code == 1
    assert "baris / row 3" in told.output
    from gisapp.registry.updates.matching import match_many
    from gisapp.registry.updates.visits import put_on_list

    match_many(five, STAFF, [1])
    put_on_list(five, STAFF, [1])
    out = tmp_path / "daftar.xlsx"
    assert run(five, "updates", "visit-list", "1", "-o", str(out)).exit_code == 0
    told = run(five, "updates", "read-visits", str(out))
    assert told.exit_code == 0
    assert "1 tidak berubah" in told.output
