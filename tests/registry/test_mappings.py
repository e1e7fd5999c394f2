"""Mappings that an office keeps by name."""

from __future__ import annotations

import stat

import pytest
from sqlalchemy import select

from gisapp.access.actors import LOCAL, Actor
from gisapp.errors import ConfigurationError, InvalidParameterError, NotFoundError, PermissionRefusedError
from gisapp.registry.ingest import ingest
from gisapp.registry.mappings import compose_mapping, find_mapping, mapping_path, save_mapping, saved_mappings
from gisapp.registry.preview import preview
from gisapp.store.audit import AuditEvent
from gisapp.store.database import session
from tests.registry.conftest import family

HEADINGS = {"code": ["Kode Wilayah Desa"], "persons": ["Jml ART"], "decile": ["Desil 2025"]}


def renamed(number: int) -> dict[str, str]:
    row = family(number)
    names = {"kode_desa": "Kode Wilayah Desa", "jumlah_anggota": "Jml ART", "desil": "Desil 2025"}
    return {names.get(key, key): value for key, value in row.items()}


def test_a_composed_mapping_reads_the_office_s_own_headings(workspace, files):
    text = compose_mapping("regsosek2022k", "family", HEADINGS, title='Dinas "Sosial"')
    save_mapping(workspace, "dinsos", text, LOCAL)
    file = files.csv([renamed(1), renamed(2)])
    assert preview(workspace, file, mapping=mapping_path(workspace, "dinsos")).accepted == 2
    report = ingest(workspace, file, period="2025", mapping=find_mapping(workspace, "dinsos"))
    assert (report.accepted, report.form) == (2, "mapping:dinsos")


def test_saved_mappings_are_listed_private_and_audited(workspace):
    path = save_mapping(workspace, "dinsos-2", compose_mapping(None, "person", HEADINGS), LOCAL)
    (one,) = saved_mappings(workspace)
    assert (one.name, one.base, one.unit, one.columns) == ("dinsos-2", None, "person", 3)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with session(workspace.database, write=False) as database:
        assert "registry.mapping" in list(database.scalars(select(AuditEvent.action)))


@pytest.mark.parametrize("name", ["../x", "A", "", "a/b", "a" * 61, "-x", "a.toml"])
def test_a_name_that_is_no_plain_word_is_refused(workspace, name):
    with pytest.raises(InvalidParameterError):
        save_mapping(workspace, name, compose_mapping(None, "family", HEADINGS), LOCAL)
    with pytest.raises(NotFoundError):
        mapping_path(workspace, name)
    assert not (workspace.root / "mappings").exists()


@pytest.mark.parametrize("text", ["persons = 1", '[columns]\npersons = ["x"]', 'unit = "family"\n[columns]\nx = ["y"]'])
def test_a_text_that_is_no_mapping_is_not_kept(workspace, text):
    with pytest.raises(ConfigurationError):
        save_mapping(workspace, "salah", text, LOCAL)
    assert saved_mappings(workspace) == []


def test_headings_cannot_break_out_of_the_toml(workspace):
    evil = compose_mapping("regsosek2022k", "family", {"persons": ['x"]\nunit = "person', "y\\"]})
    save_mapping(workspace, "aneh", evil, LOCAL)
    assert saved_mappings(workspace)[0].unit == "family"


def test_only_who_takes_files_in_may_save_one(workspace):
    with pytest.raises(PermissionRefusedError):
        save_mapping(workspace, "x", compose_mapping(None, "family", HEADINGS), Actor(name="a", role="viewer"))
