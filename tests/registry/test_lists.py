"""Decree lists: sealed when taken in, matched by keyed hash, counted per desa."""

import json
from dataclasses import asdict

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select

from gisapp.access.actors import Actor
from gisapp.cli.main import gisapp
from gisapp.cli.options import run_guarded
from gisapp.errors import InvalidParameterError, NotFoundError, PermissionRefusedError, RegistryError
from gisapp.registry.ingest import ingest
from gisapp.registry.list_matching import match_list
from gisapp.registry.lists import deciles_of, list_lists, take_in_list
from gisapp.registry.tables import ListEntryRow
from gisapp.store.database import session
from gisapp.workspace.add import add_layer
from tests.registry.conftest import everything, family, nik

WEST, EAST = "12.05.01.2001", "12.05.01.2002"
PLANNER = Actor(name="p", role="planner")


@pytest.fixture
def registered(workspace, files):
    """Families 1-3 and 5 of decile 1 and 4 of decile 3 in the west, 6 of decile 1 in the east; 5 has no NIK."""
    rows = [*(family(n) for n in (1, 2, 3)), family(4, desil="3"), family(5, nik="0"), family(6, kode_desa=EAST)]
    ingest(workspace, files.csv(rows), period="2025")
    return workspace


@pytest.fixture
def decree(files):
    """Lines of 1 (by NIK), 5 (by KK), 4 (not eligible), one of nobody, one with a damaged NIK, one of no desa."""
    lines = [
        ("No", "NIK", "Nomor KK", "Nama KPM", "Kode Desa"),
        ("1", nik(1), "", "Nama Rekaan 1", WEST),
        ("2", "", family(5)["no_kk"], "Nama Rekaan 5", WEST),
        ("3", nik(4), family(4)["no_kk"], "Nama Rekaan 4", EAST),
        ("4", nik(77), "", "Nama Rekaan 77", EAST),
        ("5", "9.90101E+15", "", "Nama Rekaan 78", WEST),
        ("6", nik(79), "", "Nama Rekaan 79", ""),
    ]
    return files.text("\n".join(",".join(line) for line in lines) + "\n", "sk.csv")


def counts(one):
    return {name: value for name, value in asdict(one).items() if value}


def test_on_it_not_found_and_eligible_but_not_on_it(registered, decree):
    taken = take_in_list(registered, decree, name="pkh", number="1/2025", date="2025-01-31", criteria="desil 1")
    assert (taken.entries, taken.damaged, taken.deciles) == (6, 1, (1,))
    found = match_list(registered, "pkh", actor=PLANNER)
    assert counts(found.total) == {
        "entries": 6, "found": 3, "not_found": 2, "damaged": 1, "on_list_and_registered": 3, "eligible": 5,
        "eligible_not_on_list": 3,
    }  # fmt: skip
    nowhere, west, east = found.desa
    assert counts(nowhere) == {"code": "-", "entries": 1, "not_found": 1}
    assert counts(west) == {
        "code": WEST, "entries": 4, "found": 3, "damaged": 1, "on_list_and_registered": 3, "eligible": 4,
        "eligible_not_on_list": 2,
    }  # fmt: skip
    assert counts(east) == {
        "code": EAST, "entries": 1, "not_found": 1, "eligible": 1, "eligible_not_on_list": 1,
    }  # fmt: skip


def test_a_workbook_is_read_too_and_lines_are_not_families(registered, files):
    """Two lines of one family are two found lines and one family."""
    book = Workbook()
    book.active.append(["No. KK", "NIK", "Nama"])
    book.active.append([family(2)["no_kk"], nik(2), "a"])
    book.active.append([family(2)["no_kk"], nik(88), "b"])
    path = files.folder / "sk.xlsx"
    book.save(path)
    take_in_list(registered, path, name="bpnt")
    assert counts(match_list(registered, "bpnt").total) == {
        "entries": 2, "found": 2, "on_list_and_registered": 1, "eligible": 5, "eligible_not_on_list": 4,
    }  # fmt: skip


def test_the_same_file_again_changes_nothing_and_another_needs_replace(registered, decree, files):
    take_in_list(registered, decree, name="pkh")
    before = everything(registered.root)
    assert take_in_list(registered, decree, name="pkh").unchanged
    assert everything(registered.root) == before
    other = files.text(f"nik,nama\n{nik(1)},x\n", "lain.csv")
    with pytest.raises(RegistryError, match="--replace"):
        take_in_list(registered, other, name="pkh")
    assert take_in_list(registered, other, name="pkh", replace=True).entries == 1
    with session(registered.database, write=False) as database:
        assert database.scalar(select(func.count()).select_from(ListEntryRow)) == 1


def test_no_name_or_number_of_the_list_is_in_the_clear(registered, decree):
    take_in_list(registered, decree, name="pkh")
    for name, data in everything(registered.root).items():
        for word in (nik(77), nik(79), family(5)["no_kk"], "Nama Rekaan"):
            assert word.encode() not in data, name


def test_a_file_without_ids_a_wrong_date_a_wrong_role_and_an_unknown_name_are_refused(registered, decree, files):
    with pytest.raises(RegistryError) as refused:
        take_in_list(registered, files.text("nama,alamat\na,b\n", "x.csv"), name="x")
    assert refused.value.code == "column_missing"
    with pytest.raises(RegistryError, match="no lines"):
        take_in_list(registered, files.text("nik,nama\n", "y.csv"), name="x")
    with pytest.raises(InvalidParameterError, match="2025-01-31"):
        take_in_list(registered, decree, name="x", date="31/1/2025")
    with pytest.raises(InvalidParameterError):
        take_in_list(registered, decree, name="../x\n")
    with pytest.raises(PermissionRefusedError):
        take_in_list(registered, decree, name="x", actor=PLANNER)
    with pytest.raises(NotFoundError, match="no list"):
        match_list(registered, "x")
    assert list_lists(registered) == ()


def test_niks_that_a_spreadsheet_rounded_are_counted_apart(registered, files):
    rows = "".join(f"{nik(number)[:-1]}0,x\n" for number in range(30))
    taken = take_in_list(registered, files.text("nik,nama\n" + rows, "bulat.csv"), name="bulat")
    assert (taken.entries, taken.damaged) == (30, 30)


def test_deciles_are_read_from_the_criteria():
    said = ("Desil 1 s.d. 4", "desil kesejahteraan 1, 2 dan 3", "lansia", "desil 40", "DESIL 2")
    assert [deciles_of(one, (1,)) for one in said] == [(1, 2, 3, 4), (1, 2, 3), (1,), (1,), (2,)]


def test_on_the_command_line(registered, decree, capsys):
    start = ["-w", str(registered.root)]
    command = ["add", str(decree), "--role", "table", "--kind", "target_list", "--name", "pkh", "--number", "9"]
    assert run_guarded(gisapp, [*start, *command, "--date", "2025-01-31", "--criteria", "desil 1-4"]) == 0
    assert "6 baris / lines (1 NIK rusak / damaged), SK / decree 9 2025-01-31, desil / deciles 1, 2, 3, 4" in (
        capsys.readouterr().out
    )
    assert not (registered.layers_folder / "pkh.toml").exists()
    assert run_guarded(gisapp, [*start, "lists", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["lists"][0]["entries"] == 6
    assert run_guarded(gisapp, [*start, "lists", "match", "pkh", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["total"]["eligible"] == 6
    assert run_guarded(gisapp, [*start, "lists", "match", "pkh", "--period", "2025"]) == 0
    assert "layak tetapi tidak di daftar / eligible, not on the list 3" in capsys.readouterr().out


def test_a_list_is_never_added_as_a_layer(registered, decree):
    with pytest.raises(InvalidParameterError) as refused:
        add_layer(registered, decree, role="table", name="pkh", kind="target_list")
    assert refused.value.code == "by_name_list"
    assert not list(registered.root.rglob("*sk.csv"))
