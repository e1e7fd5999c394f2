"""docs/mpm.md: every state, kind, result, action, note, decision and column stands in it, and its example registers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gisapp.cli.updates import updates_command
from gisapp.registry.ingest import ingest
from gisapp.registry.updates.batches import COLUMNS
from gisapp.registry.updates.filled import STATIC
from gisapp.registry.updates.matching import WARNINGS
from gisapp.registry.updates.registration import register_batch
from gisapp.registry.updates.states import ACTIONS, KINDS, REJECTIONS, RESULTS, STATES
from tests.registry.conftest import DESA, family, make_workspace, write_boundary, write_csv
from tests.registry.updates.conftest import STAFF

ROOT = Path(__file__).resolve().parents[2]
MPM = (ROOT / "docs" / "mpm.md").read_text(encoding="utf-8")
NAMES = [*STATES, *KINDS, *RESULTS, *REJECTIONS, *WARNINGS, *ACTIONS, *STATIC]


@pytest.mark.parametrize("name", sorted(set(NAMES)))
def test_every_code_is_documented(name):
    assert f"`{name}`" in MPM or re.search(rf"`[^`]*\b{name}\b[^`]*`", MPM)


@pytest.mark.parametrize("names", COLUMNS.values(), ids=lambda names: names[0])
def test_every_column_of_a_batch_is_documented(names):
    assert all(f"`{name}`" in MPM for name in names)


@pytest.mark.parametrize("command", list(updates_command.commands))
def test_every_command_is_documented(command):
    assert f"| `gisapp updates {command}" in MPM


@pytest.mark.parametrize("action", ACTIONS.values(), ids=lambda action: action.name)
def test_the_permission_of_every_action_is_documented(action):
    row = next(line for line in MPM.splitlines() if line.startswith(f"| `{action.name}` /"))
    assert action.permission in row
    assert all(f"`{state}`" in row for state in action.after)


def test_the_example_is_registered_as_it_stands(tmp_path):
    workspace = make_workspace(tmp_path / "w", write_boundary(tmp_path / "desa.geojson", DESA))
    ingest(workspace, write_csv(tmp_path / "keluarga.csv", [family(1)]), period="2025")
    (example,) = re.findall(r"```csv\n(.*?)```", MPM, flags=re.DOTALL)
    (tmp_path / "usulan.csv").write_text(example, encoding="utf-8")
    report = register_batch(workspace, STAFF, tmp_path / "usulan.csv")
    assert (report.rows, len(report.registered), report.refused) == (2, 2, ())
