"""docs/training.md and the papers on privacy: their commands, pages, roles and example are the programme's own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gisapp.access.actors import Actor
from gisapp.access.permissions import ROLES
from gisapp.cli.main import COMMANDS
from gisapp.registry.ingest import ingest
from gisapp.registry.updates.registration import register_batch
from gisapp.web.app import create_app
from gisapp.workspace.folder import init_workspace
from tests.registry.conftest import DESA, family, make_workspace, write_boundary, write_csv

ROOT = Path(__file__).resolve().parents[2]
TRAINING = (ROOT / "docs" / "training.md").read_text(encoding="utf-8")
PAPERS = [ROOT / "docs" / "training.md", ROOT / "docs" / "privacy.md", *(ROOT / "templates" / "privacy").glob("*.md")]


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_every_command_that_is_named_exists(paper):
    named = re.findall(r"`?gisapp (?:-w \S+ )?([a-z]+)", paper.read_text(encoding="utf-8"))
    assert set(named) <= set(COMMANDS), paper


def test_every_page_that_is_named_exists(tmp_path):
    init_workspace(tmp_path / "w")
    rules = {rule.rule for rule in create_app(tmp_path / "w", testing=True).url_map.iter_rules()}
    named = set(re.findall(r"`(/[a-z/-]+)`", TRAINING))
    assert len(named) > 5
    assert named <= rules | {rule.rstrip("/") for rule in rules}


def test_the_six_roles_are_roles():
    roles = re.findall(r"^\| [^|]+ \| `([a-z_]+)` \|", TRAINING, flags=re.MULTILINE)
    assert len(roles) == 6
    assert set(roles) <= set(ROLES)


def test_the_example_batch_is_taken_as_the_text_says(tmp_path):
    workspace = make_workspace(tmp_path / "w", write_boundary(tmp_path / "desa.geojson", DESA))
    ingest(workspace, write_csv(tmp_path / "keluarga.csv", [family(n) for n in range(1, 6)]), period="2025")
    (example,) = re.findall(r"```csv\n(.*?)```", TRAINING, flags=re.DOTALL)
    area = next(iter(DESA))
    (tmp_path / "usulan.csv").write_text(example.replace("KODE", area), encoding="utf-8")
    operator = Actor(name="village_operator", role="village_operator", area=area)
    report = register_batch(workspace, operator, tmp_path / "usulan.csv")
    assert (report.rows, len(report.registered), len(report.refused)) == (4, 1, 3)
    assert {one.code for one in report.refused} == {"nik_damaged", "kind", "area_unknown"}
    again = register_batch(workspace, operator, tmp_path / "usulan.csv")
    assert (len(again.registered), again.unchanged, len(again.refused)) == (0, 1, 3)
