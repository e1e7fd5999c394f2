"""What changed between two snapshots, by hand and as properties."""

import json
from dataclasses import asdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gisapp.cli.main import gisapp
from gisapp.cli.options import run_guarded
from gisapp.errors import NotFoundError
from gisapp.registry.differences import compare
from gisapp.registry.ingest import ingest
from gisapp.registry.snapshots import find_snapshot, latest_snapshot, list_snapshots
from tests.registry.conftest import family

WEST, EAST = "12.05.01.2001", "12.05.01.2002"


@pytest.fixture
def two(workspace, files):
    """Five families; a year later 1 is the same, 2 has another decile, 3 moved, 4 is gone, 5 has no id, 6 is new."""
    nobody = {"nik": "0", "no_kk": ""}
    before = [*(family(number) for number in range(1, 5)), family(5, **nobody)]
    after = [
        family(6), family(3, kode_desa=EAST, desil="2"), family(2, desil="2"), family(1, nama_kepala_keluarga="Lain"),
        family(5, **nobody),
    ]  # fmt: skip
    ingest(workspace, files.csv(before), period="2024")
    ingest(workspace, files.csv(after, "baru.csv"), period="2025")
    return workspace


def counts(changes):
    return {name: value for name, value in asdict(changes).items() if value}


def test_every_fate_is_counted_once(two):
    found = compare(two, latest_snapshot(two, "2024"), latest_snapshot(two, "2025"))
    assert counts(found.total) == {
        "before": 5, "after": 5, "new": 1, "gone": 1, "moved_in": 1, "moved_out": 1, "changed": 1, "unchanged": 1,
        "unmatched_before": 1, "unmatched_after": 1,
    }  # fmt: skip
    west, east = found.desa
    assert counts(west) == {
        "code": WEST, "before": 5, "after": 4, "new": 1, "gone": 1, "moved_out": 1, "changed": 1, "unchanged": 1,
        "unmatched_before": 1, "unmatched_after": 1,
    }  # fmt: skip
    assert counts(east) == {"code": EAST, "after": 1, "moved_in": 1}


def test_a_kk_that_is_gone_is_looked_for_by_nik(workspace, files):
    ingest(workspace, files.csv([family(1), family(2)]), period="2024")
    ingest(workspace, files.csv([family(1, no_kk=""), family(2, no_kk="9902019999999999")], "b.csv"), period="2025")
    found = compare(workspace, latest_snapshot(workspace, "2024"), latest_snapshot(workspace, "2025"))
    assert counts(found.total) == {"before": 2, "after": 2, "unchanged": 2}


def test_a_snapshot_and_its_correction_go_on_by_their_own_ids(workspace, files):
    bad = family(9, desil="11")
    ingest(workspace, files.csv([family(1, nik="0", no_kk=""), bad]), period="2025")
    before = latest_snapshot(workspace)
    ingest(workspace, files.csv([{**bad, "desil": "2", "reasons": "decile_invalid"}], "k.csv"), period="2025")
    found = compare(workspace, before, latest_snapshot(workspace))
    assert counts(found.total) == {"before": 1, "after": 2, "new": 1, "unchanged": 1}


def test_on_the_command_line_by_period_and_by_hash(two, capsys):
    digest = latest_snapshot(two, "2025").hash
    assert run_guarded(gisapp, ["-w", str(two.root), "snapshots", "diff", "2024", digest[:12], "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["before"]["period"], told["after"]["hash"], told["total"]["gone"]) == ("2024", digest, 1)
    assert run_guarded(gisapp, ["-w", str(two.root), "snapshots"]) == 0
    out = capsys.readouterr().out
    assert [line[:4] for line in out.splitlines()] == ["2025", "2024"]
    assert run_guarded(gisapp, ["-w", str(two.root), "snapshots", "diff", "2024", "2025"]) == 0
    out = capsys.readouterr().out
    assert "12.05.01.2002: 0 -> 1; pindah masuk / moved in 1" in out
    assert "Do not pass them on" in out


def test_an_unknown_snapshot_is_said_with_those_there_are(two):
    for name in ("2023", "abc", "ffffffff"):
        with pytest.raises(NotFoundError, match="2025"):
            find_snapshot(two, name)
    assert len(list_snapshots(two)) == 2


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(1, 8), st.sampled_from("123")), min_size=1, max_size=8, unique_by=lambda x: x[0]))
def test_compared_with_itself_all_is_unchanged_and_sides_add_up(two, files, drawn):
    ingest(two, files.csv([family(n, desil=decile) for n, decile in drawn], "acak.csv"), period="2026")
    ref = latest_snapshot(two, "2026")
    assert counts(compare(two, ref, ref).total) == {"before": ref.rows, "after": ref.rows, "unchanged": ref.rows}
    found = compare(two, latest_snapshot(two, "2025"), ref)
    for one in (found.total, *found.desa):
        assert one.before == one.gone + one.moved_out + one.changed + one.unchanged + one.unmatched_before
        assert one.after == one.new + one.moved_in + one.changed + one.unchanged + one.unmatched_after
